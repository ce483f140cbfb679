// Brings executions back into memory: for an event, a timer, a child's end, a takeover. Loads of one execution are
// one load (two would make two states that both write), and loads asked for in one tick are one read.

import { pause } from "./backoff.ts";
import { messageOf, ReadTrouble } from "./errors.ts";
import type { LiveExecution } from "./execution.ts";
import { markBroken } from "./park.ts";
import type { Reign } from "./reign.ts";
import { isClosed, restore } from "./restore.ts";
import { type StoredExecution, StoreError } from "./store.ts";
import type { Suspects } from "./suspects.ts";

export type Found =
  | { kind: "live"; exec: LiveExecution }
  | { kind: "closed"; stored: StoredExecution }
  /** Set aside: it cannot be worked with. */
  | { kind: "broken"; message: string }
  | { kind: "missing" };

const DEADLY = "The process died three times while working on it.";

export type Loader = { get(id: string): Promise<Found> };

export function createLoader(reignOf: () => Reign): Loader {
  const loading = new Map<string, Promise<Found>>();

  /** After an unclean end of the process before this one. */
  async function loadSuspect(reign: Reign, suspects: Suspects, id: string): Promise<Found> {
    const isDeadly = (await suspects.admit(id)) === "park";
    return load(reign, id, isDeadly).finally(() => suspects.loaded(id));
  }

  async function load(reign: Reign, id: string, isDeadly: boolean): Promise<Found> {
    for (let attempt = 0; !reign.isOver; attempt++) {
      try {
        const stored = await read(reign, id, attempt);
        return isDeadly ? aside(reign, id, stored) : await found(reign, id, stored);
      } catch (error) {
        reign.deps.log("warn", "an execution could not be read", {
          executionId: id,
          error: messageOf(error),
        });
        const isCorrupt = error instanceof StoreError && error.kind === "corrupt";
        if (isCorrupt && attempt > 0) return broken(reign, id, messageOf(error));
        if (!isCorrupt) await pause(reign.deps.clock, attempt);
      }
    }
    // Nobody must hang on a reign that is over; each looks at `isOver` first.
    return { kind: "missing" };
  }

  return {
    get: (id) => {
      const reign = reignOf();
      const live = reign.live.get(id);
      if (live !== undefined) return Promise.resolve({ kind: "live", exec: live });
      const known = loading.get(id);
      if (known !== undefined) return known;
      const { suspects } = reign;
      const found = suspects === null ? load(reign, id, false) : loadSuspect(reign, suspects, id);
      const promise = found.finally(() => loading.delete(id));
      loading.set(id, promise);
      return promise;
    },
  };
}

/** After trouble alone: one bad history must not keep the others of its page out. */
async function read(reign: Reign, id: string, attempt: number): Promise<StoredExecution | undefined> {
  if (attempt === 0) return reign.bulkLoad(id);
  return (await reign.deps.store.load([id])).get(id);
}

async function found(reign: Reign, id: string, stored: StoredExecution | undefined): Promise<Found> {
  if (reign.isOver) return { kind: "missing" };
  // It may have been born while it was looked for.
  const living = reign.live.get(id);
  if (living !== undefined) return { kind: "live", exec: living };
  if (stored === undefined) return { kind: "missing" };
  try {
    return await restore(reign, stored);
  } catch (error) {
    if (isPassing(error)) throw error;
    return broken(reign, id, messageOf(error));
  }
}

/** What takes the process down is looked at, so that an end it reached after all stays its end, and not worked on. */
function aside(reign: Reign, id: string, stored: StoredExecution | undefined): Found {
  if (reign.isOver || stored === undefined) return { kind: "missing" };
  if (isClosed(stored)) return { kind: "closed", stored };
  return broken(reign, id, DEADLY);
}

/** The storage or the disk did not answer: nothing is wrong with the execution. */
function isPassing(error: unknown): boolean {
  return error instanceof ReadTrouble || (error instanceof StoreError && error.kind !== "corrupt");
}

/** Marked `parked`, so that nobody loads it again by itself. */
function broken(reign: Reign, id: string, message: string): Found {
  markBroken(reign, id, message);
  return { kind: "broken", message };
}
