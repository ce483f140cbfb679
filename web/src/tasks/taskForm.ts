// What the dialog of a task shows of it, and the body that follows: whatever the dialog does not show stays as it is.
import type { Task, TaskDraft } from "../api/tasks.ts";

export type DependencyRow = {
  task: string;
  on: "success" | "failure" | "completion";
  withinSeconds?: number;
};

export type TaskForm = {
  name: string;
  description: string;
  kind: Task["run"]["kind"];
  workflow: string;
  code: string;
  cron: string;
  dependencies: DependencyRow[];
  pool: string;
  places: string;
  priority: string;
  attempts: string;
  deadlineMinutes: string;
};

/** The value of a choice that chooses nothing. */
export const NONE = "none";

export const emptyForm: TaskForm = {
  ...{ name: "", description: "", kind: "workflow", workflow: "", code: "return { done: true };", cron: "" },
  ...{ dependencies: [], pool: NONE, places: "1", priority: "0", attempts: "1", deadlineMinutes: "" },
};

export function formOf(task: Task): TaskForm {
  const { run, schedule, resources, deadlineSeconds } = task;
  const [pool, places] = Object.entries(resources)[0] ?? [NONE, 1];
  return {
    ...{ name: task.name, description: task.description ?? "", kind: run.kind, pool, places: String(places) },
    workflow: run.kind === "workflow" ? (task.workflowId ?? run.workflow) : "",
    code: run.kind === "script" ? run.code : emptyForm.code,
    cron: schedule?.cron ?? "",
    dependencies: task.dependencies.map(({ taskId, on, withinSeconds }) => ({
      ...{ task: taskId, on },
      ...(withinSeconds === undefined ? {} : { withinSeconds }),
    })),
    priority: String(task.priority),
    attempts: String(task.retry?.attempts ?? 1),
    deadlineMinutes: deadlineSeconds === undefined ? "" : String(deadlineSeconds / 60),
  };
}

/** Runs by something that the dialog cannot show: an interval or a rule. */
export function hasOtherSchedule(task: Task | null): boolean {
  return task?.schedule !== undefined && task.schedule.cron === undefined;
}

export function bodyOf(form: TaskForm, of: Task | null): TaskDraft {
  const attempts = Number(form.attempts) || 1;
  const deadline = Number(form.deadlineMinutes);
  const dependencies = form.dependencies.filter(({ task }) => task !== "");
  const schedule = scheduleOf(form, of);
  const retry =
    attempts > 1
      ? { delaySeconds: 10, factor: 2, maxDelaySeconds: 3_600, ...of?.retry, attempts }
      : undefined;
  const description = form.description.trim();
  return {
    ...keptOf(of),
    ...{ name: form.name.trim(), run: runOf(form, of), priority: Number(form.priority) || 0, dependencies },
    resources: resourcesOf(form, of),
    ...(description === "" ? {} : { description }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(retry === undefined ? {} : { retry }),
    ...(deadline > 0 ? { deadlineSeconds: Math.round(deadline * 60) } : {}),
  };
}

function keptOf(of: Task | null): Partial<TaskDraft> {
  if (of === null) return {};
  const { need, onUnmet, onDeadline, window, estimatedSeconds, fairKey, recovery, owner, paused } = of;
  return {
    ...{ need, onUnmet, onDeadline, fairKey, recovery, paused },
    ...(window === undefined ? {} : { window }),
    ...(estimatedSeconds === undefined ? {} : { estimatedSeconds }),
    ...(owner === undefined ? {} : { owner }),
  };
}

function runOf(form: TaskForm, of: Task | null): TaskDraft["run"] {
  const before = of?.run;
  if (form.kind === "script")
    return { ...(before?.kind === "script" ? before : {}), kind: "script", code: form.code };
  if (form.kind === "node" && before?.kind === "node") return before;
  return { ...(before?.kind === "workflow" ? before : {}), kind: "workflow", workflow: form.workflow };
}

function scheduleOf(form: TaskForm, of: Task | null): TaskDraft["schedule"] {
  const cron = form.cron.trim();
  if (cron === "") return hasOtherSchedule(of) ? of?.schedule : undefined;
  if (of?.schedule?.cron !== undefined) return { ...of.schedule, cron };
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { cron, timezone, missed: "last", overlap: "skip" };
}

/** Of several pools the first is shown; the others stay. */
function resourcesOf(form: TaskForm, of: Task | null): Record<string, number> {
  const others = Object.entries(of?.resources ?? {}).slice(1);
  const own = form.pool === NONE ? [] : [[form.pool, Math.max(1, Number(form.places) || 1)] as const];
  return Object.fromEntries([...own, ...others.filter(([name]) => name !== form.pool)]);
}
