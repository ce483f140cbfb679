// optimizeSchedule over the runs that wait now: measured before and after, applied only when it is asked for and better.
// Applied means priorities: the queue then gives this order, and waiting still raises what is passed over.
import type { Optimization } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import type { Caller } from "../platform/http.ts";
import { slotsOf } from "../pools/findPools.ts";
import { waysOf } from "./graph.ts";
import { optimise, type Waiting } from "./optimise.ts";
import { listRuns, type RunRow, reprioritise } from "./runStore.ts";
import { listDependencies } from "./store.ts";

const RUNS_MAX = 500;
const DURATION_MS = 60_000;
const PRIORITY_MAX = 100;

export async function optimizeTasks(
  deps: Deps,
  caller: Caller,
  request: { apply: boolean; slots: number | undefined },
): Promise<Optimization> {
  const { orgId } = caller;
  const now = deps.nowMs();
  const result = await withTenant(deps.api, orgId, async (tx) => {
    const all = { orgId, task: null, flow: null, status: null, isOpen: true, before: null, limit: RUNS_MAX };
    const open = await listRuns(tx, all);
    const waiting = open.filter(({ status }) => status !== "running").toSorted(byQueue);
    const names = new Set(waiting.flatMap(({ resources }) => Object.keys(JSON.parse(resources) as object)));
    const slots = request.slots ?? (await slotsOf(tx, orgId, [...names])) ?? 1;
    const dependencies = await listDependencies(tx, orgId, null);
    const edges = dependencies.map((one) => ({ from: one.needsTaskId, to: one.taskId }));
    const runs = waiting.map((run) => waitingOf(run, waiting, edges, now));
    const { rule, ...measured } = optimise(runs, slots);
    if (!request.apply || rule === undefined) return { ...measured, isApplied: false };
    // The first gets the highest; a step is worth a minute of waiting, so the order holds for a while and not for ever.
    const count = measured.order.length;
    const wanted = measured.order.map(({ runId, reason, reasonParts }, place) => ({
      ...{ id: runId, reason: { text: reason, parts: reasonParts } },
      priority: Math.round(PRIORITY_MAX - (2 * PRIORITY_MAX * place) / Math.max(1, count - 1)),
    }));
    await reprioritise(tx, orgId, wanted);
    return { ...measured, isApplied: true };
  });
  if (result.isApplied) deps.tasks.sync();
  return result;
}

function byQueue(a: RunRow, b: RunRow): number {
  return b.priority - a.priority || a.createdAt.getTime() - b.createdAt.getTime();
}

function waitingOf(
  run: RunRow,
  all: readonly RunRow[],
  edges: readonly { from: string; to: string }[],
  now: number,
): Waiting {
  const flow = all.filter(({ flowId }) => flowId === run.flowId);
  const inFlow = new Map(flow.map((one) => [one.taskId, one]));
  const own = edges.filter(({ from, to }) => inFlow.has(from) && inFlow.has(to));
  const duration = (taskId: string) => inFlow.get(taskId)?.estimatedMs ?? DURATION_MS;
  const { tails } = waysOf([...inFlow.keys()], own, duration);
  const places = Object.values(JSON.parse(run.resources) as Record<string, number>);
  return {
    ...{ runId: run.id, taskId: run.taskId, task: run.taskName, priority: run.priority, readyInMs: 0 },
    durationMs: run.estimatedMs ?? DURATION_MS,
    deadlineInMs: run.deadlineAt === null ? null : run.deadlineAt.getTime() - now,
    places: Math.max(1, ...places),
    after: own.filter(({ to }) => to === run.taskId).flatMap(({ from }) => inFlow.get(from)?.id ?? []),
    tailMs: tails.get(run.taskId) ?? DURATION_MS,
  };
}
