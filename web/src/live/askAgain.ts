// Asks again for what changed: at once when the last time is long ago, otherwise when its time has come, so that a busy
// server is not asked a thousand times for what a person reads once. A page that nobody sees waits until it is seen.
// A reading that is under way is let end: where changes come faster than the server answers, one that each of them cut
// short would never show anything. It began before the change, so it is followed by another one.
import { focusManager, type Query, type QueryClient, type QueryKey } from "@tanstack/react-query";

export type AskAgain = (key: QueryKey) => void;

const PAUSE_MS = 1_000;

/** @returns how to ask, and how to end it; after that nothing is asked any more. */
export function createAskAgain(client: QueryClient, pauseMs = PAUSE_MS): [ask: AskAgain, end: () => void] {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const askedAtMs = new Map<string, number>();
  const unseen = new Map<string, QueryKey>();
  const followed = new Set<Query>();
  let isOver = false;
  const read = (queryKey: QueryKey) => {
    const underWay = client.getQueryCache().findAll({ queryKey, type: "active", fetchStatus: "fetching" });
    void client.invalidateQueries({ queryKey }, { cancelRefetch: false });
    for (const query of underWay) {
      if (followed.has(query)) continue;
      followed.add(query);
      const onlyIt = { predicate: (one: Query) => one === query };
      void client.refetchQueries(onlyIt, { cancelRefetch: false }).then(() => {
        followed.delete(query);
        if (!isOver) ask(query.queryKey);
      });
    }
  };
  const now = (name: string, queryKey: QueryKey) => {
    timers.delete(name);
    if (!focusManager.isFocused()) return void unseen.set(name, queryKey);
    askedAtMs.set(name, performance.now());
    read(queryKey);
  };
  const ask: AskAgain = (key) => {
    const name = JSON.stringify(key);
    if (timers.has(name)) return;
    const waitMs = (askedAtMs.get(name) ?? Number.NEGATIVE_INFINITY) + pauseMs - performance.now();
    if (waitMs <= 0) now(name, key);
    else
      timers.set(
        name,
        setTimeout(() => now(name, key), waitMs),
      );
  };
  const unsubscribe = focusManager.subscribe((isFocused) => {
    if (!isFocused) return;
    const keys = [...unseen.values()];
    unseen.clear();
    for (const key of keys) ask(key);
  });
  return [
    ask,
    () => {
      isOver = true;
      unsubscribe();
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      unseen.clear();
    },
  ];
}
