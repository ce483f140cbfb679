// The storage all engines of a story share, as a server on a machine of its own: statements take time, and a flush
// holds the lease row while it runs (`FOR SHARE`), so a takeover waits for it. Its content is that of the engine's own
// memory store; what commits is also noted in the history.
import { createMemoryStore, type MemoryStore } from "@auraos/server/engine/memory/store.ts";
import { type FlushBatch, type Holder, StoreError } from "@auraos/server/engine/store.ts";
import type { History } from "./history.ts";
import { EPOCH_MS } from "./host.ts";
import type { Timeline } from "./timeline.ts";

/** A turn that contains this cannot be stored: bytes the database refuses. */
export const POISON = "poison\u2620";
const POISON_BYTES = Buffer.from(POISON);

export type Answer<T> = (result: T | StoreError) => void;

export type Database = {
  store: MemoryStore;
  flush(epoch: number, batch: FlushBatch, runsMs: number, answer: Answer<"committed" | "deposed">): void;
  acquire(
    holder: Holder,
    options: { leaseMs: number; insteadOf?: string | undefined; isOurs?: boolean },
    answer: Answer<{ epoch: number } | null>,
  ): void;
};

export function createDatabase(timeline: Timeline, history: History): Database {
  const store = createMemoryStore(() => EPOCH_MS + timeline.now());
  const { lease } = store.tables;
  let sharing = 0;
  const waiting: (() => void)[] = [];

  /** The lease row is free: those who wait for it go on in their order. */
  function released(): void {
    while (sharing === 0) {
      const next = waiting.shift();
      if (next === undefined) return;
      next();
    }
  }

  function commit(epoch: number, batch: FlushBatch, answer: Answer<"committed" | "deposed">): void {
    if (isPoisoned(batch)) return answer(new StoreError("data", "a value cannot be stored"));
    store.flush(epoch, batch).then(
      (result) => {
        if (result === "committed") history.record(epoch, batch);
        answer(result);
      },
      (error: StoreError) => answer(error),
    );
  }

  function begin(
    epoch: number,
    batch: FlushBatch,
    runsMs: number,
    answer: Answer<"committed" | "deposed">,
  ): void {
    if (epoch !== lease.epoch) return answer("deposed");
    sharing++;
    timeline.after(runsMs, () => {
      commit(epoch, batch, (result) => {
        sharing--;
        answer(result);
        released();
      });
    });
  }

  return {
    store,
    flush: (epoch, batch, runsMs, answer) => {
      if (waiting.length > 0) waiting.push(() => begin(epoch, batch, runsMs, answer));
      else begin(epoch, batch, runsMs, answer);
    },
    acquire: (holder, options, answer) => {
      const take = (): void => {
        store.acquire(holder, options).then(answer, answer);
      };
      if (sharing > 0) waiting.push(take);
      else take();
    },
  };
}

function isPoisoned(batch: FlushBatch): boolean {
  for (const turn of batch.turns) if (Buffer.from(turn.body).includes(POISON_BYTES)) return true;
  return false;
}
