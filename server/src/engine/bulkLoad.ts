// Reads of stored executions that are asked for in one tick are one read: ten thousand callers that wait for ten
// thousand sleepers must not be ten thousand queries.
import type { Clock } from "./engine.types.ts";
import { LOAD_PAGE } from "./limits.ts";
import type { Store, StoredExecution } from "./store.ts";

export type BulkLoad = (id: string) => Promise<StoredExecution | undefined>;

type Wanted = {
  id: string;
  resolve: (stored: StoredExecution | undefined) => void;
  reject: (error: unknown) => void;
};

export function createBulkLoad(store: Store, clock: Clock): BulkLoad {
  let wanted: Wanted[] = [];

  function gather(): void {
    const all = wanted;
    wanted = [];
    for (let from = 0; from < all.length; from += LOAD_PAGE) read(all.slice(from, from + LOAD_PAGE));
  }

  function read(page: Wanted[]): void {
    store.load([...new Set(page.map(({ id }) => id))]).then(
      (found) => {
        for (const { id, resolve } of page) resolve(found.get(id));
      },
      (error) => {
        for (const { reject } of page) reject(error);
      },
    );
  }

  return (id) =>
    new Promise((resolve, reject) => {
      if (wanted.length === 0) clock.soon(gather);
      wanted.push({ id, resolve, reject });
    });
}
