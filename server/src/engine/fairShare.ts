// Organizations take turns when there is more work than one flush, or one tick, can hold: a burst of one must not keep
// the others waiting until it is over. The order within an organization stays, so that of each execution does too.

/** One of each organization after the other, in the order in which they first appear; the same list when it is one. */
export function inTurns<T>(items: readonly T[], orgOf: (item: T) => string): readonly T[] {
  const first = items[0];
  if (first === undefined) return items;
  const firstOrg = orgOf(first);
  if (items.every((item) => orgOf(item) === firstOrg)) return items;
  const byOrg = Map.groupBy(items, orgOf);
  const ordered: T[] = [];
  let lists = [...byOrg.values()];
  for (let at = 0; lists.length > 0; at++) {
    for (const list of lists) {
      const item = list[at];
      if (item !== undefined) ordered.push(item);
    }
    lists = lists.filter((list) => list.length > at + 1);
  }
  return ordered;
}
