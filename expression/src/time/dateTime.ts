// A moment with a time zone, like luxon's DateTime. It never changes; every method gives a new one.
// An invalid one has no instant (NaN) and says why; its texts are null, its numbers NaN.
import { charge, type Run } from "../run.ts";
import { type MethodTable, Opaque, type Value } from "../values.ts";
import {
  daysInMonth,
  daysInYear,
  isLeapYear,
  ordinalOf,
  type Parts,
  partsOf,
  weekdayOf,
  weekOf,
  weeksInYear,
} from "./calendar.ts";
import { isoText } from "./iso.ts";
import { dateTimeMethods } from "./methods.ts";
import { monthName, weekdayName, zoneName } from "./names.ts";
import type { Zone } from "./zone.ts";

/** The last instant JavaScript dates can hold. */
const INSTANT_MAX = 8.64e15;

export class DateTimeValue extends Opaque {
  readonly kind = "DateTime";
  readonly ms: number;
  readonly zone: Zone;
  readonly locale: string;
  readonly invalid: string | null;
  /** Minutes ahead of UTC. */
  readonly offset: number;
  readonly localMs: number;

  constructor(ms: number, zone: Zone, locale: string, invalid: string | null) {
    super();
    this.ms = ms;
    this.zone = zone;
    this.locale = locale;
    this.invalid = invalid;
    this.offset = invalid === null ? zone.offsetAt(ms) : Number.NaN;
    this.localMs = ms + this.offset * 60_000;
  }
  get parts(): Parts {
    return partsOf(this.localMs);
  }
  override methodTable(): MethodTable<never> {
    return dateTimeMethods;
  }
  override read(run: Run, key: string): Value {
    return Object.hasOwn(PROPERTIES, key) ? PROPERTIES[key]?.read(this, run) : undefined;
  }
  override text(): string {
    return this.invalid === null ? isoText(this) : "Invalid DateTime";
  }
  override number(): number {
    return this.ms;
  }
  override data(): Value {
    return this.invalid === null ? isoText(this) : null;
  }
}

export function makeDateTime(ms: number, zone: Zone, locale = "en-US"): DateTimeValue {
  if (Math.abs(ms) <= INSTANT_MAX) return new DateTimeValue(ms, zone, locale, null);
  return invalidDateTime("out of range", zone, locale);
}

export function invalidDateTime(reason: string, zone: Zone, locale = "en-US"): DateTimeValue {
  return new DateTimeValue(Number.NaN, zone, locale, reason);
}

type Property = { readonly doc: string; read(of: DateTimeValue, run: Run): Value };

function fromParts(doc: string, key: keyof Parts): Property {
  return { doc, read: (of) => (of.invalid === null ? of.parts[key] : Number.NaN) };
}

function number(doc: string, read: (of: DateTimeValue) => Value): Property {
  return { doc, read: (of) => (of.invalid === null ? read(of) : Number.NaN) };
}

function text(doc: string, read: (of: DateTimeValue, run: Run) => Value): Property {
  return {
    doc,
    read(of, run) {
      charge(run, 1);
      return of.invalid === null ? read(of, run) : null;
    },
  };
}

export const PROPERTIES: { readonly [name: string]: Property } = {
  year: fromParts("The year.", "year"),
  month: fromParts("The month, 1 to 12.", "month"),
  day: fromParts("The day of the month.", "day"),
  hour: fromParts("The hour, 0 to 23.", "hour"),
  minute: fromParts("The minute.", "minute"),
  second: fromParts("The second.", "second"),
  millisecond: fromParts("The millisecond.", "millisecond"),
  quarter: number("The quarter, 1 to 4.", (of) => Math.ceil(of.parts.month / 3)),
  weekday: number("The day of the week: 1 is Monday, 7 is Sunday.", (of) => weekdayOf(of.localMs)),
  weekNumber: number("The ISO week.", (of) => weekOf(of.localMs).weekNumber),
  weekYear: number("The year the ISO week belongs to.", (of) => weekOf(of.localMs).weekYear),
  weeksInWeekYear: number("How many ISO weeks its year has.", (of) =>
    weeksInYear(weekOf(of.localMs).weekYear),
  ),
  ordinal: number("The day of the year.", (of) => ordinalOf(of.localMs)),
  daysInMonth: number("How many days its month has.", (of) => daysInMonth(of.parts.year, of.parts.month)),
  daysInYear: number("How many days its year has.", (of) => daysInYear(of.parts.year)),
  offset: number("Minutes ahead of UTC.", (of) => of.offset),
  ts: number("Milliseconds since 1970.", (of) => of.ms),
  isValid: { doc: "False when it could not be read.", read: (of) => of.invalid === null },
  invalidReason: { doc: "Why it is not valid.", read: (of) => of.invalid },
  isInLeapYear: {
    doc: "True in a leap year.",
    read: (of) => of.invalid === null && isLeapYear(of.parts.year),
  },
  isInDST: { doc: "True in summer time.", read: (of) => of.invalid === null && isSummerTime(of) },
  isWeekend: { doc: "True on Saturday and Sunday.", read: (of) => weekdayOf(of.localMs) > 5 },
  isOffsetFixed: { doc: "True when the zone never changes.", read: (of) => of.zone.isFixed },
  locale: { doc: "Its language.", read: (of) => of.locale },
  zoneName: text("The name of its zone.", (of) => of.zone.name),
  offsetNameShort: text("Short name of the offset, such as EST.", (of, run) => zoneName(run, of, "short")),
  offsetNameLong: text("Long name of the offset.", (of, run) => zoneName(run, of, "long")),
  monthShort: text("Short name of the month.", (of, run) => monthName(run, of, "short")),
  monthLong: text("Name of the month.", (of, run) => monthName(run, of, "long")),
  weekdayShort: text("Short name of the weekday.", (of, run) => weekdayName(run, of, "short")),
  weekdayLong: text("Name of the weekday.", (of, run) => weekdayName(run, of, "long")),
};

export function isSummerTime(of: DateTimeValue): boolean {
  if (of.zone.isFixed) return false;
  const { year } = of.parts;
  const january = of.zone.offsetAt(Date.UTC(year, 0, 1));
  const may = of.zone.offsetAt(Date.UTC(year, 4, 1));
  return of.offset > january || of.offset > may;
}
