// Rates: a bucket is known by the time at which it will be empty, and each event that passes moves it by one interval.
//
// These times are doubles, and events of one moment meet the limit exactly: a sum that is off by the smallest bit drops
// the last one that may pass, or takes a full bucket for one of another time. So the interval is cut to a step that such
// a time can hold (until the year 2109), and all sums and differences of such times are exact.
const STEPS_PER_MS = 1_024;

export type Rate = { limit: number; perSeconds: number };

/** Between two events, ms. */
export function intervalOf({ limit, perSeconds }: Rate): number {
  return Math.max(1, Math.floor((perSeconds * 1_000 * STEPS_PER_MS) / limit)) / STEPS_PER_MS;
}

/** When the bucket will be empty once this event has passed; undefined: it does not. `limit` at once, as many again per period. */
export function passBucket(rate: Rate, emptyMs: number | undefined, receivedMs: number): number | undefined {
  const interval = intervalOf(rate);
  const known = emptyMs ?? 0;
  // No bucket is fuller than full: the clock was set back, and what it knows is of another time.
  const fromMs = known > receivedMs + rate.limit * interval ? receivedMs : Math.max(known, receivedMs);
  return fromMs - receivedMs > (rate.limit - 1) * interval ? undefined : fromMs + interval;
}

/** When the next one may start, given the gate of those before: 0 = none stands in its way. */
export function openThrottle(rate: Rate & { burst?: number }, gateMs: number | null, nowMs: number): number {
  const burst = rate.burst ?? 1;
  if (gateMs === null || isOfAnotherTime(rate, gateMs, nowMs)) return 0;
  return gateMs - (burst - 1) * intervalOf(rate);
}

/** The gate after one that starts now. */
export function nextGate(rate: Rate & { burst?: number }, gateMs: number | null, nowMs: number): number {
  const isUnknown = gateMs === null || isOfAnotherTime(rate, gateMs, nowMs);
  return (isUnknown ? nowMs : Math.max(nowMs, gateMs)) + intervalOf(rate);
}

/** No gate is further away than this: the clock was set back. */
function isOfAnotherTime(rate: Rate & { burst?: number }, gateMs: number, nowMs: number): boolean {
  return gateMs > nowMs + ((rate.burst ?? 1) + 1) * intervalOf(rate);
}

/** When the one starts that stands behind so many others, if all of them start as soon as they may. */
export function turnOfThrottle(
  rate: Rate & { burst?: number },
  gateMs: number | null,
  nowMs: number,
  before: number,
): number {
  const isOpen = gateMs === null || isOfAnotherTime(rate, gateMs, nowMs);
  const fromMs = isOpen ? nowMs : Math.max(nowMs, gateMs);
  return Math.max(nowMs, fromMs + (before - (rate.burst ?? 1) + 1) * intervalOf(rate));
}
