// Time in zones. A moment is milliseconds since 1970; a wall time is the milliseconds that a clock on the wall of the
// zone would show if it were UTC. A wall time that does not exist (clocks go forward) counts as the moment as far
// after the gap as it lies in it; one that comes twice (clocks go back) counts as the first of the two.
const formats = new Map<string, Intl.DateTimeFormat>();
const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?$/i;

export function isZone(zone: string): boolean {
  if (/^(utc|gmt|z)$/i.test(zone) || fixedOffset(zone) !== undefined) return true;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds that the zone is ahead of UTC at the moment. */
export function offsetAt(ms: number, zone: string): number {
  if (/^(utc|gmt|z)$/i.test(zone)) return 0;
  const given = fixedOffset(zone);
  if (given !== undefined) return given;
  const field: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(ms)) {
    if (type !== "literal" && type !== "era") field[type] = Number(value);
  }
  const wall = utc(
    field.year ?? 0,
    field.month ?? 1,
    field.day ?? 1,
    field.hour ?? 0,
    field.minute ?? 0,
    field.second ?? 0,
  );
  return wall - Math.floor(ms / 1000) * 1000;
}

/** Milliseconds of a date in UTC, also for years below 100. */
export function utc(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  ms = 0,
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

export function toWall(ms: number, zone: string): number {
  return ms + offsetAt(ms, zone);
}

export function fromWall(wall: number, zone: string): number {
  const before = offsetAt(wall - 86_400_000, zone);
  const after = offsetAt(wall + 86_400_000, zone);
  if (offsetAt(wall - before, zone) === before) return wall - before;
  if (offsetAt(wall - after, zone) === after) return wall - after;
  // In the gap: the offset from before it moves the time forward by the length of the gap.
  return wall - before;
}

function fixedOffset(zone: string): number | undefined {
  const match = fixed.exec(zone);
  if (!match || Number(match[2]) > 18) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (formats.size >= 100) formats.clear();
  formats.set(zone, made);
  return made;
}
