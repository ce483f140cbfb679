// What a turn established: the only thing that is recorded, and all that restoring needs.
// Facts are versioned by the state version; `evolve` reads every shape ever kept.
//
// Names: a run id is `scope path + node id`, such as `charge` or `loop#3/step`; the command of a list activity is its
// run id, of an item `run:index`.

import type { DeadReason, ExecutionMode, KeptRun, StartRecord } from "./events.ts";
import type { Failure } from "./failure.ts";
import type { Item, Outputs } from "./item.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Effect } from "./nodeType.ts";
import type { ResultShape } from "./result.ts";

export type Fact =
  /** Opens every turn: the recorded clock. */
  | { t: "Now"; at: number }
  | {
      t: "ExecutionStarted";
      start: StartRecord;
      items: Item[];
      timeoutAt?: number;
      kept?: KeptRun[];
      edited?: Item[];
    }
  /**
   * Outputs stand here once, or follow from what is recorded already: `items` (settled items), `block` (results of its
   * scopes), `input` (passed through at `port`), `picks` (input items by index, per port), `changes` (each input item
   * with these fields over its own, per port; lineage is `same`).
   */
  | {
      t: "NodeFinished";
      run: string;
      outputs?: Outputs;
      from?: "items" | "block" | "input";
      port?: string;
      picks?: Record<string, number[]>;
      changes?: Record<string, JsonObject[]>;
      attempt?: number;
      handled?: Failure;
    }
  | { t: "NodeFailed"; run: string; failure: Failure; attempt?: number }
  | { t: "NodeDead"; run: string; why: DeadReason }
  | { t: "NodeCancelled"; run: string; why: string }
  /** A running loser of an early join: issues nothing more, its in-flight effects reach an outcome. */
  | { t: "NodeStopping"; run: string }
  | { t: "NodeParked"; run: string; item?: number; failure: Failure; attempt?: number }
  | {
      t: "ParkResolved";
      run: string;
      item?: number;
      action: "retry" | "skip" | "fail" | "output";
      output?: Json;
      by?: string;
      attempt?: number;
      /** Decided while the execution is paused: the retry is issued when it goes on. */
      deferred?: true;
    }
  /** A per-item node begins; `total` items. */
  | { t: "ItemsStarted"; run: string; total: number }
  | {
      t: "ActivityScheduled";
      command: string;
      run: string;
      item?: number;
      attempt: number;
      effect: Effect;
      params?: JsonObject;
      confirm?: true;
    }
  | { t: "ActivityStarted"; command: string; attempt: number; deadline: number }
  | { t: "ActivityProgressed"; command: string; entry: Json }
  | { t: "RetryScheduled"; command: string; attempt: number; at: number; failure: Failure }
  | { t: "ConfirmScheduled"; command: string; at: number; failure: Failure }
  | { t: "CommandDropped"; command: string; why: string }
  /** Results of items, batched per turn. `handled`: failures that became output (fallback, error port). */
  | {
      t: "ItemsSettled";
      run: string;
      results: [index: number, outputs: Outputs, attempt: number][];
      failures?: [index: number, failure: Failure, attempt: number][];
      handled?: [index: number, failure: Failure, attempt: number][];
    }
  | { t: "ChildScheduled"; command: string; run: string; item?: number; attempt: number; workflow: string }
  /** `items`: elements that an expression gave, with the input item each came from; else the block's own input. */
  | { t: "BlockStarted"; run: string; items?: Item[]; origins?: number[]; total?: number }
  | {
      t: "ScopeOpened";
      scope: string;
      block: string;
      frame: string;
      iteration: number;
      items?: Item[];
      range?: [from: number, to: number];
      entry?: number;
    }
  | { t: "ScopeEnding"; scope: string; ending: Ending }
  | { t: "ScopeClosed"; scope: string; outcome: ScopeOutcome; failure?: Failure }
  | { t: "CompensationRegistered"; saga: string; run: string }
  | { t: "BlockPhase"; run: string; phase: "catch" | "finally" | "compensating" }
  | {
      t: "WaitOpened";
      wait: string;
      run: string;
      kind: WaitKind;
      at?: number;
      signal?: string;
      title?: string;
      message?: string;
      form?: Json;
      assignees?: string[];
      escalateAt?: number;
      escalateTo?: string[];
    }
  | { t: "WaitEscalated"; wait: string; assignees: string[] }
  | {
      t: "WaitClosed";
      wait: string;
      by: "timer" | "signal" | "answer" | "cancel";
      decision?: string;
      data?: Json;
      actor?: string;
      signalId?: string;
    }
  | { t: "SignalBuffered"; name: string; id: string; payload: Json }
  | { t: "SignalIgnored"; name: string; id: string; why: "repeated" | "overflow" }
  | { t: "Replied"; run: string; status: number; headers?: Record<string, string>; body: Json }
  | { t: "ReplyIgnored"; run: string }
  | { t: "CancelRequested"; reason?: string; by?: string }
  | { t: "Paused"; by?: string }
  | { t: "Resumed"; by?: string }
  | ({
      t: "ExecutionFinished";
      status: FinalStatus;
      output?: Json;
      failure?: Failure;
      openEffects?: string[];
    } & ResultShape);

export type WaitKind = "duration" | "until" | "signal" | "webhook" | "approval";
export type FinalStatus = "succeeded" | "failed" | "cancelled" | "terminated";
export type ScopeOutcome = "completed" | "failed" | "cancelled" | "break" | "continue";
export type Ending = { kind: "failed"; failure: Failure } | { kind: "cancelled" | "break" | "continue" };
export type { DeadReason, ExecutionMode, KeptRun, StartRecord };
