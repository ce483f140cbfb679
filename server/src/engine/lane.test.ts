// What the lane makes of an outcome that nobody saw. The rest of it is told by driver.contract.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "./clock.ts";
import type { LiveExecution } from "./execution.ts";
import { createLane } from "./lane.ts";
import { emptyItem, type LaneItem } from "./laneItem.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { createMemoryStore, type MemoryStore } from "./memory/store.ts";
import { type ExecutionStatus, type FlushBatch, StoreError } from "./store.ts";

const ID = "00000000-0000-7000-8000-000000000001";
const HOLDER = { id: "me", host: "here", pid: 1, address: null };

test("a flush whose outcome was unknown is there as a whole: rows without a turn are not written over what followed them", async () => {
  const { store, seen, flush } = await cutOnce("after");
  await flush([row("running"), turn(2, "succeeded")]);
  assert.equal(store.tables.executions.get(ID)?.status, "succeeded");
  assert.deepEqual(seen, { committed: 3, deposed: 0 });
});

test("what did not arrive is sent again as a whole and in its order", async () => {
  const { store, seen, flush } = await cutOnce("before");
  await flush([row("running"), turn(2, "succeeded")]);
  assert.equal(store.tables.executions.get(ID)?.status, "succeeded");
  assert.equal(store.tables.executions.get(ID)?.turns.length, 2);
  assert.deepEqual(seen, { committed: 3, deposed: 0 });
});

test("a lane does not take over from itself after somebody else has led", async () => {
  const { store, seen, flush } = await cutOnce("before", async (shared) => {
    const other = { ...HOLDER, id: "other" };
    const { epoch } = (await shared.acquire(other, { leaseMs: 60_000, insteadOf: "me" })) ?? { epoch: 0 };
    await shared.release(epoch);
  });
  await flush([turn(2, "succeeded")]);
  assert.equal(store.tables.executions.get(ID)?.turns.length, 1);
  assert.deepEqual(seen, { committed: 1, deposed: 1 });
});

test("a burst of one organization keeps the next one waiting for one flush, not for all of them", async () => {
  const store = createMemoryStore(Date.now);
  const epoch = (await store.acquire(HOLDER, { leaseMs: 60_000 }))?.epoch ?? 0;
  const flushed: string[][] = [];
  const lane = createLane(
    {
      deps: { store, clock: systemClock, log: () => {} },
      limits: { ...DEFAULT_LIMITS, turnsPerFlushMax: 4 },
      lease: () => ({
        epoch: () => epoch,
        mayStartEffects: () => true,
        reclaim: async () => false,
        stop: () => {},
      }),
    },
    {
      onCommitted: (items) => flushed.push(items.map((item) => item.exec?.id ?? "")),
      onSkipped: () => {},
      onOffender: (_items, error) => assert.fail(error),
      onDeposed: () => assert.fail("deposed"),
      onTrouble: () => {},
    },
  );
  const of = (orgId: string, id: string): LaneItem => {
    const about = { orgId, workflowId: ID, executionId: id, mode: "production" as const };
    return emptyItem({ id, about } as LiveExecution);
  };
  for (let n = 1; n <= 10; n++) lane.push(of("burst", `a${n}`));
  for (let n = 1; n <= 2; n++) lane.push(of("other", `b${n}`));
  lane.kick();
  await lane.whenEmpty();
  assert.deepEqual(flushed, [
    ["a1", "b1", "a2", "b2"],
    ["a3", "a4", "a5", "a6"],
    ["a7", "a8", "a9", "a10"],
  ]);
});

/** A lane on a store that cuts the connection at the second flush; the first one has written a start. */
async function cutOnce(when: "before" | "after", meanwhile?: (store: MemoryStore) => Promise<void>) {
  const store = createMemoryStore(Date.now);
  let epoch = (await store.acquire(HOLDER, { leaseMs: 60_000 }))?.epoch ?? 0;
  let flushes = 0;
  const seen = { committed: 0, deposed: 0 };
  const cutting = {
    ...store,
    flush: async (asked: number, batch: FlushBatch) => {
      const isCut = ++flushes === 2;
      const answer = isCut && when === "before" ? "committed" : await store.flush(asked, batch);
      if (!isCut) return answer;
      await meanwhile?.(store);
      throw new StoreError("unknownOutcome", "cut");
    },
  };
  const lane = createLane(
    {
      deps: { store: cutting, clock: systemClock, log: () => {} },
      limits: DEFAULT_LIMITS,
      lease: () => ({
        epoch: () => epoch,
        mayStartEffects: () => true,
        reclaim: async () => {
          const mine = await store.acquire(HOLDER, { leaseMs: 60_000, isOurs: true });
          if (mine !== null) epoch = mine.epoch;
          return mine !== null;
        },
        stop: () => {},
      }),
    },
    {
      onCommitted: (items) => {
        seen.committed += items.length;
      },
      onSkipped: () => {},
      onOffender: (_items, error) => assert.fail(error),
      onDeposed: () => {
        seen.deposed++;
        lane.close(new Error("deposed"));
      },
      onTrouble: () => {},
    },
  );
  const flush = async (items: LaneItem[]): Promise<void> => {
    for (const item of items) lane.push(item);
    lane.kick();
    await lane.whenEmpty();
  };
  await flush([{ ...turn(1, "waiting"), start: START }]);
  return { store, seen, flush };
}

function row(status: ExecutionStatus): LaneItem {
  const update = { ...END, executionId: ID, seq: 1, status, wakeAtMs: null };
  return { ...emptyItem(null), update };
}

function turn(seq: number, status: ExecutionStatus): LaneItem {
  const body = Buffer.from("[]");
  return { ...row(status), turn: { executionId: ID, orgId: ID, seq, atMs: 0, body } };
}

const END = {
  orgId: null,
  completedAtMs: null,
  output: null,
  outputBlob: null,
  errorCode: null,
  errorMessage: null,
  durationMs: null,
  usage: null,
};

const START = {
  executionId: ID,
  orgId: ID,
  envId: ID,
  workflowId: ID,
  versionId: ID,
  mode: "production" as const,
  triggerNode: null,
  parentId: null,
  parentCommand: null,
  originId: null,
  depth: 0,
  actor: null,
  cause: null,
  traceId: null,
  startedAtMs: 0,
  input: null,
  inputBlob: null,
  concurrencyKey: null,
};
