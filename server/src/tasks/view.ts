// Rows as the API shows them.
import type { Task, TaskRun } from "@auraos/contract";
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
