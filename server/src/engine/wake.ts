// Timers. What is in memory is waited for in a heap; what has left memory has its time in the executions row, and only
// the earliest of those times is known here. When it comes, the due ones are loaded, a page at a time: the next page
// while the turns of the last one are on their way to the storage, from which its rows still seem due.
//
// Invariants:
//   T1 a timer is never early, and fires by the next turn of its execution (there are no timer events)
//   T2 the row's time is committed before an execution leaves memory, so no timer is lost in between
import { messageOf } from "./errors.ts";
import type { LiveExecution, WakeTimer } from "./execution.ts";
import { createHeap } from "./heap.ts";
import { LOAD_PAGE } from "./limits.ts";
import { enqueue, type Reign } from "./reign.ts";

/** When everything due is in memory already and only waits for its commit, or more waits than one flush can hold. */
const RECHECK_MS = 10;
const RETRY_MS = 500;

export type Wakes = {
  arm(exec: LiveExecution, atMs: number | null): void;
  /** An execution has left memory with this time in its row. */
  expectCold(atMs: number): void;
  /** Begins to look for due executions in the storage. */
  begin(): void;
  close(): void;
};

/** The heap keeps its entry until its time; the execution must not stay in memory for that. */
export function disarm(exec: LiveExecution): void {
  if (exec.timer !== null) exec.timer.exec = null;
  exec.timer = null;
}

export function createWakes(reignOf: () => Reign): Wakes {
  const near = createHeap<WakeTimer>();
  let coldMs = Infinity;
  /** The last row of the page before; undefined = the next look begins with the earliest. */
  let after: { executionId: string; wakeAtMs: number } | undefined;
  let timerMs = Infinity;
  let cancelTimer: (() => void) | null = null;
  let hasBegun = false;
  let isLoading = false;
  let isClosed = false;

  function plan(): void {
    const next = Math.min(near.peek()?.at ?? Infinity, hasBegun && !isLoading ? coldMs : Infinity);
    if (isClosed || next >= timerMs) return;
    cancelTimer?.();
    timerMs = next;
    const { clock } = reignOf().deps;
    cancelTimer = clock.setTimer(Math.max(0, next - clock.now()), onTimer);
  }

  function expect(atMs: number): void {
    coldMs = Math.min(coldMs, atMs);
  }

  function onTimer(): void {
    cancelTimer = null;
    timerMs = Infinity;
    const reign = reignOf();
    if (isClosed || reign.isOver || reign.isStopping) return;
    const nowMs = reign.deps.clock.now();
    for (let first = near.peek(); first !== undefined && first.at <= nowMs; first = near.peek()) {
      near.pop();
      const { exec } = first.value;
      if (exec === null) continue;
      exec.timer = null;
      if (!exec.isPoisoned) enqueue(reign, exec);
    }
    if (hasBegun && !isLoading && coldMs <= nowMs) void loadDue(reign, nowMs);
    plan();
  }

  async function loadDue(reign: Reign, nowMs: number): Promise<void> {
    const isDue = (row: { wakeAtMs: number | null }): row is { executionId: string; wakeAtMs: number } =>
      row.wakeAtMs !== null && row.wakeAtMs <= nowMs;
    isLoading = true;
    // What leaves memory from here on tells of itself (`expectCold`) and may be missing from what is read.
    coldMs = Infinity;
    try {
      const rows = await reign.deps.store.dueExecutions(nowMs, LOAD_PAGE, after);
      // Those without a time are running: they are in memory, or were loaded at takeover.
      const due = rows.filter(isDue);
      const cold = due.filter((row) => !reign.live.has(row.executionId));
      await Promise.all(cold.map((row) => reign.loader.get(row.executionId)));
      const isFromTheFirst = after === undefined;
      // A page that is in memory already says that the storage is behind: reading on would only find more of the same.
      after = cold.length > 0 && due.length === LOAD_PAGE ? due.at(-1) : undefined;
      const isBehind = reign.lane.size() > reign.limits.turnsPerFlushMax;
      // Only a look that began with the earliest, and found nothing, has seen that nothing is due.
      if (due.length === 0 && isFromTheFirst) expect((await reign.deps.store.nextWake(nowMs)) ?? Infinity);
      else expect(isBehind || cold.length === 0 ? nowMs + RECHECK_MS : nowMs);
    } catch (error) {
      reign.deps.log("warn", "due executions could not be read", { error: messageOf(error) });
      after = undefined;
      expect(nowMs + RETRY_MS);
    }
    isLoading = false;
    if (!isClosed) plan();
  }

  return {
    arm: (exec, atMs) => {
      if (atMs === (exec.timer?.atMs ?? null)) return;
      disarm(exec);
      if (atMs === null) return;
      exec.timer = { atMs, exec };
      near.push(atMs, exec.timer);
      plan();
    },
    expectCold: (atMs) => {
      expect(atMs);
      plan();
    },
    begin: () => {
      hasBegun = true;
      coldMs = 0;
      plan();
    },
    close: () => {
      isClosed = true;
      cancelTimer?.();
    },
  };
}
