// What the practice service remembers while it runs, and its one source of chance.
//
// Invariant: the same seed and the same order of calls give the same answers; nothing depends on the clock except
// the pauses a caller asks for, the rate window, and dates in `Retry-After`.

export type Effect = {
  id: string;
  kind: string;
  idempotencyKey: string | null;
  /** What the effect is about (order, payment, sku ...): two effects about the same thing are a duplicate. */
  reference: string | null;
  request: Record<string, unknown>;
  answer: Record<string, unknown>;
  /** Calls that led here: 1, and one more for each repeat with the same key. */
  calls: number;
};

export type PracticeRequest = { method: string; path: string; query: Record<string, string>; status: number };

export type PracticeState = {
  seed: string;
  /** Calls so far, per counter. */
  counts: Map<string, number>;
  windows: Map<string, { startedMs: number; used: number }>;
  effects: Effect[];
  effectsByKey: Map<string, Effect>;
  calls: PracticeRequest[];
};

const callsKept = 10_000;

export function createState(seed: string): PracticeState {
  return { seed, counts: new Map(), windows: new Map(), effects: [], effectsByKey: new Map(), calls: [] };
}

export function resetState(state: PracticeState): void {
  state.counts.clear();
  state.windows.clear();
  state.effects.length = 0;
  state.effectsByKey.clear();
  state.calls.length = 0;
}

/** How many calls of this counter there were, this one included. */
export function countCall(state: PracticeState, counter: string): number {
  const count = (state.counts.get(counter) ?? 0) + 1;
  state.counts.set(counter, count);
  return count;
}

export function recordCall(state: PracticeState, call: PracticeRequest): void {
  if (state.calls.length >= callsKept) state.calls.splice(0, callsKept / 2);
  state.calls.push(call);
}

/** A number from 0 to 1 that belongs to these words: FNV-1a, then a final mix. */
export function chance(...words: (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of words.join("\u0000")) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
