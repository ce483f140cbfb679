// Every limit of the expression language, in one place.
// All are counted, never timed, so that a replay on another machine stops at exactly the same place.
// One unit of work is about one call, callback or visited element; text costs length/16.

export type Limits = {
  readonly sourceLength: number;
  readonly astNodes: number;
  readonly astLevels: number;
  readonly work: number;
  readonly memory: number;
  readonly textLength: number;
  readonly callDepth: number;
  readonly stackLevels: number;
  readonly dataLevels: number;
  readonly resultBytes: number;
};

export const LIMITS: Limits = Object.freeze({
  sourceLength: 16_384,
  astNodes: 4_000,
  astLevels: 200,
  work: 1_000_000,
  memory: 8 * 1024 * 1024,
  textLength: 1024 * 1024,
  callDepth: 64,
  // Levels of all active functions together. 64 calls of a 200-level body would overflow the host stack,
  // which depends on the machine; this bound is reached first and is the same everywhere.
  stackLevels: 1_500,
  dataLevels: 200,
  resultBytes: 8 * 1024 * 1024,
});

// What the counters assume things to weigh, in bytes.
export const LIST_BYTES = 16;
export const ELEMENT_BYTES = 8;
export const OBJECT_BYTES = 16;
export const KEY_BYTES = 32;
// A large object with ever new keys is the slowest thing the language can build: 4 units per key.
export const KEY_WORK = 4;
