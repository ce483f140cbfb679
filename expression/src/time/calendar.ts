// The calendar, without zones: a "local" number of milliseconds is what a clock on the wall shows, counted as if
// it were UTC. Pure arithmetic on the proleptic Gregorian calendar, as in JavaScript.

export type Parts = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
};

const DAY_MS = 86_400_000;

export function partsOf(localMs: number): Parts {
  const date = new Date(localMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** Parts may be out of range: month 13 is January of the next year. */
export function localMsOf(parts: Parts): number {
  const { year, month, day, hour, minute, second, millisecond } = parts;
  const date = new Date(0);
  // Date.UTC would read the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millisecond);
  return date.getTime();
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  const index = (((month - 1) % 12) + 12) % 12;
  const actualYear = year + Math.floor((month - 1) / 12);
  if (index === 1) return isLeapYear(actualYear) ? 29 : 28;
  return index === 3 || index === 5 || index === 8 || index === 10 ? 30 : 31;
}

export function daysInYear(year: number): number {
  return isLeapYear(year) ? 366 : 365;
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(localMs: number): number {
  return ((((Math.floor(localMs / DAY_MS) + 3) % 7) + 7) % 7) + 1;
}

export function ordinalOf(localMs: number): number {
  const { year } = partsOf(localMs);
  return Math.floor((localMs - startOfYear(year)) / DAY_MS) + 1;
}

export function startOfYear(year: number): number {
  return localMsOf({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 });
}

/** ISO weeks: week 1 holds the first Thursday of its year. */
export function weekOf(localMs: number): { weekYear: number; weekNumber: number } {
  const thursday = localMs + (4 - weekdayOf(localMs)) * DAY_MS;
  const weekYear = partsOf(thursday).year;
  return { weekYear, weekNumber: Math.floor((ordinalOf(thursday) - 1) / 7) + 1 };
}

/** The day (at midnight) of an ISO week. */
export function dayOfWeek(weekYear: number, weekNumber: number, weekday: number): number {
  const fourth = startOfYear(weekYear) + 3 * DAY_MS;
  const firstMonday = fourth - (weekdayOf(fourth) - 1) * DAY_MS;
  return firstMonday + ((weekNumber - 1) * 7 + weekday - 1) * DAY_MS;
}

export function weeksInYear(weekYear: number): number {
  return (dayOfWeek(weekYear + 1, 1, 1) - dayOfWeek(weekYear, 1, 1)) / (7 * DAY_MS);
}
