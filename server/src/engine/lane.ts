// The one ordered lane into the storage. While a flush is out the next batch gathers; a batch is written whole or not
// at all; nothing that depends on a turn happens before its commit.
//
// Invariants:
//   W1 one flush is out at a time, and items of one execution leave in the order they came
//   W2 an unknown outcome is settled by taking over from ourselves (which waits for the old flush) and looking; a flush
//      is all or nothing, so one of its turns tells of all its rows, and what is absent is sent again with the same bytes
//   W3 a batch the storage cannot hold is bisected until one execution stands alone; it is set aside, never retried
//   W4 after `close`, nothing is reported any more
import { rejectAcks } from "./acks.ts";
import { pause } from "./backoff.ts";
import { bisect, buildBatch } from "./batch.ts";
import type { EngineDeps, EngineLimits } from "./engine.types.ts";
import { messageOf } from "./errors.ts";
import type { LiveExecution } from "./execution.ts";
import { inTurns } from "./fairShare.ts";
import { isReady, type LaneItem } from "./laneItem.ts";
import type { Lease } from "./lease.ts";
import { type Store, StoreError, type StoreErrorKind } from "./store.ts";

export type LaneHooks = {
  onCommitted: (items: readonly LaneItem[]) => void;
  /** A turn whose execution was set aside before it could be written. */
  onSkipped: (item: LaneItem) => void;
  /** The items of one execution that the storage cannot hold. */
  onOffender: (items: readonly LaneItem[], error: Error) => void;
  onDeposed: () => void;
  onTrouble: (reason: string | null) => void;
};

export type Lane = {
  push(item: LaneItem): void;
  /** Starts a flush unless one is out. */
  kick(): void;
  size(): number;
  flushes(): number;
  /** Nothing waits and nothing is out. */
  whenEmpty(): Promise<void>;
  /** Whoever waits for what was not written is told why. */
  close(error: Error): void;
};

type LaneNeeds = {
  deps: Pick<EngineDeps, "store" | "clock" | "log">;
  limits: EngineLimits;
  lease: () => Lease;
};

/** A long tick, or a burst of starts, hands over what it has: else the storage and this thread wait for each other in turn. */
const HAND_OVER_EVERY = 128;

export function createLane(needs: LaneNeeds, hooks: LaneHooks): Lane {
  const { store, clock, log } = needs.deps;
  let pending: LaneItem[] = [];
  /** The batch on its way. */
  let out: LaneItem[] = [];
  /** Committed, and told of as soon as the next batch is on its way: the storage works while this thread does. */
  let committed: readonly LaneItem[] = [];
  let isRunning = false;
  let isClosed = false;
  let flushes = 0;
  const emptyWaiters: (() => void)[] = [];

  async function run(): Promise<void> {
    isRunning = true;
    while (!isClosed) {
      const taken = takeBatch(pending, needs.limits);
      if (taken.batch.length === 0) {
        if (committed.length === 0) break;
        tell();
        continue;
      }
      pending = taken.rest;
      out = taken.batch;
      await write(taken.batch);
      out = [];
    }
    isRunning = false;
    if (pending.length === 0) for (const resolve of emptyWaiters.splice(0)) resolve();
  }

  function tell(): void {
    const items = committed;
    committed = [];
    if (items.length > 0) hooks.onCommitted(items);
  }

  async function write(items: LaneItem[]): Promise<void> {
    let rest = items;
    for (let attempt = 0; !isClosed; attempt++) {
      rest = withoutDropped(rest, hooks);
      if (rest.length === 0) return;
      try {
        flushes++;
        const answering = store.flush(needs.lease().epoch(), buildBatch(rest));
        tell();
        const answer = await answering;
        if (isClosed) return;
        if (answer === "deposed") return hooks.onDeposed();
        if (attempt > 0) hooks.onTrouble(null);
        committed = rest;
        return;
      } catch (error) {
        if (isClosed) return;
        const kind = kindOf(error);
        log("warn", "a flush failed", { kind, error: messageOf(error), turns: rest.length });
        if (kind === "data" || kind === "corrupt") return setAside(rest, error);
        hooks.onTrouble(reasonOf(kind, error));
        if (attempt > 0 || kind !== "unknownOutcome") await pause(clock, attempt);
        if (kind === "unknownOutcome") {
          const absent = await settleUnknown(rest);
          if (absent === null) return;
          rest = absent;
        }
      }
    }
  }

  async function setAside(items: LaneItem[], error: unknown): Promise<void> {
    const halves = bisect(items);
    if (halves === null) {
      hooks.onOffender(items, error instanceof Error ? error : new Error(String(error)));
      return;
    }
    await write(halves[0]);
    await write(halves[1]);
  }

  /** Acknowledges what is there, or gives what must be sent again; null = deposed or closed. */
  async function settleUnknown(items: LaneItem[]): Promise<LaneItem[] | null> {
    for (let attempt = 0; !isClosed; attempt++) {
      try {
        if (!(await needs.lease().reclaim())) {
          if (!isClosed) hooks.onDeposed();
          return null;
        }
        const seqs = await lastSeqs(store, items);
        if (isClosed) return null;
        const present = items.filter((item) => isPresent(item, seqs));
        // Rows without a turn are written again: nothing of their executions can have come after them.
        if (present.length === 0) return items;
        if (present.length < items.filter((item) => item.turn !== null).length) {
          log("error", "half of a flush is there: everything is read again", { turns: present.length });
          hooks.onDeposed();
          return null;
        }
        hooks.onTrouble(null);
        hooks.onCommitted(items);
        return [];
      } catch (error) {
        log("warn", "the outcome of a flush is not known yet", { error: messageOf(error) });
        await pause(clock, attempt);
      }
    }
    return null;
  }

  return {
    push: (item) => {
      pending.push(item);
      if (pending.length % HAND_OVER_EVERY === 0 && !isRunning && !isClosed) void run();
    },
    kick: () => {
      if (!isRunning && !isClosed && pending.length > 0) void run();
    },
    size: () => pending.length + out.length + committed.length,
    flushes: () => flushes,
    whenEmpty: () => {
      if (!isRunning && pending.length === 0) return Promise.resolve();
      return new Promise((resolve) => emptyWaiters.push(resolve));
    },
    close: (error) => {
      isClosed = true;
      for (const item of committed) rejectAcks(item, error);
      committed = [];
      for (const item of out) rejectAcks(item, error);
      for (const item of pending) rejectAcks(item, error);
      pending = [];
      for (const resolve of emptyWaiters.splice(0)) resolve();
    },
  };
}

/**
 * As many items as one flush may hold, of each organization its share; an execution whose payloads are on their way holds
 * its own later turns back.
 */
function takeBatch(waiting: LaneItem[], limits: EngineLimits): { batch: LaneItem[]; rest: LaneItem[] } {
  const batch: LaneItem[] = [];
  const rest: LaneItem[] = [];
  const blocked = new Set<LiveExecution>();
  const isTooMuch = waiting.length > limits.turnsPerFlushMax;
  const pending = isTooMuch ? inTurns(waiting, orgOf) : waiting;
  let bytes = 0;
  let index = 0;
  for (; index < pending.length; index++) {
    const item = pending[index];
    if (item === undefined) break;
    if (batch.length >= limits.turnsPerFlushMax || bytes >= limits.bytesPerFlushMax) break;
    if (item.exec !== null && (blocked.has(item.exec) || !isReady(item))) {
      blocked.add(item.exec);
      if (item.joined?.exec) blocked.add(item.joined.exec);
      rest.push(item);
      continue;
    }
    batch.push(item);
    bytes += item.turn?.body.byteLength ?? 0;
    if (item.joined !== null) batch.push(item.joined);
  }
  for (; index < pending.length; index++) rest.push(pending[index] as LaneItem);
  return { batch, rest: pending === waiting ? rest : inOrder(waiting, rest) };
}

/** As they came: whoever waited longest is first in the next round. */
function inOrder(waiting: readonly LaneItem[], rest: readonly LaneItem[]): LaneItem[] {
  const isLeft = new Set(rest);
  return waiting.filter((item) => isLeft.has(item));
}

/** What belongs to no execution keeps no order with anything. */
function orgOf(item: LaneItem): string {
  const exec = item.exec ?? item.parks?.exec;
  return exec?.about.orgId ?? item.effects?.[0]?.orgId ?? "";
}

function withoutDropped(items: LaneItem[], hooks: LaneHooks): LaneItem[] {
  // What has merely ended still writes its rest: answers to late events, rows of the inbox.
  const isSkipped = (item: LaneItem): boolean => item.exec?.isDropped === true && item.exec.isPoisoned;
  if (!items.some(isSkipped)) return items;
  for (const item of items) if (isSkipped(item)) hooks.onSkipped(item);
  return items.filter((item) => !isSkipped(item));
}

async function lastSeqs(store: Store, items: readonly LaneItem[]): Promise<Map<string, number>> {
  const ids = new Set<string>();
  for (const item of items) if (item.turn !== null) ids.add(item.turn.executionId);
  return ids.size === 0 ? new Map() : store.lastSeqs([...ids]);
}

function isPresent(item: LaneItem, seqs: ReadonlyMap<string, number>): boolean {
  return item.turn !== null && item.turn.seq <= (seqs.get(item.turn.executionId) ?? 0);
}

/** What nobody expected may have happened after the commit, so it counts as unknown. */
function kindOf(error: unknown): StoreErrorKind {
  return error instanceof StoreError ? error.kind : "unknownOutcome";
}

function reasonOf(kind: StoreErrorKind, error: unknown): string {
  if (kind === "full") return `The database has no space left: ${messageOf(error)}`;
  return `The database does not answer: ${messageOf(error)}`;
}
