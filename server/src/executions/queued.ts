// Executions that were accepted and wait for their place, of their workflow (`settings.concurrency`) or of a pool: there is
// no row of them yet, and whoever was told the id of one finds it all the same, with why it waits.
import type { Execution } from "@auraos/contract";
import { collapse } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import type { StartRequest } from "../engine/engine.types.ts";
import type { Caller } from "../platform/http.ts";
import { reasonView, type Said, say } from "../platform/say.ts";
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
): Promise<Said | undefined> {
  const request = findQueued(deps, caller, id);
  if (request === undefined) return undefined;
  const { reason, reasonParts } = await queueOf(deps, id, request);
  return { text: reason, parts: reasonParts };
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
    return { ...reasonView(explainStart(atGate)), pools: Object.keys(places), before, since };
  }
  const found = await deps.programs.definitionOf(request.versionId);
  const limit = found?.definition.settings?.concurrency?.limit;
  return { ...reasonView(whyFull(request, limit)), pools: [], before: null, since };
}

function whyFull({ workflowName, concurrencyKey }: StartRequest, limit: number | undefined): Said {
  if (limit === undefined) return say("pool.soon", {});
  const about = { workflow: workflowName, count: limit };
  return concurrencyKey
    ? say("workflow.fullForKey", { ...about, key: concurrencyKey })
    : say("workflow.full", about);
}
