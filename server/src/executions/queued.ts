// Executions that were accepted and wait for their place, of their workflow (`settings.concurrency`) or of a pool: there is
// no row of them yet, and whoever was told the id of one finds it all the same, with why it waits.
import type { Execution } from "@auraos/contract";
import { collapse } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import type { StartRequest } from "../engine/engine.types.ts";
import type { Caller } from "../platform/http.ts";
import { explainStart } from "../pools/explain.ts";
import { startedMsOf } from "./executionTime.ts";

/** `caller` sees those of its own organization. */
export function findQueued(deps: Deps, caller: Pick<Caller, "orgId">, id: string): StartRequest | undefined {
  const request = deps.engine.queued(id);
  return request?.orgId === caller.orgId ? request : undefined;
}

export async function showQueued(deps: Deps, id: string, request: StartRequest): Promise<Execution> {
  const { workflowId, workflowName, versionId, mode, trigger, items } = request;
  const { version } = (await deps.programs.definitionOf(versionId)) ?? { version: null };
  return {
    ...{ id, workflowId, workflowName, versionId, version, mode },
    status: "waiting",
    trigger: trigger ?? null,
    parentId: null,
    originId: null,
    startedAt: new Date(startedMsOf(id)).toISOString(),
    completedAt: null,
    durationMs: null,
    error: null,
    input: collapse(items),
    output: null,
    failure: null,
    reply: null,
    seq: 0,
    timeline: [],
    waits: [],
    parked: [],
    queue: await queueOf(deps, id, request),
  };
}

/** Why an execution has not begun; undefined = it has, or is none. */
export async function whyQueued(
  deps: Deps,
  caller: Pick<Caller, "orgId">,
  id: string,
): Promise<string | undefined> {
  const request = findQueued(deps, caller, id);
  return request && (await queueOf(deps, id, request)).reason;
}

async function queueOf(
  deps: Deps,
  id: string,
  request: StartRequest,
): Promise<NonNullable<Execution["queue"]>> {
  const since = new Date(startedMsOf(id)).toISOString();
  const atGate = deps.gate.waiting(id);
  if (atGate !== undefined) {
    const { places, before } = atGate;
    return { reason: explainStart(atGate), pools: Object.keys(places), before, since };
  }
  const found = await deps.programs.definitionOf(request.versionId);
  const limit = found?.definition.settings?.concurrency?.limit;
  const key = request.concurrencyKey ? ` for "${request.concurrencyKey}"` : "";
  const reason =
    limit === undefined
      ? "It is about to start."
      : `"${request.workflowName}" has ${limit} open ${limit === 1 ? "execution" : "executions"}${key} at a time, and has them.`;
  return { reason, pools: [], before: null, since };
}
