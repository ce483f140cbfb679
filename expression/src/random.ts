// Chance from the recorded seed: the same evaluation always sees the same numbers.
import { charge, type Run } from "./run.ts";

export function randomOf(run: Run): number {
  run.random ??= generator(run.scope.seed);
  return run.random();
}

/** A short hash of the seed starts mulberry32, which is small and even enough for choosing items. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function uuidOf(run: Run): string {
  charge(run, 4);
  let text = "";
  for (let i = 0; i < 32; i++) {
    const digit =
      i === 12 ? 4 : i === 16 ? 8 + Math.floor(randomOf(run) * 4) : Math.floor(randomOf(run) * 16);
    text += digit.toString(16);
    if (i === 7 || i === 11 || i === 15 || i === 19) text += "-";
  }
  return text;
}
