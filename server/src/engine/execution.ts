// One execution in memory: its state (ahead of the storage by the turns that are not committed yet), its mailbox,
// and what is out on its behalf.
//
// Invariants:
//   E1 only takeTurn changes `state`; events reach it through the mailbox alone.
//   E2 `committedSeq` <= `seq`; the difference is what waits in the lane.
//   E3 once `isDropped`, nothing is written or reported for it any more through this object.
import type { Event, ExecutionState, Program, RunActivity } from "@auraos/kernel";
import type { DeliverResult } from "./engine.types.ts";
import { newSensitive, type Sensitive } from "./sensitive.ts";
import type { ExecutionMode, ExecutionStatus, StoredExecution } from "./store.ts";
import type { Usage } from "./usage.ts";
import type { Limit } from "./wheel.ts";

export type About = {
  orgId: string;
  workflowId: string;
  executionId: string;
  mode: ExecutionMode;
  /** Of executions that may not reach the world: whom they are answered from. */
  source?: Pick<StoredExecution["start"], "originId" | "parentId" | "parentCommand">;
  /** How many executions called each other above it. */
  depth?: number;
};

/** Somebody waits until the turn that takes an event in is durable. `index` is the place in the mailbox. */
export type Ack = { index: number; resolve: (result: DeliverResult) => void; reject: (error: Error) => void };

export type Activity = {
  exec: LiveExecution;
  command: RunActivity;
  /** `intending`: a `once` activity whose ActivityStarted is on its way to the storage. */
  phase: "queued" | "intending" | "running" | "over";
  controller: AbortController | null;
  limit: Limit | null;
  /** Of a `once` activity: recorded, so it is not exceeded. */
  deadlineMs: number;
};

export type ChildLink = { id: string; attempt: number; isStarting: boolean; isCancelled: boolean };

export type RunStart = { at: number; isActivity: boolean };

export type WakeTimer = { atMs: number; exec: LiveExecution | null };

export type LiveExecution = {
  id: string;
  about: About;
  start: StoredExecution["start"];
  program: Program;
  state: ExecutionState;
  seq: number;
  committedSeq: number;
  mailbox: Event[];
  acks: Ack[];
  /** Inbox rows whose event is in the mailbox. */
  inboxIds: string[];
  isQueued: boolean;
  isDropped: boolean;
  /** Being set aside: takes nothing any more. */
  isPoisoned: boolean;
  /** Activities that are out or wait for a place, by command. */
  activities: Map<string, Activity>;
  /** Effect keys of `once` commands, for the ledger. */
  onceKeys: Map<string, string>;
  children: Map<string, ChildLink>;
  /** Waits with a row of their own. */
  openWaits: Set<string>;
  /** What the executions row says, once everything in the lane is written. */
  written: { status: ExecutionStatus; wakeAtMs: number | null };
  /** Its entry in the wake heap. */
  timer: WakeTimer | null;
  /** When each open node run was first scheduled: for statistics. */
  started: Map<string, RunStart>;
  /** Of models; null = none so far. */
  usage: Usage | null;
  /** Grown since the last snapshot. */
  tailFacts: number;
  tailBytes: number;
  isSnapshotting: boolean;
  /** Big values that are in the blob store already, by identity. */
  blobs: WeakMap<object, string> | null;
  /** Of a workflow that calls fields sensitive. */
  sensitive: Sensitive | null;
  /** Monotonic time of the last sign of life. */
  touchedMs: number;
  inIdleList: boolean;
};

export function newExecution(
  start: StoredExecution["start"],
  program: Program,
  state: ExecutionState,
): LiveExecution {
  return {
    id: start.executionId,
    about: {
      orgId: start.orgId,
      workflowId: start.workflowId,
      executionId: start.executionId,
      mode: start.mode,
      depth: start.depth,
      ...(start.mode === "simulated" || start.mode === "replay" ? { source: start } : {}),
    },
    start,
    program,
    state,
    seq: 0,
    committedSeq: 0,
    mailbox: [],
    acks: [],
    inboxIds: [],
    isQueued: false,
    isDropped: false,
    isPoisoned: false,
    activities: new Map(),
    onceKeys: new Map(),
    children: new Map(),
    openWaits: new Set(),
    written: { status: "running", wakeAtMs: null },
    timer: null,
    started: new Map(),
    usage: null,
    tailFacts: 0,
    tailBytes: 0,
    isSnapshotting: false,
    // Most executions have none, and a weak map each is what the garbage collector would be busy with.
    blobs: null,
    sensitive: newSensitive(program.definition.settings?.sensitive),
    touchedMs: 0,
    inIdleList: false,
  };
}
