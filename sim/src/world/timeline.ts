// Virtual time: what is to happen, in order. One event at a time, and all promises that follow from it before the
// next one, so a story is a function of its seed.
//
// Invariant: events of the same moment happen in the order in which they were asked for.

export type Timeline = {
  /** Milliseconds since the story began. */
  now(): number;
  /** Gives what takes it back. */
  after(delayMs: number, act: () => void): () => void;
  /** Real work outside of the world, such as a statement: time stands still until it is done. */
  hold(work: Promise<unknown>): void;
  /** Plays until `isOver` or until nothing is left or the moment has come; says which. */
  play(isOver: () => boolean, untilMs: number): Promise<Outcome>;
  events(): number;
};

/** `busy`: time stands still, because somebody goes round and round without waiting. */
export type Outcome = "over" | "empty" | "late" | "busy";

const BUSY_EVENTS = 50_000;

type Entry = { at: number; order: number; act: (() => void) | null };

export function createTimeline(): Timeline {
  const heap: Entry[] = [];
  let now = 0;
  let order = 0;
  let events = 0;
  let sameMoment = 0;
  let held: Promise<unknown> | undefined;

  function push(entry: Entry): void {
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Entry;
      if (!isBefore(entry, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  function pop(): Entry | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[place] = heap[child] as Entry;
      place = child;
    }
    heap[place] = last;
    return first;
  }

  return {
    now: () => now,
    events: () => events,
    after: (delayMs, act) => {
      const entry: Entry = { at: now + Math.max(0, delayMs), order: order++, act };
      push(entry);
      return () => {
        entry.act = null;
      };
    },
    hold: (work) => {
      held = held === undefined ? work : Promise.all([held, work]);
    },
    play: (isOver, untilMs) =>
      new Promise((resolve, reject) => {
        const step = (): void => {
          if (isOver()) return resolve("over");
          let entry = pop();
          while (entry !== undefined && entry.act === null) entry = pop();
          if (entry === undefined) return resolve("empty");
          if (entry.at > untilMs) {
            push(entry);
            return resolve("late");
          }
          sameMoment = entry.at > now ? 0 : sameMoment + 1;
          if (sameMoment > BUSY_EVENTS) return resolve("busy");
          now = entry.at;
          events++;
          try {
            entry.act?.();
          } catch (error) {
            return reject(error);
          }
          goOn();
        };
        // A turn of the real event loop: every promise that can settle has settled before the next event.
        const goOn = (): void => {
          const work = held;
          held = undefined;
          if (work === undefined) setImmediate(step);
          else work.then(goOn, reject);
        };
        step();
      }),
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
