// What the executions row must say of an execution, so that a new leader knows what to load.
//
//   running   work is out (or its children run): loaded at takeover. Also a timer that is due within a moment: a
//             retry after 200 ms is not worth two rows
//   waiting   nothing is out: loaded at `wakeAtMs`, or when an event comes
//   paused    the same, and issues nothing
import type { ExecutionState } from "@auraos/kernel";
import type { LiveExecution } from "./execution.ts";
import type { Kernel } from "./kernel.ts";
import { NEAR_MS } from "./limits.ts";
import type { ExecutionStatus } from "./store.ts";

export type RowState = { status: ExecutionStatus; wakeAtMs: number | null };

/** Also in the middle of work that takes several turns. */
export const BUSY: RowState = { status: "running", wakeAtMs: null };

export function rowState(kernel: Kernel, exec: LiveExecution, nowMs: number): RowState {
  const { state } = exec;
  if (state.status !== "running") {
    return { status: state.status === "new" ? "running" : state.status, wakeAtMs: null };
  }
  const wakeAtMs = kernel.nextWake(state);
  if (state.paused) return { status: "paused", wakeAtMs };
  if (kernel.isIdle(state)) {
    const isNear = wakeAtMs !== null && wakeAtMs - nowMs <= NEAR_MS;
    return isNear ? BUSY : { status: "waiting", wakeAtMs };
  }
  return waitsForChildrenOnly(state) ? { status: "running", wakeAtMs } : BUSY;
}

/** Its children tell it when they end, wherever it is; so it need not stay in memory for them. */
export function waitsForChildrenOnly(state: ExecutionState): boolean {
  for (const id in state.commands) {
    const command = state.commands[id];
    if (command?.kind !== "child" && command?.status !== "retrying") return false;
  }
  return true;
}
