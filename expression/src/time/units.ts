// Units of time, and moving a moment by them: luxon's plus, set, startOf and endOf.
import { charge, fail, type Run } from "../run.ts";
import {
  dayOfWeek,
  daysInMonth,
  localMsOf,
  type Parts,
  partsOf,
  startOfYear,
  weekdayOf,
  weekOf,
} from "./calendar.ts";
import { type DateTimeValue, makeDateTime } from "./dateTime.ts";
import { toInstant } from "./zone.ts";

export const UNITS = [
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
export type Unit = (typeof UNITS)[number];
export type Amounts = { [unit in Unit]?: number };

export const UNIT_MS: { readonly [unit in Unit]: number } = {
  years: 365 * 86_400_000,
  quarters: 91 * 86_400_000,
  months: 30 * 86_400_000,
  weeks: 7 * 86_400_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  milliseconds: 1,
};

export function unitOf(run: Run, name: string): Unit {
  const lower = name.slice(0, 20).toLowerCase();
  const unit = UNITS.find((known) => known === lower || known === `${lower}s`);
  if (unit) return unit;
  throw fail(
    run,
    "BAD_ARGUMENT",
    `"${name.slice(0, 20)}" is not a unit of time.`,
    "Use years, months, weeks, days, hours, minutes, seconds.",
  );
}

/** Years to days move on the calendar and keep the wall clock; hours and below move in exact time. */
export function plus(run: Run, of: DateTimeValue, amounts: Amounts): DateTimeValue {
  charge(run, 2);
  if (of.invalid !== null) return of;
  const whole = (unit: Unit) => Math.trunc(amounts[unit] ?? 0);
  const rest = (unit: Unit) => ((amounts[unit] ?? 0) - whole(unit)) * UNIT_MS[unit];
  const parts = of.parts;
  const year = parts.year + whole("years");
  const month = parts.month + whole("months") + whole("quarters") * 3;
  const day = Math.min(parts.day, daysInMonth(year, month)) + whole("days") + whole("weeks") * 7;
  let exact = rest("years") + rest("quarters") + rest("months") + rest("weeks") + rest("days");
  for (const unit of ["hours", "minutes", "seconds", "milliseconds"] as const)
    exact += (amounts[unit] ?? 0) * UNIT_MS[unit];
  const localMs = localMsOf({ ...parts, year, month, day });
  return makeDateTime(toInstant(localMs, of.offset, of.zone) + Math.trunc(exact), of.zone, of.locale);
}

export function negated(amounts: Amounts): Amounts {
  const result: Amounts = {};
  for (const unit of UNITS) if (amounts[unit] !== undefined) result[unit] = -(amounts[unit] ?? 0);
  return result;
}

export type Setting = Partial<Parts> & {
  weekday?: number;
  weekNumber?: number;
  weekYear?: number;
  ordinal?: number;
};

export function setParts(run: Run, of: DateTimeValue, setting: Setting): DateTimeValue {
  charge(run, 2);
  if (of.invalid !== null) return of;
  const localMs = localMsOf(mixed(of, setting));
  return makeDateTime(toInstant(localMs, of.offset, of.zone), of.zone, of.locale);
}

function mixed(of: DateTimeValue, setting: Setting): Parts {
  const parts = { ...of.parts, ...setting };
  const clock = {
    hour: parts.hour,
    minute: parts.minute,
    second: parts.second,
    millisecond: parts.millisecond,
  };
  if (setting.weekday !== undefined || setting.weekNumber !== undefined || setting.weekYear !== undefined) {
    const { weekYear, weekNumber } = weekOf(of.localMs);
    const weekday = setting.weekday ?? weekdayOf(of.localMs);
    return {
      ...partsOf(dayOfWeek(setting.weekYear ?? weekYear, setting.weekNumber ?? weekNumber, weekday)),
      ...clock,
    };
  }
  if (setting.ordinal !== undefined) {
    return { ...partsOf(startOfYear(parts.year) + (setting.ordinal - 1) * UNIT_MS.days), ...clock };
  }
  const day = setting.day ?? Math.min(parts.day, daysInMonth(parts.year, parts.month));
  return { year: parts.year, month: parts.month, day, ...clock };
}

export function startOf(run: Run, of: DateTimeValue, unit: Unit): DateTimeValue {
  const setting: Setting = { millisecond: 0 };
  const level = UNITS.indexOf(unit);
  if (unit === "milliseconds") return of;
  if (level <= UNITS.indexOf("minutes")) setting.second = 0;
  if (level <= UNITS.indexOf("hours")) setting.minute = 0;
  if (level <= UNITS.indexOf("days")) setting.hour = 0;
  if (unit === "weeks") setting.weekday = 1;
  if (unit === "months" || unit === "quarters" || unit === "years") setting.day = 1;
  if (unit === "years") setting.month = 1;
  if (unit === "quarters") setting.month = (Math.ceil(of.parts.month / 3) - 1) * 3 + 1;
  return setParts(run, of, setting);
}

export function endOf(run: Run, of: DateTimeValue, unit: Unit): DateTimeValue {
  const next = startOf(run, plus(run, of, { [unit]: 1 }), unit);
  return plus(run, next, { milliseconds: -1 });
}

export function startOfDay(run: Run, of: DateTimeValue): DateTimeValue {
  return startOf(run, of, "days");
}
