// Calendar sums on wall times: adding months keeps the day where it can, weeks begin on Monday.
import { fromWall, toWall, utc } from "./zone.ts";

export const units = [
  "years",
  "quarters",
  "months",
  "weeks",
  "days",
  "hours",
  "minutes",
  "seconds",
  "milliseconds",
] as const;
export type Unit = (typeof units)[number];

const fixedMs: Partial<Record<Unit, number>> = {
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  milliseconds: 1,
};
export const dayMs = 86_400_000;

/** Days and longer are counted on the calendar of the zone, hours and shorter in real time. */
export function add(ms: number, amount: number, unit: Unit, zone: string): number {
  const fixed = fixedMs[unit];
  if (fixed !== undefined) return ms + amount * fixed;
  const wall = toWall(ms, zone);
  if (unit === "days" || unit === "weeks") {
    return fromWall(wall + amount * dayMs * (unit === "weeks" ? 7 : 1), zone);
  }
  const months = amount * (unit === "years" ? 12 : unit === "quarters" ? 3 : 1);
  return fromWall(addMonths(wall, months), zone);
}

/** 31 January plus a month is the last day of February. */
function addMonths(wall: number, months: number): number {
  const date = new Date(wall);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const year = Math.floor(month / 12);
  const day = Math.min(date.getUTCDate(), new Date(utc(year, month - year * 12 + 2, 0)).getUTCDate());
  const time = wall - Math.floor(wall / dayMs) * dayMs;
  return utc(year, month - year * 12 + 1, day) + time;
}

/** `skip`: days of the week that do not count (1 is Monday); `holidays`: dates as yyyy-MM-dd. */
export function addWorkdays(ms: number, amount: number, zone: string, holidays: ReadonlySet<string>): number {
  let wall = toWall(ms, zone);
  const direction = amount < 0 ? -dayMs : dayMs;
  for (let left = Math.abs(amount); left > 0; ) {
    wall += direction;
    if (isWorkday(wall, holidays)) left -= 1;
  }
  return fromWall(wall, zone);
}

function isWorkday(wall: number, holidays: ReadonlySet<string>): boolean {
  return weekday(wall) <= 5 && !holidays.has(new Date(wall).toISOString().slice(0, 10));
}

export function weekday(wall: number): number {
  return new Date(wall).getUTCDay() || 7;
}

export function startOf(ms: number, unit: Unit, zone: string): number {
  const wall = toWall(ms, zone);
  const date = new Date(wall);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case "years":
      return fromWall(utc(year, 1, 1), zone);
    case "quarters":
      return fromWall(utc(year, month - (month % 3) + 1, 1), zone);
    case "months":
      return fromWall(utc(year, month + 1, 1), zone);
    case "weeks":
      return fromWall((Math.floor(wall / dayMs) - weekday(wall) + 1) * dayMs, zone);
    case "days":
      return fromWall(Math.floor(wall / dayMs) * dayMs, zone);
    default: {
      // Within the same offset: an hour that comes twice has two starts.
      const size = fixedMs[unit] ?? 1;
      return ms - (wall - Math.floor(wall / size) * size);
    }
  }
}

/** The last millisecond. */
export function endOf(ms: number, unit: Unit, zone: string): number {
  const start = startOf(ms, unit, zone);
  return add(start, 1, unit, zone) - 1;
}

/** Whole units from one moment to another, below zero when it lies before; or with the rest as a fraction. */
export function difference(from: number, to: number, unit: Unit, zone: string, isExact: boolean): number {
  const fixed = fixedMs[unit];
  if (fixed !== undefined) return isExact ? (to - from) / fixed : Math.trunc((to - from) / fixed) + 0;
  if (to < from) return -difference(to, from, unit, zone, isExact) + 0;
  const lengths: Partial<Record<Unit, number>> = { years: 366, quarters: 92, months: 31, weeks: 7, days: 1 };
  let whole = Math.max(0, Math.floor((to - from) / ((lengths[unit] ?? 1) * dayMs)) - 1);
  while (add(from, whole + 1, unit, zone) <= to) whole += 1;
  if (!isExact) return whole;
  const start = add(from, whole, unit, zone);
  const end = add(from, whole + 1, unit, zone);
  return whole + (to - start) / (end - start);
}
