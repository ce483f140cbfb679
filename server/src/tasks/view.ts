// Rows as the API shows them.
import type { Task, TaskGraph, TaskRun } from "@auraos/contract";
import { waysOf } from "./graph.ts";
import { remainingMs } from "./progress.ts";
import type { RunRow } from "./runStore.ts";
import type { DependencyRow, TaskRow } from "./store.ts";

export function taskView(
  row: TaskRow,
  dependencies: readonly DependencyRow[],
  open: RunRow | undefined,
  nowMs: number,
): Task {
  const settings = JSON.parse(row.settings) as Partial<Task>;
  return {
    ...{ id: row.id, name: row.name, priority: row.priority, workflowId: row.workflowId, status: row.status },
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.owner === null ? {} : { owner: row.owner }),
    run: JSON.parse(row.config) as Task["run"],
    ...(row.schedule === null ? {} : { schedule: JSON.parse(row.schedule) as NonNullable<Task["schedule"]> }),
    ...{ need: "all", onUnmet: "skip", onDeadline: "fail", resources: {}, fairKey: "", recovery: [] },
    ...settings,
    dependencies: dependencies
      .filter(({ taskId }) => taskId === row.id)
      .map(({ needsTaskId, needsName, on, withinSeconds }) => ({
        ...{ taskId: needsTaskId, task: needsName, on },
        ...(withinSeconds === null ? {} : { withinSeconds }),
      })),
    ...{ paused: row.paused, nextRunAt: row.nextRunAt?.toISOString() ?? null, measuredMs: row.measuredMs },
    open: open === undefined ? null : runView(open, nowMs),
    ...{ createdBy: row.actor, etag: `"${row.revision}"` },
    ...{ createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() },
  };
}

export function runView(row: RunRow, nowMs: number): TaskRun {
  const elapsedMs = row.startedAt === null ? 0 : Math.max(0, nowMs - row.startedAt.getTime());
  const late = row.deadlineAt !== null && (row.startedAt?.getTime() ?? nowMs) > row.deadlineAt.getTime();
  const estimatedMs = row.estimatedMs === null ? null : Number(row.estimatedMs);
  return {
    ...{ id: row.id, taskId: row.taskId, taskName: row.taskName, flowId: row.flowId, kind: row.kind },
    ...{
      status: row.status,
      reason: row.reason,
      reasonParts: row.reasonParts,
      attempt: row.attempt,
      priority: row.priority,
    },
    due: row.due?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    completedAt: row.completedAt?.toISOString() ?? null,
    executionTimeMs: row.executionTimeMs,
    resources: JSON.parse(row.resources) as Record<string, number>,
    executionId: row.executionId,
    percent: row.progress,
    stage: row.stage,
    remainingMs:
      row.status === "running" ? remainingMs({ percent: row.progress, elapsedMs, estimatedMs }) : null,
    deadlineAt: row.deadlineAt?.toISOString() ?? null,
    isLate: late && row.status !== "skipped" && row.status !== "cancelled",
    ...(row.result === null ? {} : { result: JSON.parse(row.result) as unknown }),
    error: row.error,
  };
}

export function graphView(tasks: readonly TaskRow[], dependencies: readonly DependencyRow[]): TaskGraph {
  const durations = new Map(tasks.map((row) => [row.id, durationOf(row)]));
  const edges = dependencies.map((one) => ({ from: one.needsTaskId, to: one.taskId, on: one.on }));
  const { levels, critical } = waysOf([...durations.keys()], edges, (id) => durations.get(id) ?? 60_000);
  return {
    tasks: tasks.map((row) => ({
      ...{ id: row.id, name: row.name, status: row.status, paused: row.paused },
      ...{ level: levels.get(row.id) ?? 0, isCritical: critical.has(row.id) },
      durationMs: durations.get(row.id) ?? null,
    })),
    edges,
  };
}

function durationOf(row: TaskRow): number | undefined {
  if (row.measuredMs !== null) return Number(row.measuredMs);
  const { estimatedSeconds } = JSON.parse(row.settings) as { estimatedSeconds?: number };
  return estimatedSeconds === undefined ? undefined : estimatedSeconds * 1000;
}
