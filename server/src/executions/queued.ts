// Executions that were accepted and wait for their place (`settings.concurrency`): there is no row of them yet, and whoever
// was told the id of one finds it all the same.
import type { Execution } from "@auraos/contract";
import { collapse } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import type { StartRequest } from "../engine/engine.types.ts";
import type { Caller } from "../platform/http.ts";
import { startedMsOf } from "./executionTime.ts";

/** `caller` sees those of its own organization. */
export function findQueued(deps: Deps, caller: Caller, id: string): StartRequest | undefined {
  const request = deps.engine.queued(id);
  return request?.orgId === caller.orgId ? request : undefined;
}

export function showQueued(id: string, request: StartRequest): Execution {
  const { workflowId, workflowName, versionId, mode, trigger, items } = request;
  return {
    ...{ id, workflowId, workflowName, versionId, version: null, mode },
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
  };
}
