// Chance from a seed. Every concern of a story has a stream of its own, so that drawing more in one place does not
// change what happens in another.

export type Random = {
  /** 0 <= value < 1. */
  next(): number;
  /** 0 <= value < below. */
  int(below: number): number;
  /** from <= value <= to. */
  between(from: number, to: number): number;
  chance(share: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** Another stream, named. */
  stream(name: string): Random;
};

export function createRandom(seed: string): Random {
  let a = hash(seed, 1);
  let b = hash(seed, 2);
  let c = hash(seed, 3);
  let count = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let warm = 0; warm < 12; warm++) next();
  const int = (below: number): number => Math.floor(next() * below);
  return {
    next,
    int,
    between: (from, to) => from + int(to - from + 1),
    chance: (share) => share > 0 && next() < share,
    pick: <T>(values: readonly T[]) => values[int(values.length)] as T,
    stream: (name) => createRandom(`${seed}/${name}`),
  };
}

/** 32 bits of a text; `salt` gives independent ones. */
export function hash(text: string, salt = 0): number {
  let value = (0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1)) | 0;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
