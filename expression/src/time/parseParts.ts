// From what a text says about a moment to the moment. Texts may leave out smaller units (then they are at their
// start) and larger ones (then they are those of now), as in luxon.
import type { Run } from "../run.ts";
import {
  dayOfWeek,
  daysInMonth,
  localMsOf,
  type Parts,
  partsOf,
  startOfYear,
  weeksInYear,
} from "./calendar.ts";
import { type DateTimeValue, invalidDateTime, makeDateTime } from "./dateTime.ts";
import { firstInstant, fixedZone, toInstant, type Zone } from "./zone.ts";

export type Found = Partial<Parts> & {
  weekYear?: number;
  weekNumber?: number;
  weekday?: number;
  ordinal?: number;
  /** Minutes ahead of UTC, if the text says so. */
  offset?: number;
  zone?: Zone;
  /** Milliseconds since 1970, if the text is a timestamp. */
  instant?: number;
};

const ORDER = ["year", "month", "day", "hour", "minute", "second", "millisecond"] as const;
const START: Parts = { year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };

export function resolve(
  run: Run,
  found: Found,
  zone: Zone,
  keepsZone: boolean,
  locale = "en-US",
): DateTimeValue {
  if (found.instant !== undefined) return makeDateTime(found.instant, zone, locale);
  const now = partsOf(run.scope.nowMs + zone.offsetAt(run.scope.nowMs) * 60_000);
  const parts = fillIn(found, now);
  const reason = outOfRange(parts, found);
  if (reason !== null) return invalidDateTime(reason, zone, locale);
  const localMs = localMsOf(parts);
  if (found.offset !== undefined) {
    const stated = fixedZone(found.offset);
    return makeDateTime(toInstant(localMs, found.offset, stated), keepsZone ? stated : zone, locale);
  }
  const from = found.zone ?? zone;
  return makeDateTime(firstInstant(localMs, from), found.zone && !keepsZone ? zone : from, locale);
}

function fillIn(found: Found, now: Parts): Parts {
  if (found.weekNumber !== undefined || (found.weekday !== undefined && found.day === undefined)) {
    const year = found.weekYear ?? found.year ?? now.year;
    const day = dayOfWeek(year, found.weekNumber ?? 1, found.weekday ?? 1);
    return { ...START, ...partsOf(day), ...clockOf(found) };
  }
  if (found.ordinal !== undefined) {
    const day = startOfYear(found.year ?? now.year) + (found.ordinal - 1) * 86_400_000;
    return { ...START, ...partsOf(day), ...clockOf(found) };
  }
  const parts: Parts = { ...START };
  let isBelow = false;
  for (const unit of ORDER) {
    const value = found[unit];
    if (value !== undefined) {
      parts[unit] = value;
      isBelow = true;
    } else if (!isBelow) parts[unit] = now[unit];
  }
  return parts;
}

function clockOf(found: Found): Pick<Parts, "hour" | "minute" | "second" | "millisecond"> {
  const { hour = 0, minute = 0, second = 0, millisecond = 0 } = found;
  return { hour, minute, second, millisecond };
}

function outOfRange(parts: Parts, found: Found): string | null {
  if (!(parts.month >= 1 && parts.month <= 12)) return "unit out of range";
  if (!(parts.day >= 1 && parts.day <= daysInMonth(parts.year, parts.month))) return "unit out of range";
  const { hour, minute, second, millisecond } = parts;
  const isMidnightAtEnd = hour === 24 && minute === 0 && second === 0 && millisecond === 0;
  if (!((hour >= 0 && hour < 24) || isMidnightAtEnd)) return "unit out of range";
  if (!(minute >= 0 && minute < 60 && second >= 0 && second < 60)) return "unit out of range";
  if (
    found.weekNumber !== undefined &&
    !(found.weekNumber >= 1 && found.weekNumber <= weeksInYear(found.weekYear ?? parts.year))
  ) {
    return "unit out of range";
  }
  return null;
}
