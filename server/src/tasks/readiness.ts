// May a run start, as far as the task itself goes? Pure. Places of pools come afterwards (../pools/admission.ts).
//
//   deadline passed                     -> fail (or go on, late)
//   dependencies met / can still be met -> go on / wait
//   dependencies cannot be met          -> as `onUnmet` says: skip, fail, run all the same, wait for a new run
//   not before, window                  -> wait until then
import type { TaskDependency, TaskWindow } from "@auraos/contract";
import { type Said, say, sayAll } from "../platform/say.ts";
import { openAt } from "./window.ts";

/** What a run of another task has come to, as far as is known. */
export type Outcome = { status: string; completedMs: number | null; isOfFlow: boolean };

export type Needed = Pick<TaskDependency, "on"> & {
  task: string;
  taskId: string;
  withinSeconds?: number | undefined;
};

export type Conditions = {
  needs: readonly Needed[];
  need: "all" | "any";
  onUnmet: "skip" | "fail" | "run" | "wait";
  window: TaskWindow | undefined;
  notBeforeMs: number | null;
  deadlineMs: number | null;
  onDeadline: "fail" | "continue";
  isPaused: boolean;
};

export type Readiness =
  | { kind: "ready"; note?: Said }
  /** `atMs`: to be looked at again then; absent = when another run ends. */
  | { kind: "wait"; reason: Said; atMs?: number }
  | { kind: "end"; status: "skipped" | "failed"; reason: Said };

const ended = ["succeeded", "failed", "cancelled", "skipped"] as const;

export function readinessOf(
  run: Conditions,
  outcomeOf: (taskId: string) => Outcome | undefined,
  nowMs: number,
): Readiness {
  const { deadlineMs } = run;
  if (deadlineMs !== null && isTooLate(run, nowMs))
    return {
      kind: "end",
      status: "failed",
      reason: say("task.deadlinePassed", { at: iso(deadlineMs) }),
    };
  const state = untilDeadline(run, judge(run, outcomeOf, nowMs));
  return state;
}

function judge(
  run: Conditions,
  outcomeOf: (taskId: string) => Outcome | undefined,
  nowMs: number,
): Readiness {
  if (run.isPaused) return { kind: "wait", reason: say("task.paused", {}) };
  const needs = judgeNeeds(run, outcomeOf, nowMs);
  if (needs.kind !== "ready") return needs;
  if (run.notBeforeMs !== null && nowMs < run.notBeforeMs)
    return {
      kind: "wait",
      reason: say("task.notBefore", { at: iso(run.notBeforeMs) }),
      atMs: run.notBeforeMs,
    };
  if (run.window) {
    const at = openAt(run.window, nowMs);
    if (at === undefined) return { kind: "wait", reason: say("task.window.never", {}) };
    if (at > nowMs) {
      const { from, to, timezone } = run.window;
      return {
        kind: "wait",
        reason: say("task.window.opens", { from, to, timezone, at: iso(at) }),
        atMs: at,
      };
    }
  }
  return needs;
}

/** A wait is looked at again when the deadline passes, at the latest. */
/** Its deadline has passed, and it fails for that. */
export function isTooLate(
  { deadlineMs, onDeadline }: Pick<Conditions, "deadlineMs" | "onDeadline">,
  nowMs: number,
): boolean {
  return deadlineMs !== null && nowMs > deadlineMs && onDeadline === "fail";
}

function untilDeadline({ deadlineMs, onDeadline }: Conditions, state: Readiness): Readiness {
  if (state.kind !== "wait" || deadlineMs === null || onDeadline !== "fail") return state;
  return { ...state, atMs: Math.min(state.atMs ?? Number.POSITIVE_INFINITY, deadlineMs + 1) };
}

function judgeNeeds(
  run: Conditions,
  outcomeOf: (taskId: string) => Outcome | undefined,
  nowMs: number,
): Readiness {
  if (run.needs.length === 0) return { kind: "ready" };
  const judged = run.needs.map((one) => ({ one, state: judgeNeed(one, outcomeOf(one.taskId), nowMs) }));
  const met = judged.filter(({ state }) => state.kind === "met");
  const open = judged.filter(({ state }) => state.kind === "open");
  const unmet = judged.filter(({ state }) => state.kind === "unmet");
  const wanted = run.need === "any" ? 1 : run.needs.length;
  if (met.length >= wanted) return { kind: "ready" };
  if (met.length + open.length >= wanted) return { kind: "wait", reason: reasonsOf(open) };
  const why = reasonsOf(unmet);
  if (run.onUnmet === "run") {
    // Even so behind those that may still come to something.
    return open.length > 0
      ? { kind: "wait", reason: reasonsOf(open) }
      : { kind: "ready", note: sayAll([say("task.need.runsAnyway", {}), why]) };
  }
  if (run.onUnmet === "wait")
    return { kind: "wait", reason: sayAll([why, say("task.need.waitsForNew", {})]) };
  return {
    kind: "end",
    status: run.onUnmet === "skip" ? "skipped" : "failed",
    reason: sayAll([why, say("task.need.unmet", {})]),
  };
}

type NeedState = { kind: "met" } | { kind: "open" | "unmet"; reason: Said };

function judgeNeed(need: Needed, outcome: Outcome | undefined, nowMs: number): NeedState {
  const { task } = need;
  if (!outcome) return { kind: "open", reason: say("task.need.notRun", { task }) };
  if (!isEnded(outcome.status)) return { kind: "open", reason: say("task.need.notEnded", { task }) };
  const isOld =
    !outcome.isOfFlow &&
    need.withinSeconds !== undefined &&
    nowMs - (outcome.completedMs ?? 0) > need.withinSeconds * 1000;
  if (isOld)
    return { kind: "open", reason: say("task.need.old", { task, seconds: need.withinSeconds ?? 0 }) };
  if (isMet(need.on, outcome.status)) return { kind: "met" };
  return { kind: "unmet", reason: say(`task.need.${outcome.status}`, { task, wanted: need.on }) };
}

function isMet(on: Needed["on"], status: string): boolean {
  if (on === "completion") return status !== "skipped";
  return on === "success" ? status === "succeeded" : status === "failed";
}

function isEnded(status: string): status is (typeof ended)[number] {
  return ended.some((one) => one === status);
}

function reasonsOf(judged: readonly { state: NeedState }[]): Said {
  const all = judged.flatMap(({ state }) => (state.kind === "met" ? [] : [state.reason]));
  const more = all.length - 3;
  return sayAll(more > 0 ? [...all.slice(0, 3), say("task.need.more", { number: more })] : all);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
