// The difference of two moments in the units asked for, as luxon counts it: whole calendar units first,
// what is left in exact time, and a fraction of the smallest unit if that is a calendar unit.
import { charge, type Run } from "../run.ts";
import { localMsOf, partsOf } from "./calendar.ts";
import type { DateTimeValue } from "./dateTime.ts";
import { type Amounts, negated, plus, UNIT_MS, UNITS, type Unit } from "./units.ts";

const CALENDAR = ["years", "quarters", "months", "weeks", "days"] as const;
type CalendarUnit = (typeof CALENDAR)[number];
const EXACT = ["hours", "minutes", "seconds", "milliseconds"] as const;

export function difference(
  run: Run,
  from: DateTimeValue,
  to: DateTimeValue,
  units: readonly Unit[],
): Amounts {
  charge(run, 4);
  if (to.ms < from.ms) return negated(between(run, to, from, units));
  return between(run, from, to, units);
}

function between(run: Run, earlier: DateTimeValue, later: DateTimeValue, units: readonly Unit[]): Amounts {
  const amounts: Amounts = {};
  let cursor = earlier;
  let highWater = earlier;
  let lowest: CalendarUnit | null = null;
  for (const unit of CALENDAR) {
    if (!units.includes(unit)) continue;
    lowest = unit;
    let count = wholeUnits(unit, cursor, later);
    amounts[unit] = count;
    highWater = plus(run, earlier, amounts);
    if (highWater.ms > later.ms) {
      amounts[unit] = --count;
      cursor = plus(run, earlier, amounts);
      if (cursor.ms > later.ms) {
        highWater = cursor;
        amounts[unit] = --count;
        cursor = plus(run, earlier, amounts);
      }
    } else {
      cursor = highWater;
    }
  }
  const rest = later.ms - cursor.ms;
  const exact = EXACT.filter((unit) => units.includes(unit));
  if (exact.length > 0) return { ...amounts, ...splitExact(rest, exact) };
  if (lowest !== null && rest !== 0) {
    if (highWater.ms <= later.ms) highWater = plus(run, cursor, { [lowest]: 1 });
    if (highWater.ms !== cursor.ms)
      amounts[lowest] = (amounts[lowest] ?? 0) + rest / (highWater.ms - cursor.ms);
  }
  return amounts;
}

function wholeUnits(unit: CalendarUnit, from: DateTimeValue, to: DateTimeValue): number {
  const a = from.parts;
  const b = to.parts;
  switch (unit) {
    case "years":
      return b.year - a.year;
    case "quarters":
      return Math.ceil(b.month / 3) - Math.ceil(a.month / 3) + (b.year - a.year) * 4;
    case "months":
      return b.month - a.month + (b.year - a.year) * 12;
    case "weeks": {
      const days = wholeDays(from, to);
      return (days - (days % 7)) / 7;
    }
    default:
      return wholeDays(from, to);
  }
}

function wholeDays(from: DateTimeValue, to: DateTimeValue): number {
  const midnight = (of: DateTimeValue) =>
    localMsOf({ ...partsOf(of.localMs), hour: 0, minute: 0, second: 0, millisecond: 0 });
  return Math.floor((midnight(to) - midnight(from)) / UNIT_MS.days);
}

/** All but the smallest unit are whole. */
export function splitExact(ms: number, units: readonly Unit[]): Amounts {
  const amounts: Amounts = {};
  let rest = ms;
  const ordered = UNITS.filter((unit) => units.includes(unit));
  ordered.forEach((unit, i) => {
    const count = rest / UNIT_MS[unit];
    amounts[unit] = i === ordered.length - 1 ? count : Math.trunc(count);
    rest -= Math.trunc(count) * UNIT_MS[unit];
  });
  return amounts;
}
