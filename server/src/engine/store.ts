// What the engine needs of its storage: one ordered lane of atomic flushes under a fencing epoch, and reads for
// recovery. Two implementations: memory/ (tests, simulation) and postgres/ (the product). The contract tests in
// driver.contract.ts hold both to the same stories.
//
// Invariants every store keeps:
//   S1 a flush is atomic: all of it or nothing.
//   S2 a flush under an epoch that is not the current one writes nothing and says `deposed`.
//   S3 (executionId, seq) is unique, and seq counts from 1 without gaps per execution.
//   S4 after `acquire` returns, no flush of an older epoch can commit any more.
//
// Ids (execution, organization, environment, workflow, version, parent, origin, inbox row) are UUIDs in lower case;
// anything else is an error of kind `data`. Execution ids are UUIDv7: their time decides where the rows live.

import type { Usage } from "./usage.ts";

/** A turn as it is journaled: `body` is the UTF-8 JSON of its facts, written once. */
export type TurnRow = {
  executionId: string;
  orgId: string;
  seq: number;
  /** Recorded clock of the turn, ms since 1970. */
  atMs: number;
  body: Uint8Array;
};

export type ExecutionMode = "production" | "test" | "simulated" | "replay";

export type StartRow = {
  executionId: string;
  orgId: string;
  envId: string;
  workflowId: string;
  versionId: string;
  mode: ExecutionMode;
  triggerNode: string | null;
  parentId: string | null;
  parentCommand: string | null;
  originId: string | null;
  depth: number;
  actor: string | null;
  cause: string | null;
  traceId: string | null;
  startedAtMs: number;
  /** JSON text of the input (an object or a list), or null when it went to a blob. */
  input: Uint8Array | null;
  inputBlob: string | null;
  concurrencyKey: string | null;
};

export type ExecutionStatus =
  | "running"
  | "waiting"
  | "paused"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "terminated"
  | "parked";

/** Written when the status changes or when the execution goes idle. */
export type ExecutionUpdate = {
  executionId: string;
  /** Whose output it is; null when there is none. */
  orgId: string | null;
  status: ExecutionStatus;
  /** Seq of the turn this belongs to. */
  seq: number;
  /** When the engine must load it again; null = only an event wakes it. */
  wakeAtMs: number | null;
  completedAtMs: number | null;
  output: Uint8Array | null;
  outputBlob: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  /** Execution time in ms once completed. */
  durationMs: number | null;
  /** Of models, once completed; null = none. */
  usage: Usage | null;
};

export type StartKeyRow = {
  orgId: string;
  workflowId: string;
  envId: string;
  key: string;
  executionId: string;
  requestHash: string;
  expiresAtMs: number;
};

/** Ledger of `once` effects; `outcome` null = intended, not yet known. */
export type EffectRow = {
  executionId: string;
  orgId: string;
  command: string;
  attempt: number;
  key: string;
  outcome: "intended" | "done" | "notDone" | "unknown" | "late";
  atMs: number;
  deadlineMs: number | null;
};

/** A wait a person or a URL can answer, for lists; the truth is in the turns. */
export type WaitRow = {
  executionId: string;
  orgId: string;
  wait: string;
  run: string;
  kind: "approval" | "webhook" | "signal" | "parked";
  title: string | null;
  assignees: readonly string[];
  openedAtMs: number;
  expiresAtMs: number | null;
};

export type FlushBatch = {
  starts: readonly StartRow[];
  startKeys: readonly StartKeyRow[];
  turns: readonly TurnRow[];
  updates: readonly ExecutionUpdate[];
  effects: readonly EffectRow[];
  waitsOpened: readonly WaitRow[];
  waitsClosed: readonly { executionId: string; wait: string }[];
  inboxDone: readonly string[];
  /** Statistics of exactly the turns of this flush: opaque to the store, appended as one row. */
  stats: Uint8Array | null;
};

export type InboxRow = {
  id: string;
  orgId: string;
  executionId: string;
  kind: string;
  body: Uint8Array;
  atMs: number;
};

export type StoredExecution = {
  start: Omit<StartRow, "input" | "inputBlob">;
  status: ExecutionStatus;
  wakeAtMs: number | null;
  snapshot: { seq: number; body: Uint8Array } | null;
  /** Turns after the snapshot, in order, without a gap (a gap is an error of kind `corrupt`). */
  turns: { seq: number; atMs: number; body: Uint8Array }[];
};

export type Holder = { id: string; host: string; pid: number; address: string | null };

export type Store = {
  /**
   * Takes the lease when it is free, expired, ours, or held by `insteadOf` (who is known dead), bumping the
   * epoch; waits for a flush under way. Null = somebody else holds it. `timelineChanged`: the database was restored or
   * failed over since the last one, so what was acknowledged may be missing. `isOurs`: only when nobody else has held it
   * since we took it, whether it has run out or not.
   */
  acquire(
    holder: Holder,
    options: { leaseMs: number; insteadOf?: string | undefined; isOurs?: boolean },
  ): Promise<{ epoch: number; timelineChanged?: boolean } | null>;
  /** False = deposed. */
  renew(epoch: number, leaseMs: number): Promise<boolean>;
  release(epoch: number): Promise<void>;
  /** Who holds the lease, for refusals and forwarding. */
  holder(): Promise<(Holder & { epoch: number; expiresInMs: number }) | null>;
  /**
   * Throws StoreError. One at a time: a second call before the first has settled is a mistake of the caller. A start
   * key that another, unexpired execution holds makes the flush fail with `data`: two executions for one key would do
   * everything twice. In one batch the last update of an execution counts.
   */
  flush(epoch: number, batch: FlushBatch): Promise<"committed" | "deposed">;
  /** Highest journaled seq of each execution, absent when none: how an unknown commit is settled. */
  lastSeqs(executionIds: readonly string[]): Promise<Map<string, number>>;
  /** `whole`: every turn and no snapshot (a fork reads the history from its beginning). */
  load(executionIds: readonly string[], options?: { whole?: boolean }): Promise<Map<string, StoredExecution>>;
  /** Executions that must be loaded now: status running, or wake_at due, ordered by wake_at then id; `after` pages. */
  dueExecutions(
    nowMs: number,
    limit: number,
    after?: { executionId: string; wakeAtMs: number },
  ): Promise<{ executionId: string; wakeAtMs: number | null }[]>;
  /** All executions with work under way (status running), for recovery at takeover; keyset paged by id. */
  runningExecutions(after: string | null, limit: number): Promise<string[]>;
  /** Earliest wake_at after `nowMs`; null = none. */
  nextWake(nowMs: number): Promise<number | null>;
  findStartKeys(
    keys: readonly { orgId: string; workflowId: string; envId: string; key: string }[],
  ): Promise<StartKeyRow[]>;
  inbox(limit: number): Promise<InboxRow[]>;
  /** Calls when there may be something new, now or after having lost sight of it; gives what ends that. */
  watchInbox?(onNews: () => void): () => void;
  /** A key is repeated while its row is there, within one organization; afterwards the execution itself dedupes. */
  putInbox(row: InboxRow & { dedupeKey: string | null }): Promise<"stored" | "repeated">;
  /** The row that waits under a dedupe key: a start that was put down before. */
  findInbox(orgId: string, dedupeKey: string): Promise<{ executionId: string; body: Uint8Array } | null>;
  /** A rebuildable cache; losing it costs time only. Refused under an old epoch. */
  putSnapshot(
    epoch: number,
    row: { executionId: string; orgId: string; seq: number; body: Uint8Array },
  ): Promise<void>;
  /** Executions of an organization that are open, for its limit. */
  openCount(orgId: string): Promise<number>;
  /** Ids of the open executions of a workflow under one concurrency key, oldest first, for admission. */
  openExecutions?(orgId: string, workflowId: string, concurrencyKey: string): Promise<string[]>;
  close(): Promise<void>;
};

/**
 * data           the batch itself cannot be stored (bisect it and park the offender)
 * unavailable    nothing was written; try again later
 * unknownOutcome the connection broke while committing: take over from oneself and look
 * full           no space left
 * corrupt        what was read contradicts itself (gap in a history)
 */
export type StoreErrorKind = "data" | "unavailable" | "unknownOutcome" | "full" | "corrupt";

export class StoreError extends Error {
  readonly kind: StoreErrorKind;
  constructor(kind: StoreErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "StoreError";
    this.kind = kind;
  }
}
