// Ends that are told before it is known whose they are: an execution may be over before its start is answered, before its
// fire is written down, or while its schedule is read. Whoever is in the middle of one of these watches, and every end
// that is told meanwhile is kept for them.
import type { Entry } from "./entry.ts";
import type { Ended } from "./settle.ts";

export type Early = {
  /** Until the function that it gives is called, no end is missed. */
  watch(entries: readonly Entry[]): () => void;
  note(executionId: string, ended: Ended): void;
  take(executionId: string): Ended | undefined;
};

/** Of somebody who hangs: then those who watch are read again instead. */
const KEPT_MAX = 50_000;

export function createEarly(): Early {
  const kept = new Map<string, { ended: Ended; place: number }>();
  const watches = new Set<{ since: number; entries: readonly Entry[] }>();
  let place = 0;

  /** What was told before the oldest watch began is nobody's. */
  function sweep(): void {
    const [oldest] = watches;
    for (const [id, one] of kept) {
      if (oldest && one.place >= oldest.since) return;
      kept.delete(id);
    }
  }

  return {
    watch(entries) {
      const mine = { since: place, entries };
      watches.add(mine);
      return () => {
        watches.delete(mine);
        sweep();
      };
    },
    note(executionId, ended) {
      if (watches.size === 0) return;
      if (kept.size >= KEPT_MAX) {
        kept.clear();
        for (const { entries } of watches) for (const entry of entries) entry.isStale = true;
      }
      kept.set(executionId, { ended, place: place++ });
    },
    take(executionId) {
      const found = kept.get(executionId);
      kept.delete(executionId);
      return found?.ended;
    },
  };
}
