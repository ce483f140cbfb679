// What each organization journals a second, and whether it may begin more. A leaky bucket: turns and bytes go in as they
// are committed, and drain at the rate of the limit; over `BURST_S` seconds' worth, nothing new begins until it has
// drained. What runs goes on, taking turns with the others (fairShare.ts): stopping it half-way would free nothing.
//
// Only organizations with a limit are counted.
import type { OrgLimits } from "./engine.types.ts";

/** An organization may use this much of its rate at once. */
export const BURST_S = 10;

type Bucket = { turns: number; bytes: number; atMs: number };

export type OrgRates = Map<string, Bucket>;

/** Of an organization that has a rate. */
export function countTurn(
  rates: OrgRates,
  orgId: string,
  limits: OrgLimits,
  turn: { bytes: number; nowMs: number },
): void {
  const bucket = drained(rates, orgId, limits, turn.nowMs);
  bucket.turns += 1;
  bucket.bytes += turn.bytes;
}

/** Milliseconds until the organization may begin something new; 0 = now. */
export function waitMs(rates: OrgRates, orgId: string, limits: OrgLimits, nowMs: number): number {
  if (!hasRate(limits) || !rates.has(orgId)) return 0;
  const { turns, bytes } = drained(rates, orgId, limits, nowMs);
  const over = (level: number, perSecond: number) =>
    perSecond === Number.POSITIVE_INFINITY ? 0 : (level / perSecond - BURST_S) * 1000;
  return Math.max(
    0,
    Math.ceil(over(turns, limits.turnsPerSecondMax)),
    Math.ceil(over(bytes, limits.bytesPerSecondMax)),
  );
}

function drained(rates: OrgRates, orgId: string, limits: OrgLimits, nowMs: number): Bucket {
  const known = rates.get(orgId);
  if (known === undefined) {
    const fresh = { turns: 0, bytes: 0, atMs: nowMs };
    rates.set(orgId, fresh);
    return fresh;
  }
  const seconds = Math.max(0, nowMs - known.atMs) / 1000;
  known.turns = drain(known.turns, limits.turnsPerSecondMax * seconds);
  known.bytes = drain(known.bytes, limits.bytesPerSecondMax * seconds);
  known.atMs = nowMs;
  return known;
}

/** Without a bound nothing is left, also after no time at all (Infinity x 0 is not a number). */
function drain(level: number, drainedNow: number): number {
  return Number.isNaN(drainedNow) ? 0 : Math.max(0, level - drainedNow);
}

export function hasRate({ turnsPerSecondMax, bytesPerSecondMax }: OrgLimits): boolean {
  return turnsPerSecondMax !== Number.POSITIVE_INFINITY || bytesPerSecondMax !== Number.POSITIVE_INFINITY;
}
