// An execution as it stands: the fold of its facts. Plain JSON with a version; owned and changed in place by
// `evolve` alone (copying it per fact was measured: 20,000 entries cost 95 s).
// A node that has not started has no entry in `runs`; a settled one keeps its outputs only while somebody may read them.

import type { DeadReason, StartRecord } from "./events.ts";
import type { Ending, FinalStatus, ScopeOutcome, WaitKind } from "./facts.ts";
import type { Failure } from "./failure.ts";
import type { Item, Lineage, Outputs } from "./item.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Effect } from "./nodeType.ts";

export const STATE_VERSION = 1;

export type ExecutionState = {
  version: number;
  status: "new" | "running" | FinalStatus;
  paused: boolean;
  nowMs: number;
  startedMs: number;
  timeoutAt?: number;
  facts: number;
  start?: StartRecord;
  scopes: Record<string, ScopeState>;
  commands: Record<string, OpenCommand>;
  /** Commands that count against the limit of open ones. */
  openCommands: number;
  waits: Record<string, OpenWait>;
  waitsOpened: number;
  parked: Record<string, Parked>;
  signals: Record<string, { id: string; payload: Json }[]>;
  /** Steps of parked activities that are tried again, until their command is there. */
  steps?: Record<string, Json[]>;
  /** Ids of the last signals, to ignore repeats. */
  signalIds: string[];
  /** Run id -> saga run id in which it is registered. */
  compensations: Record<string, string>;
  cancel?: { reason?: string; by?: string };
  /** A re-run with edited input: what that node gets instead of its wires. */
  edited?: { node: string; items: readonly Item[] };
  reply?: { status: number; headers?: Record<string, string>; body: Json };
  output?: Json;
  failure?: Failure;
};

export type ScopeState = {
  frame: string;
  /** Run id of the block that owns it; null for the root. */
  block: string | null;
  iteration: number;
  items: readonly Item[];
  /** Place of the first of `items` in the block's input list. */
  offset: number;
  /** For elements that an expression gave: the input item each came from. */
  origins?: number[];
  /** Saga entry being compensated. */
  entry?: number;
  runs: Record<string, NodeRun>;
  settled: number;
  ending?: Ending;
};

export type NodeRun = {
  status: "running" | "done" | "failed" | "dead" | "cancelled";
  ports?: Record<string, PortState>;
  why?: DeadReason;
  failure?: Failure;
  /** Per-item activity in progress. */
  items?: ItemProgress;
  block?: BlockState;
  wait?: string;
  /** Lost an early join: whatever comes of it, it ends cancelled. */
  stopping?: true;
};

export type PortState = { count: number; items: readonly Item[] | null; lineage?: Lineage };

export type ItemProgress = {
  total: number;
  /** Next item to issue. */
  next: number;
  open: number;
  settled: number;
  results: (Outputs | null)[];
  /** First hard failure: no more items are issued. */
  failure?: Failure;
  unknown?: number[];
};

export type OpenCommand = {
  run: string;
  item?: number;
  attempt: number;
  kind: "activity" | "child" | "confirm";
  effect: Effect;
  /** `retrying`: nothing is out, a timer is armed. */
  status: "scheduled" | "started" | "retrying";
  /** Recorded time of scheduling. */
  at: number;
  params?: JsonObject;
  /** What the activity has done so far, over all its attempts. */
  steps?: Json[];
  workflow?: string;
  deadline?: number;
  retryAt?: number;
  failure?: Failure;
};

export type OpenWait = {
  run: string;
  kind: WaitKind;
  openedAt: number;
  at?: number;
  signal?: string;
  title?: string;
  message?: string;
  form?: Json;
  assignees?: string[];
  escalateAt?: number;
  escalateTo?: string[];
};

export type Parked = {
  run: string;
  item?: number;
  at: number;
  attempt: number;
  failure: Failure;
  /** What the activity had done by then. */
  steps?: Json[];
  /** Decided: it is tried again as soon as the execution is no longer paused. */
  retry?: true;
};

export type BlockState =
  | {
      kind: "foreach";
      items?: readonly Item[];
      origins?: number[];
      total: number;
      next: number;
      open: number;
      results: (readonly Item[] | null)[];
      failed: [iteration: number, failure: Failure][];
      stop?: { kind: "break" } | { kind: "failed"; failure: Failure } | { kind: "cancelled" };
    }
  | {
      kind: "while";
      iteration: number;
      items: readonly Item[];
      open: boolean;
      outcome?: ScopeOutcome;
      failure?: Failure;
    }
  | { kind: "parallel"; items?: readonly Item[]; outcome?: ScopeOutcome; failure?: Failure }
  | {
      kind: "try";
      phase: "body" | "catch" | "finally";
      items?: readonly Item[];
      outcome?: ScopeOutcome;
      failure?: Failure;
    }
  | {
      kind: "saga";
      phase: "body" | "compensating";
      items?: readonly Item[];
      outcome?: ScopeOutcome;
      failure?: Failure;
      entries: SagaEntry[];
    };

export type SagaEntry = {
  run: string;
  node: string;
  input: readonly Item[];
  /** Outputs per item (per-item nodes) or one entry (list nodes). */
  results: (readonly Item[] | null)[];
  unknown: number[];
  state: "pending" | "settled" | "undoing" | "undone" | "parked";
};

export function newState(): ExecutionState {
  return {
    version: STATE_VERSION,
    status: "new",
    paused: false,
    nowMs: 0,
    startedMs: 0,
    facts: 0,
    scopes: {},
    commands: {},
    openCommands: 0,
    waits: {},
    waitsOpened: 0,
    parked: {},
    signals: {},
    signalIds: [],
    compensations: {},
  };
}

export function isClosed(state: ExecutionState): boolean {
  return state.status !== "new" && state.status !== "running";
}
