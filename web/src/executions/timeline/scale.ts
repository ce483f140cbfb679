// Where a moment stands between the start of an execution and its end (or now). Linear: a wait of an hour looks like an
// hour, whatever it does to the rest.
export type Scale = { fromMs: number; toMs: number };
export type Bar = { start: number; width: number };

const WIDTH_MIN = 0.4;

/** In percent of the whole; never so narrow that it cannot be seen. */
export function barOf({ fromMs, toMs }: Scale, startedAt: string, endedAt: string | null): Bar {
  const whole = Math.max(1, toMs - fromMs);
  const startMs = clamp(Date.parse(startedAt), fromMs, toMs);
  const endMs = endedAt === null ? toMs : clamp(Date.parse(endedAt), startMs, toMs);
  const width = Math.max(WIDTH_MIN, ((endMs - startMs) / whole) * 100);
  return { start: Math.min(((startMs - fromMs) / whole) * 100, 100 - width), width };
}

const TICKS_MAX = 4;

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000))
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 3, 6, 12].map((hours) => hours * 3_600_000))
  .concat([1, 2, 7, 14, 30, 90, 365].map((days) => days * 86_400_000));

/** Round durations after the start, so few that their labels stand beside each other on a narrow axis too. */
export function ticksOf({ fromMs, toMs }: Scale): { ms: number; at: number }[] {
  const whole = Math.max(1, toMs - fromMs);
  const step = steps.find((one) => whole / one < TICKS_MAX) ?? whole;
  const count = Math.floor(whole / step);
  return Array.from({ length: count + 1 }, (_, index) => ({
    ms: index * step,
    at: ((index * step) / whole) * 100,
  })).filter(({ at }) => at <= 96);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
