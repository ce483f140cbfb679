// A binary heap of things with a time, earliest first; equal times come out in the order they went in, so that the
// simulation sees the same order every time.

export type Timed<T> = { at: number; order: number; value: T };

export type Heap<T> = {
  push(at: number, value: T): void;
  peek(): Timed<T> | undefined;
  pop(): Timed<T> | undefined;
  size(): number;
};

export function createHeap<T>(): Heap<T> {
  const entries: Timed<T>[] = [];
  let order = 0;
  return {
    push: (at, value) => {
      entries.push({ at, order: order++, value });
      rise(entries, entries.length - 1);
    },
    peek: () => entries[0],
    pop: () => {
      const first = entries[0];
      const last = entries.pop();
      if (first !== undefined && last !== undefined && last !== first) {
        entries[0] = last;
        sink(entries);
      }
      return first;
    },
    size: () => entries.length,
  };
}

function isBefore(a: Timed<unknown>, b: Timed<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function rise(entries: Timed<unknown>[], from: number): void {
  const entry = entries[from];
  if (entry === undefined) return;
  let index = from;
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = entries[above];
    if (parent === undefined || !isBefore(entry, parent)) break;
    entries[index] = parent;
    index = above;
  }
  entries[index] = entry;
}

function sink(entries: Timed<unknown>[]): void {
  const entry = entries[0];
  if (entry === undefined) return;
  let index = 0;
  for (;;) {
    const left = index * 2 + 1;
    const a = entries[left];
    if (a === undefined) break;
    const b = entries[left + 1];
    const isRight = b !== undefined && isBefore(b, a);
    const child = isRight ? b : a;
    if (!isBefore(child, entry)) break;
    entries[index] = child;
    index = isRight ? left + 1 : left;
  }
  entries[index] = entry;
}
