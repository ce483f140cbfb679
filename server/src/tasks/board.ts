// The runs that are open, as the runner holds them: what needs looking at, what wants places, what came to an end.
// Decisions are made by pure functions (readiness.ts, recovery.ts, ../pools/admission.ts); here they meet the rows.
import { createHeap } from "../engine/heap.ts";
import { say, sayAll } from "../platform/say.ts";
import type { TaskSeat } from "../pools/gate.ts";
import type { Plan } from "./planFlow.ts";
import { type Outcome, readinessOf } from "./readiness.ts";
import { handleFailure } from "./recovery.ts";
import type { BoardRun, RunFailure, RunnerParts, RunnerReign } from "./runner.types.ts";
import { loadFlowOutcomes, loadLastOutcomes, type OpenRun, type RunChange } from "./runnerStore.ts";

/** The column is an integer of milliseconds, 24.8 days; what takes longer, or seems to after a clock was set, says so much. */
const EXECUTION_MS_MAX = 2_147_483_647;
/** Of results: what is longer stands in the execution. */
const RESULT_MAX = 100_000;
export const isOpenStatus = (status: string) =>
  status === "waiting" || status === "queued" || status === "running";

export function newReign(parts: RunnerParts, epoch: number, seat: TaskSeat): RunnerReign {
  return {
    ...{ parts, epoch, isOver: false, runs: new Map(), byExecution: new Map(), attention: new Set() },
    alarms: createHeap<string>(),
    admission: seat,
    ...{ needers: new Map(), flowRuns: new Map(), flows: new Map(), last: new Map() },
    ...{ changes: [], ended: new Map(), mark: "" },
  };
}

/** What the table says of a run: a new one, one that a person changed, one that ended without us. */
export function put(reign: RunnerReign, row: OpenRun): void {
  const known = reign.runs.get(row.id);
  if (row.mark > reign.mark) reign.mark = row.mark;
  // A pause of its task that was written beside it, and committed later, leaves no mark on it.
  const isSame = known?.mark === row.mark && known.taskIsPaused === row.taskIsPaused;
  if (known && (isSame || known.isStarting)) return;
  if (!isOpenStatus(row.status)) {
    if (known) drop(reign, known, row.status);
    return;
  }
  const { flowId } = row;
  // A run that was opened again counts no more as what it had come to.
  if (flowId !== null) reign.flows.get(flowId)?.set(row.taskId, { ...row, completedMs: null });
  if (known) reign.admission.remove(row.id);
  const run: BoardRun = {
    ...row,
    parsed: JSON.parse(row.plan) as Plan,
    places: JSON.parse(row.resources) as Record<string, number>,
    progressOf: known?.progressOf,
    isStarting: false,
  };
  if (!known) index(reign, run);
  reign.runs.set(row.id, run);
  if (row.status === "running") {
    if (!reign.admission.isHeld(row.id)) reign.admission.hold(itemOf(run), row.admittedMs ?? row.createdMs);
    if (row.executionId !== null) reign.byExecution.set(row.executionId, row.id);
  } else {
    // Whatever it waited for before, it is judged anew.
    reign.attention.add(row.id);
  }
}

/** Who waits for whom, so that an end is not asked of every run there is. */
function index({ needers, flowRuns }: RunnerReign, run: BoardRun): void {
  for (const { taskId } of run.parsed.needs)
    needers.set(taskId, (needers.get(taskId) ?? new Set()).add(run.id));
  if (run.flowId !== null) flowRuns.set(run.flowId, (flowRuns.get(run.flowId) ?? 0) + 1);
}

function unindex({ needers, flowRuns, flows }: RunnerReign, run: BoardRun): void {
  for (const { taskId } of run.parsed.needs) {
    const own = needers.get(taskId);
    own?.delete(run.id);
    if (own?.size === 0) needers.delete(taskId);
  }
  if (run.flowId === null) return;
  const left = (flowRuns.get(run.flowId) ?? 1) - 1;
  flowRuns.set(run.flowId, left);
  if (left > 0) return;
  flowRuns.delete(run.flowId);
  flows.delete(run.flowId);
}

export function drop(reign: RunnerReign, run: BoardRun, status: string): void {
  if (reign.runs.delete(run.id)) unindex(reign, run);
  reign.attention.delete(run.id);
  reign.admission.remove(run.id);
  reign.admission.release(run.id, reign.parts.nowMs());
  if (run.executionId !== null) reign.byExecution.delete(run.executionId);
  noteOutcome(reign, run, status);
}

/** Others may be waiting for exactly this. */
function noteOutcome(reign: RunnerReign, run: BoardRun, status: string): void {
  const outcome = { flowId: run.flowId, taskId: run.taskId, status, completedMs: reign.parts.nowMs() };
  if (run.flowId !== null) reign.flows.get(run.flowId)?.set(run.taskId, outcome);
  if (status !== "skipped") reign.last.set(run.taskId, outcome);
  for (const id of reign.needers.get(run.taskId) ?? [])
    if (reign.runs.get(id)?.status === "waiting") reign.attention.add(id);
}

/** Judges what is to be looked at. Nothing is written here: the changes are gathered. */
export async function judge(reign: RunnerReign): Promise<void> {
  const now = reign.parts.nowMs();
  for (let alarm = reign.alarms.peek(); alarm && alarm.at <= now; alarm = reign.alarms.peek()) {
    reign.alarms.pop();
    const run = reign.runs.get(alarm.value);
    if (run && run.status !== "running") reign.attention.add(alarm.value);
  }
  const looked = [...reign.attention].flatMap((id) => reign.runs.get(id) ?? []);
  await readOutcomes(reign, looked);
  for (const run of looked) {
    reign.attention.delete(run.id);
    if (run.status === "running") continue;
    judgeOne(reign, run, now);
  }
}

function judgeOne(reign: RunnerReign, run: BoardRun, now: number): void {
  const { parsed, flowId } = run;
  const state = readinessOf(
    {
      ...{ needs: isNextAttempt(run) ? [] : parsed.needs, need: parsed.need, onUnmet: parsed.onUnmet },
      window: parsed.window,
      ...{ notBeforeMs: run.notBeforeMs, deadlineMs: run.deadlineMs, onDeadline: parsed.onDeadline },
      isPaused: run.taskIsPaused,
    },
    (taskId): Outcome | undefined => {
      const own = flowId === null ? undefined : reign.flows.get(flowId)?.get(taskId);
      const found = own ?? reign.last.get(taskId);
      return found && { status: found.status, completedMs: found.completedMs, isOfFlow: own !== undefined };
    },
    now,
  );
  if (state.kind === "end")
    return change(reign, run, {
      status: state.status,
      reason: state.reason,
      completedMs: now,
      error: state.status === "failed" ? state.reason.text : null,
    });
  if (state.kind === "wait") {
    reign.admission.remove(run.id);
    if (state.atMs !== undefined) reign.alarms.push(state.atMs, run.id);
    if (run.status !== "waiting" || run.reason?.text !== state.reason.text)
      change(reign, run, { status: "waiting", reason: state.reason });
    return;
  }
  const { deadlineMs } = run;
  // What waits for places only must not miss its deadline unseen.
  if (deadlineMs !== null && parsed.onDeadline === "fail") reign.alarms.push(deadlineMs + 1, run.id);
  if (run.status === "waiting") {
    run.readyMs ??= now;
    change(reign, run, { status: "queued", reason: state.note ?? null, readyMs: run.readyMs });
  }
  reign.admission.add(itemOf(run));
}

/** By its policy: it was let go once, whatever has become of others since. One that a person opened again has no such time. */
function isNextAttempt({ attempt, notBeforeMs }: BoardRun): boolean {
  return attempt > 1 && notBeforeMs !== null;
}

export function itemOf(run: BoardRun) {
  return {
    ...{ id: run.id, orgId: run.orgId, fairKey: run.fairKey, priority: run.priority },
    ...{ sinceMs: run.readyMs ?? run.createdMs, estimatedMs: run.estimatedMs ?? 1_000, places: run.places },
  };
}

/** An execution came to its end: the run with it, or it is tried again, or another task takes its place. */
export function settle(
  reign: RunnerReign,
  run: BoardRun,
  end: { status: string; output?: unknown; failure?: RunFailure },
): { fallback: string } | undefined {
  const now = reign.parts.nowMs();
  const tookMs = Math.min(Math.max(0, Math.round(now - (run.admittedMs ?? now))), EXECUTION_MS_MAX);
  const took = { executionTimeMs: tookMs, completedMs: now };
  if (end.status === "succeeded") {
    change(reign, run, {
      ...took,
      status: "succeeded",
      reason: null,
      result: resultText(end.output),
      progress: 100,
      stage: null,
    });
    return undefined;
  }
  if (end.status !== "failed") {
    const how = end.status === "terminated" ? "terminated" : "cancelled";
    change(reign, run, { ...took, status: "cancelled", reason: say(`task.execution.${how}`, {}) });
    return undefined;
  }
  const failure = end.failure ?? { code: "UNKNOWN", message: "It failed." };
  const error = `${failure.message} (${failure.code})`;
  const decided = handleFailure(run.parsed, failure, run.attempt);
  if (decided.action === "retry") {
    const notBeforeMs = now + (decided.delaySeconds ?? 0) * 1000;
    change(reign, run, {
      status: "waiting",
      attempt: run.attempt + 1,
      notBeforeMs,
      error,
      reason: decided.reason,
      readyMs: null,
    });
    reign.alarms.push(notBeforeMs, run.id);
    reign.attention.add(run.id);
    return undefined;
  }
  if (decided.action === "ignore") {
    change(reign, run, {
      ...took,
      status: "succeeded",
      reason: sayAll([
        say("task.failure.ignored", { message: failure.message, error: failure.code }),
        decided.reason,
      ]),
      error,
      progress: 100,
    });
    return undefined;
  }
  change(reign, run, { ...took, status: "failed", reason: decided.reason, error });
  return decided.action === "fallback" && decided.task !== undefined ? { fallback: decided.task } : undefined;
}

/** In memory at once, in the table with the next write. */
export function change(reign: RunnerReign, run: BoardRun, to: Partial<RunChange> & { status: string }): void {
  const made: RunChange = {
    ...{
      id: run.id,
      orgId: run.orgId,
      taskId: run.taskId,
      flowId: run.flowId,
      from: run.status,
      reason: run.reason,
      notBeforeMs: run.notBeforeMs,
      attempt: run.attempt,
    },
    ...{ readyMs: run.readyMs, completedMs: null, result: null, error: null, executionTimeMs: null },
    ...{ progress: run.progressOf?.percent ?? run.progress, stage: run.progressOf?.stage ?? null },
    ...to,
  };
  const wasRunning = run.status === "running";
  Object.assign(run, {
    ...{ status: made.status, reason: made.reason, notBeforeMs: made.notBeforeMs, attempt: made.attempt },
    ...{ readyMs: made.readyMs, progress: made.progress },
  });
  reign.changes.push(made);
  if (wasRunning && made.status === "waiting") {
    reign.admission.release(run.id, reign.parts.nowMs());
    if (run.executionId !== null) reign.byExecution.delete(run.executionId);
    run.executionId = null;
  }
  if (!isOpenStatus(made.status)) drop(reign, run, made.status);
}

async function readOutcomes(reign: RunnerReign, looked: readonly BoardRun[]): Promise<void> {
  const needing = looked.filter(({ parsed }) => parsed.needs.length > 0);
  const flows = [...new Set(needing.flatMap(({ flowId }) => flowId ?? []))].filter(
    (id) => !reign.flows.has(id),
  );
  if (flows.length > 0) {
    for (const id of flows) reign.flows.set(id, new Map());
    for (const row of await loadFlowOutcomes(reign.parts.pool, flows))
      reign.flows.get(row.flowId ?? "")?.set(row.taskId, row);
    // What is decided and not written yet is newer than what was read.
    for (const { flowId, taskId, status, completedMs } of reign.changes)
      if (flowId !== null) reign.flows.get(flowId)?.set(taskId, { flowId, taskId, status, completedMs });
  }
  const tasks = [...new Set(needing.flatMap(({ parsed }) => parsed.needs.map(({ taskId }) => taskId)))];
  const unknown = tasks.filter((id) => !reign.last.has(id));
  if (unknown.length > 0)
    for (const row of await loadLastOutcomes(reign.parts.pool, unknown)) reign.last.set(row.taskId, row);
}

function resultText(output: unknown): string | null {
  if (output === undefined) return null;
  const text = JSON.stringify(output);
  return text.length <= RESULT_MAX ? text : JSON.stringify({ truncated: true, characters: text.length });
}
