// Intervals: a number of seconds, `90s`, `15m`, `1h30m`, `2d`, or ISO 8601 such as PT15M. Time that passes, not time
// on a clock: a day is 24 hours, whatever clocks do.
import { type Parsed, parsed, RuleError } from "./rule.ts";

const seconds: Record<string, number> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };
/** Ten years. */
const LONGEST_S = 315_360_000;

export function parseEvery(value: string | number): Parsed<{ everyMs: number }> {
  return parsed(() => {
    const total = typeof value === "number" ? value : secondsOf(value);
    if (!Number.isFinite(total) || total < 1 || total > LONGEST_S)
      throw new RuleError({
        code: "INTERVAL_INVALID",
        message: `"${value}" is no interval.`,
        remedy: "Give seconds from 1, or a text such as 90s, 15m, 1h30m, 2d or PT15M; at most ten years.",
      });
    return { everyMs: Math.round(total * 1000) };
  });
}

function secondsOf(text: string): number {
  const plain = text.trim().toLowerCase().replace(/\s+/g, "");
  if (/^\d+(\.\d+)?$/.test(plain)) return Number(plain);
  const iso = /^p(?:(\d+)w)?(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)?$/.exec(plain);
  if (iso)
    return ["w", "d", "h", "m", "s"].reduce(
      (sum, unit, at) => sum + Number(iso[at + 1] ?? 0) * (seconds[unit] ?? 0),
      0,
    );
  if (!/^(\d+(\.\d+)?[wdhms])+$/.test(plain)) return Number.NaN;
  return [...plain.matchAll(/([\d.]+)([wdhms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (seconds[unit ?? ""] ?? 0),
    0,
  );
}
