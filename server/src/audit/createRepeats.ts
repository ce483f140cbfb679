// Many of the same are two: the first at once, and after a minute the number of the others. So that who floods the server
// with wrong keys does not fill its log.

export type Repeats<Fact> = { put(key: string, fact: Fact): void; stop(): void };

const WINDOW_MS = 60_000;
const KEYS_MAX = 5_000;

export function createRepeats<Fact>(write: (fact: Fact, count: number) => void): Repeats<Fact> {
  const open = new Map<string, { fact: Fact; further: number }>();
  let timer: NodeJS.Timeout | undefined;
  return {
    put(key, fact) {
      const found = open.get(key);
      if (found !== undefined) {
        found.further += 1;
        return;
      }
      // More different ones than that within a minute count together.
      const isFull = open.size >= KEYS_MAX;
      const name = isFull ? "others" : key;
      const others = open.get(name);
      if (others !== undefined) {
        others.further += 1;
        return;
      }
      open.set(name, { fact, further: 0 });
      write(fact, 1);
      timer ??= setInterval(flush, WINDOW_MS).unref();
    },
    stop() {
      flush();
      clearInterval(timer);
    },
  };

  function flush(): void {
    for (const { fact, further } of open.values()) if (further > 0) write(fact, further);
    open.clear();
    clearInterval(timer);
    timer = undefined;
  }
}
