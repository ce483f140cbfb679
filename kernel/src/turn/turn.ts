// One turn under way: facts are folded as they are established, so every decision sees all earlier ones.
import type { Command } from "../commands.ts";
import { evolve } from "../evolve.ts";
import type { Fact } from "../facts.ts";
import type { Failure } from "../failure.ts";
import type { Outputs } from "../item.ts";
import { BOUNDS, type Program } from "../program.ts";
import { type ExecutionState, isClosed } from "../state.ts";

export type Refusal = { index: number; code: "CLOSED" | "UNKNOWN_WAIT" | "WAIT_CLOSED" | "NOT_PARKED" };

export class Turn {
  readonly program: Program;
  readonly state: ExecutionState;
  readonly facts: Fact[] = [];
  readonly commands: Command[] = [];
  readonly refused: Refusal[] = [];
  /** Run ids to look at: not started, or with more to issue. */
  readonly queue: string[] = [];
  /** Item results of this turn by run, recorded together. */
  readonly items = new Map<string, ItemBatch>();
  work = 0;
  more = false;

  constructor(program: Program, state: ExecutionState, nowMs: number) {
    this.program = program;
    this.state = state;
    this.nowMs = Math.max(state.nowMs, nowMs);
  }

  readonly nowMs: number;

  emit(fact: Fact): void {
    if (this.facts.length === 0) {
      const now: Fact = { t: "Now", at: this.nowMs };
      this.facts.push(now);
      evolve(this.program, this.state, now);
    }
    this.facts.push(fact);
    evolve(this.program, this.state, fact);
  }

  get isClosed(): boolean {
    return isClosed(this.state);
  }

  get isFull(): boolean {
    return this.state.openCommands >= BOUNDS.openCommandsMax;
  }
}

export type ItemBatch = {
  results: [number, Outputs, number][];
  failures: [number, Failure, number][];
  handled: [number, Failure, number][];
  seen: Set<number>;
};

/** What an execution has left to look at between turns; rebuilt by a scan after restoring. */
type Backlog = { deferred: Set<string>; rescan: boolean };
const backlogs = new WeakMap<ExecutionState, Backlog>();

export function backlogOf(state: ExecutionState): Backlog {
  let backlog = backlogs.get(state);
  if (!backlog) {
    backlog = { deferred: new Set(), rescan: true };
    backlogs.set(state, backlog);
  }
  return backlog;
}

export function forgetBacklog(state: ExecutionState): void {
  backlogs.delete(state);
}
