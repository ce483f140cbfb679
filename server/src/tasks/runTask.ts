// What people do with runs: start a flow, cancel, run again what failed.
import type { Json } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { control } from "../executions/controlExecution.ts";
import { startKey } from "../executions/startExecution.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { say } from "../platform/say.ts";
import { downstreamOf } from "./graph.ts";
import { manualKey, planFlow } from "./planFlow.ts";
import { cancelWaiting, findRun, listRuns, type RunRow, reopenRuns } from "./runStore.ts";
import { findTask, listDependencies } from "./store.ts";

export type ExecuteTask = {
  id: string;
  input: unknown;
  downstream: boolean;
  upstream: boolean;
  delaySeconds: number | undefined;
  idempotencyKey: string | undefined;
};

export async function executeTask(
  deps: Deps,
  caller: Caller,
  request: ExecuteTask,
): Promise<{ flowId: string; runId: string; runs: RunRow[] }> {
  const { orgId, envId, actor } = caller;
  // Refuses keys that cannot be one.
  startKey(request.idempotencyKey, "task", Buffer.alloc(0));
  const now = deps.nowMs();
  const flow = await withTenant(deps.api, orgId, async (tx) => {
    const planned = await planFlow(
      tx,
      {
        ...{ orgId, envId, taskId: request.id, kind: "manual", actor, dueMs: now },
        key: manualKey(request.idempotencyKey, deps.newId()),
        ...{ downstream: request.downstream, upstream: request.upstream, ignoresNeeds: true },
        notBeforeMs: request.delaySeconds === undefined ? undefined : now + request.delaySeconds * 1000,
        input: request.input as Json | undefined,
      },
      deps.newId,
    );
    if (!planned) throw notFound("task with this id", "GET /api/v1/tasks lists those there are.");
    const runs = await listRuns(tx, {
      ...{ orgId, task: null, flow: planned.flowId, status: null, isOpen: false, before: null, limit: 500 },
    });
    return { flowId: planned.flowId, runId: planned.runId, runs };
  });
  deps.tasks.sync();
  return flow;
}

export async function cancelRun(deps: Deps, caller: Caller, id: string): Promise<void> {
  const { orgId, actor } = caller;
  const run = await withTenant(deps.api, orgId, async (tx) => {
    const found = await findRun(tx, orgId, id, { lock: true });
    if (!found) throw notFound("run with this id", "GET /api/v1/tasks/runs lists those there are.");
    const isCancelled = await cancelWaiting(tx, { orgId, id, reason: say("task.cancelledBy", { actor }) });
    return { ...found, isCancelled };
  });
  deps.tasks.sync();
  if (run.isCancelled) return;
  if (run.status !== "running")
    throw refuse(409, "RUN_CLOSED", `The run has ended: ${run.status}.`, "Run it again.");
  if (run.executionId === null && run.reason !== null)
    throw refuse(
      409,
      "RUN_HELD_UP",
      `The run has its places and is held up: ${run.reason}`,
      "Lift what holds it up: then it starts, and can be cancelled.",
    );
  if (run.executionId === null)
    throw refuse(409, "RUN_STARTING", "The run is being started at this moment.", "Try again in a second.");
  await control(deps, caller, run.executionId, {
    ...{ type: "CancelRequested", reason: "The run of the task was cancelled.", by: actor },
  });
}

/** With those of its flow that were skipped because of it. */
export async function retryRun(deps: Deps, caller: Caller, id: string): Promise<void> {
  const { orgId, actor } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const run = await findRun(tx, orgId, id, { lock: true });
    if (!run) throw notFound("run with this id", "GET /api/v1/tasks/runs lists those there are.");
    if (!["failed", "cancelled", "skipped"].includes(run.status))
      throw refuse(409, "RUN_NOT_FAILED", `The run is ${run.status}.`, "Only what failed is run again.");
    const flow = await listRuns(tx, {
      ...{ orgId, task: null, flow: run.flowId, status: null, isOpen: false, before: null, limit: 500 },
    });
    const edges = (await listDependencies(tx, orgId, null)).map((one) => ({
      from: one.needsTaskId,
      to: one.taskId,
    }));
    const behind = downstreamOf(edges, [run.taskId]);
    const skipped = flow.filter((one) => one.status === "skipped" && behind.has(one.taskId));
    await reopenRuns(tx, {
      ...{ orgId, ids: [id, ...skipped.map((one) => one.id)], reason: say("task.againBy", { actor }) },
    });
  });
  deps.tasks.sync();
}

export async function ownTaskRow(deps: Deps, caller: Caller, id: string) {
  const row = await withTenant(deps.api, caller.orgId, (tx) => findTask(tx, caller.orgId, id));
  if (!row) throw notFound("task with this id", "GET /api/v1/tasks lists those there are.");
  return row;
}
