// Gathers what happens at the same moment into one statement: one under way, the rest together in the next.
// Trouble rejects those whose statement it was.

export type Batches<Item, Result> = { put(item: Item): Promise<Result> };

export function createBatches<Item, Result>(
  write: (items: readonly Item[]) => Promise<Result>,
  options: {
    max: number;
    /** Two of the same never stand in one statement. */
    keyOf?: (item: Item) => string;
  },
): Batches<Item, Result> {
  type Waiting = { item: Item; resolve(result: Result): void; reject(error: unknown): void };
  let waiting: Waiting[] = [];
  let isBusy = false;

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    // What the same moment brings comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = take();
      try {
        const result = await write(batch.map(({ item }) => item));
        for (const one of batch) one.resolve(result);
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    isBusy = false;
  }

  function take(): Waiting[] {
    const keys = new Set<string>();
    const [batch, rest]: [Waiting[], Waiting[]] = [[], []];
    for (const one of waiting) {
      const key = options.keyOf?.(one.item);
      const isFree = batch.length < options.max && (key === undefined || !keys.has(key));
      (isFree ? batch : rest).push(one);
      if (key !== undefined) keys.add(key);
    }
    waiting = rest;
    return batch;
  }

  return {
    put: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        void work();
      }),
  };
}
