// What the world reports to an execution. Time is not an event: every turn carries the recorded clock, and
// timers that are due by it fire. A late, repeated or unknown event changes nothing.
import type { Failure } from "./failure.ts";
import type { FileRef, Item, Outputs } from "./item.ts";
import type { Json, JsonObject } from "./json.ts";

export type Event =
  | { type: "ExecutionStarted"; start: StartRecord; items: Item[]; kept?: KeptRun[]; edited?: Item[] }
  /** A `once` activity is about to be sent: its intent becomes durable first. */
  | { type: "ActivityStarted"; command: string; attempt: number; deadlineMs: number }
  /**
   * A long activity has done a step of its own: `entry` says what came of it, and comes back with the command after a
   * crash. `step` is its place, so that a step is recorded once.
   */
  | { type: "ActivityProgressed"; command: string; attempt: number; step: number; entry: Json }
  | { type: "ActivitySucceeded"; command: string; attempt: number; outputs: Outputs }
  | { type: "ActivityFailed"; command: string; attempt: number; failure: Failure }
  | {
      type: "ActivityConfirmed";
      command: string;
      attempt: number;
      outcome: "done" | "notDone" | "unknown";
      outputs?: Outputs;
    }
  | { type: "ChildFinished"; command: string; attempt: number; items?: Item[]; failure?: Failure }
  /** Named signal; `id` dedupes. Waits in a bounded queue when nobody listens yet. */
  | { type: "SignalReceived"; name: string; id: string; payload: Json }
  /** Answer to an approval or a resume URL, addressed by wait id. */
  | {
      type: "WaitAnswered";
      wait: string;
      decision: "approve" | "reject" | "resume";
      data: Json;
      /** Sent along with the answer of a form. */
      files?: Record<string, FileRef>;
      by?: string;
    }
  | {
      type: "ParkResolved";
      run: string;
      item?: number;
      action: "retry" | "skip" | "fail" | "output";
      output?: Json;
      by?: string;
      /** Of the parking that the person saw: a later one is not decided by it. */
      attempt?: number;
    }
  | { type: "CancelRequested"; reason?: string; by?: string }
  | { type: "TerminateRequested"; reason?: string; by?: string }
  | { type: "PauseRequested"; by?: string }
  | { type: "ResumeRequested"; by?: string };

/** Everything an execution is born with; recorded once, read ever after. */
export type StartRecord = {
  executionId: string;
  orgId: string;
  workflowId: string;
  workflowName: string;
  versionId: string;
  mode: ExecutionMode;
  /** Node id of the trigger that fired; absent = the only (or manual) trigger. */
  trigger?: string;
  seed: string;
  /** Sub-workflow depth, 0 at the top. */
  depth: number;
  /** The command of the parent that started this execution. */
  parent?: { executionId: string; command: string; attempt: number };
  /** The execution this one re-runs from, and how far its history was taken over. */
  origin?: { executionId: string; seq: number; node: string };
  /** Root of the effect keys: the first execution of a chain of re-runs. */
  effectRoot: string;
  /** Raised when effects that already succeeded are to be repeated. */
  generation: number;
  vars?: JsonObject;
  actor?: string;
  cause?: string;
};

export type ExecutionMode = "production" | "test" | "simulated" | "replay";

/** A top-level node run taken over from the execution that is re-run. */
export type KeptRun = { node: string; status: "done" | "dead"; outputs?: Outputs; why?: DeadReason };

export type DeadReason = "notChosen" | "empty" | "failed" | "cancelled" | "joinUnmet";
