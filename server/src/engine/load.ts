// Brings executions back into memory: for an event, a timer, a child's end, a takeover. Loads of one execution are
// one load (two would make two states that both write), and loads asked for in one tick are one read.
import { messageOf } from "./errors.ts";
import type { LiveExecution } from "./execution.ts";
import { pause } from "./backoff.ts";
import { LOAD_PAGE } from "./limits.ts";
import { markBroken } from "./park.ts";
import type { Reign } from "./reign.ts";
import { restore } from "./restore.ts";
import { StoreError, type StoredExecution } from "./store.ts";

export type Found =
  | { kind: "live"; exec: LiveExecution }
  | { kind: "closed"; stored: StoredExecution }
  /** Set aside: it cannot be worked with. */
  | { kind: "broken"; message: string }
  | { kind: "missing" };

export type Loader = { get(id: string): Promise<Found> };

type Wanted = { id: string; resolve: (found: Found) => void };

export function createLoader(reignOf: () => Reign): Loader {
  const loading = new Map<string, Promise<Found>>();
  let wanted: Wanted[] = [];

  function gather(): void {
    const all = wanted;
    wanted = [];
    for (let from = 0; from < all.length; from += LOAD_PAGE) void read(all.slice(from, from + LOAD_PAGE));
  }

  async function read(page: Wanted[]): Promise<void> {
    const reign = reignOf();
    for (let attempt = 0; !reign.isOver; attempt++) {
      try {
        const stored = await reign.deps.store.load(page.map(({ id }) => id));
        for (const { id, resolve } of page) resolve(await found(reign, id, stored.get(id)));
        return;
      } catch (error) {
        reign.deps.log("warn", "executions could not be read", {
          error: messageOf(error),
          count: page.length,
        });
        const isCorrupt = error instanceof StoreError && error.kind === "corrupt";
        if (isCorrupt && page.length === 1)
          return page[0]?.resolve(broken(reign, page[0].id, messageOf(error)));
        // One bad history must not keep the others out.
        if (isCorrupt) {
          for (const one of page) await read([one]);
          return;
        }
        await pause(reign.deps.clock, attempt);
      }
    }
    // Nobody must hang on a reign that is over; each looks at `isOver` first.
    for (const { resolve } of page) resolve({ kind: "missing" });
  }

  return {
    get: (id) => {
      const reign = reignOf();
      const live = reign.live.get(id);
      if (live !== undefined) return Promise.resolve({ kind: "live", exec: live });
      const known = loading.get(id);
      if (known !== undefined) return known;
      const promise = new Promise<Found>((resolve) => {
        if (wanted.length === 0) reign.deps.clock.soon(gather);
        wanted.push({ id, resolve });
      });
      loading.set(id, promise);
      void promise.finally(() => loading.delete(id));
      return promise;
    },
  };
}

async function found(reign: Reign, id: string, stored: StoredExecution | undefined): Promise<Found> {
  if (stored === undefined || reign.isOver) return { kind: "missing" };
  try {
    return await restore(reign, stored);
  } catch (error) {
    return broken(reign, id, messageOf(error));
  }
}

/** Marked `parked`, so that nobody loads it again by itself. */
function broken(reign: Reign, id: string, message: string): Found {
  markBroken(reign, id, message);
  return { kind: "broken", message };
}
