// What tasks promise: a due time and a request are planned once, every run comes to an end, an attempt is one execution,
// what it hangs on has come to what was wanted, and what is said about an end is what happened.
import type { Execution } from "../engine.ts";
import { hasClockSetBack, hasStalls, type ServiceEvidence } from "./all.ts";

export type RunRow = {
  id: string;
  task_id: string;
  flow_id: string;
  kind: "manual" | "schedule" | "dependency";
  key: string;
  status: string;
  attempt: number;
  due: Date;
  created_at: Date;
  ready_at: Date | null;
  admitted_at: Date | null;
  deadline_at: Date | null;
  reason: string | null;
  progress: number;
};

const LATE_MS = 60_000;
const finals = new Set(["succeeded", "failed", "cancelled", "skipped"]);

export async function checkTasks(evidence: ServiceEvidence): Promise<number> {
  const { database, verdict, engines, people, isQuiet } = evidence;
  const rows = (await database.admin(
    `SELECT id, task_id, flow_id, kind, key, status, attempt, due, created_at, ready_at, admitted_at, deadline_at, reason, progress
     FROM task_executions ORDER BY id`,
  )) as RunRow[];
  const runs = new Map(rows.map((row) => [row.id, row]));
  const isForEver = new Set(waitForEver(rows, people.tasks));
  const attempts = new Map<string, Execution[]>();
  for (const execution of engines.executions) {
    const [what, run = "", attempt] = (execution.request.cause ?? "").split("/");
    if (what !== "task") continue;
    const own = attempts.get(run) ?? [];
    if (own.some(({ request }) => request.cause === execution.request.cause))
      verdict.duplicated("attempt-twice", `attempt ${attempt} of run ${run} was started twice`);
    own.push(execution);
    attempts.set(run, own);
    if (!runs.has(run)) verdict.illegal("run-unknown", `${run} was started and is in no table`);
  }
  for (const [key, flowId] of people.flows)
    if (!rows.some((row) => row.flow_id === flowId))
      verdict.lost("flow-lost", `the flow of ${key} was answered and is not there`);
  for (const row of rows) {
    if (isQuiet && !finals.has(row.status) && !isForEver.has(row.id))
      verdict.lost("run-never-ends", `run ${row.id} is ${row.status}: ${row.reason}`);
    if (isQuiet && row.status === "waiting") checkNeverRan(evidence, row, rows);
    checkRun(evidence, row, attempts.get(row.id) ?? [], rows);
  }
  for (const flow of Map.groupBy(rows, ({ flow_id }) => flow_id).values())
    checkFlow(evidence, flow, attempts);
  checkPlanned(evidence, rows);
  return rows.length;
}

/**
 * Runs that hang on a task that has never run, and is not of their flow: they wait for it, and what hangs on them does
 * too.
 */
export function waitForEver(
  rows: readonly Pick<RunRow, "id" | "task_id" | "flow_id" | "status" | "reason">[],
  tasks: readonly { id: string; name: string }[],
): string[] {
  const names = new Map(tasks.map(({ id, name }) => [id, name]));
  const waiting = rows.filter(({ status }) => status === "waiting");
  const found = new Set<string>();
  const isFound = ({ flow_id, reason }: (typeof waiting)[number]): boolean =>
    /has not run yet\./.test(reason ?? "") ||
    waiting.some(
      (one) =>
        one.flow_id === flow_id &&
        found.has(one.id) &&
        (reason ?? "").includes(`"${names.get(one.task_id)}" has not ended yet.`),
    );
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const row of waiting) if (isFound(row)) found.add(row.id);
  }
  return [...found];
}

/** Who waits for a task that has never run says so of one that has never run. */
function checkNeverRan({ verdict, people }: ServiceEvidence, row: RunRow, rows: readonly RunRow[]): void {
  for (const [, name] of (row.reason ?? "").matchAll(/"([^"]+)" has not run yet\./g)) {
    const task = people.tasks.find((one) => one.name === name);
    const ran = rows.find(
      ({ task_id, status }) => task_id === task?.id && ["succeeded", "failed", "cancelled"].includes(status),
    );
    if (ran)
      verdict.lost("waits-for-nothing", `run ${row.id} waits for ${name}, and ${ran.id} ${ran.status}`);
  }
}

function checkRun(
  evidence: ServiceEvidence,
  row: RunRow,
  own: readonly Execution[],
  rows: readonly RunRow[],
): void {
  const { verdict, people } = evidence;
  const task = people.tasks.find(({ id }) => id === row.task_id);
  if (task === undefined) return verdict.illegal("task-unknown", `run ${row.id} is of no task`);
  if (own.length > task.attempts)
    verdict.duplicated(
      "too-many-attempts",
      `run ${row.id} of ${task.name} had ${own.length} attempts, ${task.attempts} are wanted`,
    );
  const last = own.at(-1);
  if (row.status === "succeeded" && last?.status !== "succeeded")
    verdict.illegal(
      "wrong-end",
      `run ${row.id} of ${task.name} succeeded, and its last execution ${last?.status ?? "was never started"}`,
    );
  if (
    row.status === "failed" &&
    last !== undefined &&
    last.status !== "failed" &&
    !/DEADLINE/.test(row.reason ?? "")
  )
    verdict.illegal(
      "wrong-end",
      `run ${row.id} of ${task.name} failed, and its last execution ${last.status}`,
    );
  if (row.status === "succeeded" && row.progress !== 100)
    verdict.illegal("progress", `run ${row.id} succeeded at ${row.progress} percent`);
  if (
    row.status === "failed" &&
    last?.status === "failed" &&
    own.length < task.attempts &&
    !/DEADLINE/.test(row.reason ?? "")
  )
    verdict.lost(
      "attempts-left",
      `run ${row.id} of ${task.name} failed after ${own.length} of ${task.attempts} attempts: ${row.reason}`,
    );
  if (row.status === "cancelled" && own.length > 0 && last?.status === "succeeded")
    verdict.illegal("wrong-end", `run ${row.id} was cancelled, and its execution succeeded`);
  const isSteady = !hasClockSetBack(evidence) && !hasStalls(evidence);
  for (const [at, execution] of own.entries()) {
    const before = own[at - 1];
    if (!before) continue;
    if (before.endMs === null || before.endMs > execution.startMs)
      verdict.duplicated(
        "attempts-overlap",
        `run ${row.id}: attempt ${at + 1} started before ${at} had ended`,
      );
    const dueMs = (before.endWallMs ?? 0) + task.delaySeconds * 1_000;
    if (isSteady && execution.askedWallMs < dueMs - 1)
      verdict.illegal(
        "attempt-early",
        `run ${row.id}: attempt ${at + 1} came ${Math.round(dueMs - execution.askedWallMs)} ms early`,
      );
  }
  const first = own[0];
  // Places are taken in time or not at all; the start may have to wait for an engine.
  const takenMs = evidence.admitted.find(({ runId }) => runId === row.id)?.wallMs;
  const isLate = takenMs !== undefined && takenMs - (row.deadline_at?.getTime() ?? takenMs) > 5_000;
  if (first && isSteady && isLate)
    verdict.illegal(
      "after-deadline",
      `run ${row.id} of ${task.name} took its places long after its deadline`,
    );
  if (row.kind === "schedule" && task.overlap === "skip" && first) {
    const open = rows.find(
      (other) =>
        other.task_id === row.task_id &&
        other.kind === "schedule" &&
        other.id < row.id &&
        isOpenAt(evidence, other, first.startMs),
    );
    if (open)
      verdict.illegal(
        "task-overlap",
        `run ${row.id} of ${task.name} (skip) started while ${open.id} was open`,
      );
  }
}

function isOpenAt({ engines }: ServiceEvidence, row: RunRow, atMs: number): boolean {
  const own = engines.executions.filter(({ request }) => request.cause?.startsWith(`task/${row.id}/`));
  return own.some(({ startMs, endMs }) => startMs <= atMs && (endMs ?? Number.POSITIVE_INFINITY) > atMs);
}

/** Runs of one flow are judged by each other. */
function checkFlow(
  evidence: ServiceEvidence,
  flow: readonly RunRow[],
  attempts: ReadonlyMap<string, Execution[]>,
): void {
  const { verdict, people, isQuiet } = evidence;
  const names = new Map(people.tasks.map((task) => [task.id, task]));
  const byName = new Map(flow.map((row) => [names.get(row.task_id)?.name ?? "", row]));
  for (const row of flow) {
    const task = names.get(row.task_id);
    // A person who says run means now, whatever it hangs on.
    if (task === undefined || task.needs.length === 0 || row.kind !== "dependency") continue;
    const inFlow = task.needs.flatMap((need) => ({ need, row: byName.get(need.task) }));
    if (inFlow.some((one) => one.row === undefined)) continue;
    const states = inFlow.map((one) => ({ ...one, isMet: isMet(one.need.on, one.row?.status ?? "") }));
    const met = states.filter((one) => one.isMet).length;
    const isFulfilled = met >= (task.need === "any" ? 1 : states.length);
    const [first] = attempts.get(row.id) ?? [];
    if (first !== undefined) {
      if (!isFulfilled && task.onUnmet !== "run" && isQuiet)
        verdict.illegal(
          "ran-unmet",
          `${task.name} ran, and what it hangs on came to ${states.map((one) => one.row?.status).join()}`,
        );
      const needed = task.need === "all" || task.onUnmet === "run" ? states : [];
      for (const one of task.need === "any" ? [] : needed) {
        const ends = (attempts.get(one.row?.id ?? "") ?? []).map(
          ({ endMs }) => endMs ?? Number.POSITIVE_INFINITY,
        );
        if (ends.length > 0 && Math.max(...ends) > first.startMs)
          verdict.illegal("ran-before", `${task.name} started before ${one.need.task} had ended`);
      }
      if (task.need === "any" && task.onUnmet !== "run") {
        const ends = states
          .filter((one) => one.isMet)
          .map((one) =>
            Math.max(
              0,
              ...(attempts.get(one.row?.id ?? "") ?? []).map(
                ({ endMs }) => endMs ?? Number.POSITIVE_INFINITY,
              ),
            ),
          );
        if (ends.length > 0 && Math.min(...ends) > first.startMs)
          verdict.illegal("ran-before", `${task.name} started before any of what it hangs on had ended`);
      }
    }
    const isUnmet = /DEPENDENCY_UNMET/.test(row.reason ?? "");
    if (isUnmet && isFulfilled && isQuiet)
      verdict.lost(
        "skipped-though-met",
        `${task.name} came to ${row.status}, and what it hangs on came to ${states.map((one) => one.row?.status).join()}`,
      );
    if (isUnmet && row.status !== (task.onUnmet === "fail" ? "failed" : "skipped"))
      verdict.illegal("wrong-unmet", `${task.name} (${task.onUnmet}) came to ${row.status}`);
  }
}

function isMet(on: "success" | "failure" | "completion", status: string): boolean {
  if (on === "completion") return ["succeeded", "failed", "cancelled"].includes(status);
  return status === (on === "success" ? "succeeded" : "failed");
}

/** Of the times at which a task is due: each is planned once, was passed over for a later one, or says why not. */
function checkPlanned(evidence: ServiceEvidence, rows: readonly RunRow[]): void {
  const { verdict, people, endedWallMs } = evidence;
  const isSteady = !hasClockSetBack(evidence);
  // Between the decision and its row the clock may have been set.
  const isSet = evidence.plan.moments.some(({ do: deed }) => deed.kind === "warp" || deed.kind === "jump");
  for (const task of people.tasks) {
    const { everyMs } = task;
    if (everyMs === null) continue;
    const own = rows.filter(({ task_id, kind }) => task_id === task.id && kind === "schedule");
    const byDue = Map.groupBy(own, ({ due }) => due.getTime());
    for (const [due, same] of byDue) {
      if (same.length > 1)
        verdict.duplicated(
          "planned-twice",
          `${task.name} was planned twice for ${new Date(due).toISOString()}`,
        );
      if (due % everyMs !== 0)
        verdict.illegal("task-not-due", `${task.name} was planned for ${new Date(due).toISOString()}`);
      const late = (same[0]?.created_at.getTime() ?? 0) - due;
      if (task.missed === "none" && !isSet && late > LATE_MS + 5_000)
        verdict.illegal("task-missed", `${task.name} (none) was planned ${late} ms after it was due`);
    }
    const dues = [...byDue.keys()].sort((a, b) => a - b);
    // What is due in a pause is not wanted, and the clock goes on from its end.
    const isPaused = (fromMs: number, toMs: number): boolean =>
      (people.pausedTasks.get(task.id) ?? []).some(
        (pause) => pause.fromMs <= toMs && pause.toMs >= fromMs - everyMs,
      );
    for (const [at, due] of dues.entries()) {
      const next = dues[at + 1] ?? endedWallMs;
      const plannedMs = byDue.get(next)?.[0]?.created_at.getTime() ?? Number.POSITIVE_INFINITY;
      // Everything between two that were planned was overdue when the later one was.
      for (
        let between = due + everyMs;
        between < next && isSteady && dues[at + 1] !== undefined;
        between += everyMs
      )
        if (task.missed === "last" && between + everyMs > plannedMs + 1 && !isPaused(due, next))
          verdict.lost(
            "task-due-lost",
            `${task.name} was never planned for ${new Date(between).toISOString()}`,
          );
    }
    const newest = dues.at(-1);
    if (
      task.missed === "last" &&
      newest !== undefined &&
      isSteady &&
      endedWallMs - newest > everyMs + 3_000 &&
      !isPaused(newest, endedWallMs)
    )
      verdict.lost(
        "task-due-lost",
        `${task.name} was planned last for ${new Date(newest).toISOString()}, and the time went on to ${new Date(endedWallMs).toISOString()}`,
      );
  }
}
