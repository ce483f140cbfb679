// Time zones on the host's own tables (Intl), and the way from wall clock to instant.
// Caches hold only facts about zones; the work charged never depends on what they hold.
import { charge, fail, type Run } from "../run.ts";
import { localMsOf } from "./calendar.ts";

export type Zone = {
  readonly name: string;
  readonly isFixed: boolean;
  /** Minutes ahead of UTC at this instant. */
  offsetAt(ms: number): number;
};

export const UTC: Zone = { name: "UTC", isFixed: true, offsetAt: () => 0 };

const KNOWN_ZONES_MAX = 100;
const OFFSETS_MAX = 500;
const QUARTER_MS = 900_000;
// About what making a formatter for a new zone costs the host.
const ZONE_WORK = 100;

const known = new Map<string, Zone | null>();

/** undefined when there is no such zone. */
export function findZone(run: Run, name: string): Zone | undefined {
  if (name.length > 60) return undefined;
  const text = name.trim();
  if (/^(?:utc|gmt|z)$/i.test(text)) return UTC;
  const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(text.slice(0, 20));
  if (fixed) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3] ?? 0);
    return fixedZone(fixed[1] === "-" ? -minutes : minutes);
  }
  if (text === "local" || text === "system" || text === "default") return findZone(run, run.scope.zone);
  charge(run, ZONE_WORK);
  return namedZone(text);
}

export function zoneOr(run: Run, name: string): Zone {
  const zone = name === "local" ? UTC : findZone(run, name);
  if (zone) return zone;
  throw fail(
    run,
    "UNKNOWN_ZONE",
    `"${name.slice(0, 40)}" is not a time zone.`,
    'Use a name such as "Europe/Berlin".',
  );
}

export function fixedZone(offset: number): Zone {
  if (offset === 0) return UTC;
  const sign = offset < 0 ? "-" : "+";
  const hours = Math.floor(Math.abs(offset) / 60);
  const minutes = Math.abs(offset) % 60;
  const name = `UTC${sign}${hours}${minutes > 0 ? `:${String(minutes).padStart(2, "0")}` : ""}`;
  return { name, isFixed: true, offsetAt: () => offset };
}

function namedZone(name: string): Zone | undefined {
  const key = name.slice(0, 60);
  let zone = known.get(key);
  if (zone === undefined) {
    zone = makeZone(key);
    if (known.size >= KNOWN_ZONES_MAX) known.clear();
    known.set(key, zone);
  }
  return zone ?? undefined;
}

function makeZone(name: string): Zone | null {
  let formatter: Intl.DateTimeFormat;
  try {
    formatter = new Intl.DateTimeFormat("en-US", {
      hourCycle: "h23",
      timeZone: name,
      era: "short",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  } catch {
    return null;
  }
  const offsets = new Map<number, number>();
  const offsetAt = (ms: number): number => {
    if (!(Math.abs(ms) <= 8.64e15)) return 0;
    // Since 1970 zones change only at full quarters of an hour.
    if (ms < 0) return readOffset(formatter, ms);
    const quarter = Math.floor(ms / QUARTER_MS);
    const seen = offsets.get(quarter);
    if (seen !== undefined) return seen;
    const offset = readOffset(formatter, ms);
    if (offsets.size >= OFFSETS_MAX) offsets.clear();
    offsets.set(quarter, offset);
    return offset;
  };
  return { name, isFixed: false, offsetAt };
}

function readOffset(formatter: Intl.DateTimeFormat, ms: number): number {
  const parts = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };
  let isBeforeChrist = false;
  for (const { type, value } of formatter.formatToParts(ms)) {
    if (type === "era") isBeforeChrist = value.startsWith("B");
    else if (type in parts) parts[type as keyof typeof parts] = Number(value);
  }
  if (isBeforeChrist) parts.year = 1 - parts.year;
  const wholeSeconds = ms - (((ms % 1000) + 1000) % 1000);
  return (localMsOf(parts) - wholeSeconds) / 60_000;
}

/**
 * Wall clock to instant, by luxon's rules: in a gap the clock moves forward by the gap; in a repeat the
 * assumed offset wins if it is one of the two.
 */
export function toInstant(localMs: number, assumedOffset: number, zone: Zone): number {
  const guess = localMs - assumedOffset * 60_000;
  const second = zone.offsetAt(guess);
  if (second === assumedOffset) return guess;
  const corrected = localMs - second * 60_000;
  const third = zone.offsetAt(corrected);
  if (third === second) return corrected;
  return localMs - Math.min(second, third) * 60_000;
}

/** For a wall clock that comes from nowhere: of a repeated hour, the first. */
export function firstInstant(localMs: number, zone: Zone): number {
  return toInstant(localMs, zone.offsetAt(localMs - 86_400_000), zone);
}
