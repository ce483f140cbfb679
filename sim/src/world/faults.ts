// Which faults a story has, drawn from its seed: each kind is present or absent, so that stories differ in character
// and not only in luck. `heal` ends them all; from then on everything must come to its end.
import type { Random } from "../random.ts";

export type Faults = {
  /** How likely an engine dies at one call to its storage. */
  crashPerCall: number;
  /** Times at which the leading engine dies, whatever it is doing. */
  crashesAtMs: number[];
  /** Machines that stand still for a while: [when, for how long]. */
  stalls: [atMs: number, forMs: number][];
  /** Jumps of the wall clock of all machines: [when, by how much]. */
  clockJumps: [atMs: number, byMs: number][];
  /** A second engine stands by from the beginning. */
  hasStandby: boolean;
  latencyMs: number;
  /** Share of calls to the storage that are very slow. */
  slow: number;
  unavailable: number;
  /** Share of flushes and lease calls whose answer is lost. */
  unknownOutcome: number;
  full: number;
  /** Times when the storage answers nobody: [from, to]. */
  outages: [fromMs: number, toMs: number][];
  /** Share of activity attempts that go wrong in some way. */
  activity: number;
  /** Share of activities that are slow. */
  slowActivity: number;
  /** Answers to clients that get lost on the way. */
  lostAnswer: number;
  /** Requests of people while executions run: pause, cancel, terminate. */
  meddling: number;
  endMs: number;
};

export function drawFaults(random: Random): Faults {
  const endMs = random.between(4_000, 20_000);
  const some = (share: number, values: readonly number[]): number =>
    random.chance(share) ? random.pick(values) : 0;
  const times = (count: number): number[] => Array.from({ length: count }, () => random.int(endMs));
  const isHarsh = random.chance(0.2);
  return {
    crashPerCall: some(0.6, isHarsh ? [0.02, 0.05] : [0.002, 0.006, 0.015]),
    crashesAtMs: times(random.chance(0.7) ? random.between(1, isHarsh ? 10 : 4) : 0),
    stalls: random.chance(0.4)
      ? times(random.between(1, 3)).map((at) => [at, random.between(500, 9_000)])
      : [],
    clockJumps: random.chance(0.25) ? times(random.between(1, 3)).map((at) => [at, jump(random)]) : [],
    hasStandby: random.chance(0.5),
    latencyMs: random.pick([0, 1, 3, 10, 40]),
    slow: some(0.3, [0.01, 0.05]),
    unavailable: some(0.4, [0.005, 0.03, 0.1]),
    unknownOutcome: some(0.4, [0.01, 0.05, 0.15]),
    full: some(0.1, [0.02]),
    outages: random.chance(0.2)
      ? times(1).map((at) => [at, at + random.between(500, 6_000)] as [number, number])
      : [],
    activity: some(0.7, [0.02, 0.1, 0.3]),
    slowActivity: some(0.4, [0.05, 0.3]),
    lostAnswer: some(0.4, [0.05, 0.2]),
    meddling: some(0.4, [0.1, 0.4]),
    endMs,
  };
}

/** Corrections of a clock are small, or an hour and more when somebody sets it; back it is set by less. */
function jump(random: Random): number {
  if (random.chance(0.5)) return random.between(-900, 900);
  return random.chance(0.6) ? random.between(1_000, 7_200_000) : -random.between(1_000, 20_000);
}

export function heal(faults: Faults): void {
  faults.crashPerCall = 0;
  faults.latencyMs = Math.min(faults.latencyMs, 3);
  faults.slow = 0;
  faults.unavailable = 0;
  faults.unknownOutcome = 0;
  faults.full = 0;
  faults.outages = [];
  faults.activity = 0;
  faults.slowActivity = 0;
  faults.lostAnswer = 0;
  faults.meddling = 0;
}
