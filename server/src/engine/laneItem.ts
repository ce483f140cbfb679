// What travels down the lane: one turn with everything that must be written in the same flush, and what is to
// happen once it is durable.
import type { Command, Fact } from "@auraos/kernel";
import type { ChildResult } from "./childResult.ts";
import type { Settled } from "./engine.types.ts";
import type { Ack, Activity, LiveExecution } from "./execution.ts";
import type { Count } from "./stats.ts";
import type {
  EffectRow,
  ExecutionStatus,
  ExecutionUpdate,
  StartKeyRow,
  StartRow,
  TurnRow,
  WaitRow,
} from "./store.ts";

export type LaneItem = {
  exec: LiveExecution | null;
  /** Null: rows without a turn (a late outcome in the ledger, a parked execution). */
  turn: TurnRow | null;
  facts: readonly Fact[];
  status: ExecutionStatus;
  start: StartRow | null;
  startKey: StartKeyRow | null;
  update: ExecutionUpdate | null;
  effects: EffectRow[] | null;
  waitsOpened: WaitRow[] | null;
  waitsClosed: { executionId: string; wait: string }[] | null;
  inboxDone: string[] | null;
  counts: Count[] | null;
  /** Carried out after the commit. */
  commands: Command[];
  /** `once` activities whose intent this turn makes durable. */
  sends: Activity[] | null;
  acks: Ack[] | null;
  /** Places of refused events, by mailbox index. */
  refused: { index: number; code: "CLOSED" | "UNKNOWN_WAIT" | "WAIT_CLOSED" | "NOT_PARKED" }[];
  /** What those who wait for the execution get. */
  settled: Settled | null;
  finished: (Settled & { kind: "finished" }) | null;
  /** What its parent gets, if it has one. */
  result: ChildResult | null;
  /** Marks this execution as set aside. */
  parks: { exec: LiveExecution; message: string } | null;
  /** What must still happen before it can be written (payloads put away...); the execution's later turns wait behind. */
  pending: number;
  /** Must be written in the same flush: the error workflow that this end starts. */
  joined: LaneItem | null;
};

export function emptyItem(exec: LiveExecution | null): LaneItem {
  return {
    exec,
    turn: null,
    facts: [],
    status: "running",
    start: null,
    startKey: null,
    update: null,
    effects: null,
    waitsOpened: null,
    waitsClosed: null,
    inboxDone: null,
    counts: null,
    commands: [],
    sends: null,
    acks: null,
    refused: [],
    settled: null,
    finished: null,
    result: null,
    parks: null,
    pending: 0,
    joined: null,
  };
}

export function isReady(item: LaneItem): boolean {
  return item.pending === 0 && (item.joined === null || item.joined.pending === 0);
}
