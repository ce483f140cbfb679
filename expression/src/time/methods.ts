// The methods of DateTime: luxon's, and the helpers n8n users know.
import { toInteger, toNumber, toText } from "../convert.ts";
import { formatMoment, localeOf, simpleOptions } from "../format.ts";
import { hostCall } from "../hostCall.ts";
import { charge, fail, type Run } from "../run.ts";
import { isObject, method, methodTable, type Value, type ValueObject } from "../values.ts";
import { ordinalOf, weekdayOf, weekOf } from "./calendar.ts";
import { dateTimeFrom } from "./create.ts";
import { type DateTimeValue, invalidDateTime, isSummerTime, makeDateTime } from "./dateTime.ts";
import { difference } from "./difference.ts";
import { amountsObject, amountsOf, DurationValue, unitsOf } from "./duration.ts";
import { formatText } from "./formatText.ts";
import { type IsoOptions, isoDate, isoText, isoTime } from "./iso.ts";
import { JsDateValue } from "./jsDate.ts";
import { endOf, negated, plus, type Setting, setParts, startOf, UNITS, unitOf } from "./units.ts";
import { findZone, firstInstant, fixedZone, UTC, type Zone, zoneOr } from "./zone.ts";

type Self = DateTimeValue;

function isoOptions(value: Value): IsoOptions {
  if (!isObject(value)) return {};
  return {
    suppressMilliseconds: value.suppressMilliseconds === true,
    suppressSeconds: value.suppressSeconds === true,
    includeOffset: value.includeOffset !== false,
    basic: value.format === "basic",
  };
}

function written(self: Self, text: () => Value): Value {
  return self.invalid === null ? text() : null;
}

function unitArgument(run: Run, value: Value, fallback: string) {
  return unitOf(run, value === undefined ? fallback : toText(run, value));
}

/** A zone given as a name or as minutes ahead of UTC. */
export function zoneArgument(run: Run, value: Value): Zone | undefined {
  if (value === undefined || value === null) return zoneOr(run, run.scope.zone);
  if (typeof value === "number") return Number.isFinite(value) ? fixedZone(Math.trunc(value)) : undefined;
  return findZone(run, toText(run, value));
}

function setZone(run: Run, self: Self, value: Value, options: Value): Self {
  const zone = zoneArgument(run, value);
  if (!zone) return invalidDateTime("unsupported zone", self.zone, self.locale);
  if (self.invalid !== null) return self;
  const keepsClock = isObject(options) && options.keepLocalTime === true;
  return makeDateTime(keepsClock ? firstInstant(self.localMs, zone) : self.ms, zone, self.locale);
}

const SETTABLE = [
  "year",
  "month",
  "day",
  "hour",
  "minute",
  "second",
  "millisecond",
  "weekday",
  "weekNumber",
  "weekYear",
  "ordinal",
] as const;

function settingOf(run: Run, value: Value): Setting {
  const setting: Setting = {};
  if (!isObject(value)) throw fail(run, "BAD_ARGUMENT", "set() needs an object.", "Write set({ hour: 9 }).");
  charge(run, Object.keys(value).length);
  for (const key of Object.keys(value)) {
    const unit = SETTABLE.find((known) => known === key || `${known}s` === key);
    if (!unit)
      throw fail(
        run,
        "BAD_ARGUMENT",
        `"${key.slice(0, 20)}" cannot be set.`,
        "Use year, month, day, hour, minute, second.",
      );
    setting[unit] = toInteger(run, value[key], 0);
  }
  return setting;
}

function relative(run: Run, self: Self, base: Self): string {
  charge(run, 300);
  const seconds = (self.ms - base.ms) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["year", 31_536_000],
    ["month", 2_592_000],
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return hostCall(run, () =>
    new Intl.RelativeTimeFormat("en", { numeric: "always" }).format(Math.trunc(seconds / size), unit),
  );
}

const writing = {
  toISO: method<Self>("toISO(options)", "As ISO text with its offset.", (_run, self, [options]) =>
    written(self, () => isoText(self, isoOptions(options))),
  ),
  toJSON: method<Self>("toJSON()", "As ISO text.", (_run, self) => written(self, () => isoText(self))),
  toISODate: method<Self>("toISODate()", "The day as ISO text: 2024-05-31.", (_run, self, [options]) =>
    written(self, () => isoDate(self, isoOptions(options))),
  ),
  toISOTime: method<Self>("toISOTime(options)", "The time as ISO text.", (_run, self, [options]) =>
    written(self, () => isoTime(self, isoOptions(options))),
  ),
  toISOWeekDate: method<Self>("toISOWeekDate()", "The ISO week and day: 2024-W22-5.", (run, self) =>
    written(self, () => formatText(run, self, "kkkk-'W'WW-c")),
  ),
  toSQL: method<Self>("toSQL()", "As SQL text.", (run, self) =>
    written(self, () => formatText(run, self, "yyyy-MM-dd HH:mm:ss.SSS ZZ")),
  ),
  toSQLDate: method<Self>("toSQLDate()", "The day as SQL text.", (run, self) =>
    written(self, () => formatText(run, self, "yyyy-MM-dd")),
  ),
  toHTTP: method<Self>("toHTTP()", "As in HTTP headers.", (run, self) =>
    written(self, () => formatText(run, makeDateTime(self.ms, UTC), "EEE, dd LLL yyyy HH:mm:ss 'GMT'")),
  ),
  toRFC2822: method<Self>("toRFC2822()", "As in e-mails.", (run, self) =>
    written(self, () => formatText(run, self, "EEE, dd LLL yyyy HH:mm:ss ZZZ")),
  ),
  toFormat: method<Self>("toFormat(format)", "By a format such as dd.MM.yyyy HH:mm.", (run, self, [format]) =>
    formatBy(run, self, format),
  ),
  format: method<Self>("format(format)", "By a format such as dd.MM.yyyy HH:mm.", (run, self, [format]) =>
    formatBy(run, self, format),
  ),
  toLocaleString: method<Self>(
    "toLocaleString(options)",
    "The way people of a place write it.",
    (run, self, [options, more]) => {
      if (self.invalid !== null) return "Invalid DateTime";
      const settings = simpleOptions(run, isObject(options) ? options : more);
      const zone = self.zone.isFixed ? "UTC" : self.zone.name;
      return formatMoment(
        run,
        self.zone.isFixed ? self.localMs : self.ms,
        zone,
        localeOf(run, isObject(options) ? options.locale : options, self.locale),
        settings,
      );
    },
  ),
  toString: method<Self>("toString()", "As ISO text.", (_run, self) => self.text()),
  toRelative: method<Self>("toRelative()", "In words from now: 2 days ago.", (run, self, [options]) =>
    written(self, () =>
      relative(
        run,
        self,
        isObject(options) && options.base !== undefined ? dateTimeFrom(run, options.base) : nowOf(run),
      ),
    ),
  ),
  toMillis: method<Self>("toMillis()", "Milliseconds since 1970.", (_run, self) => self.ms),
  valueOf: method<Self>("valueOf()", "Milliseconds since 1970.", (_run, self) => self.ms),
  toInt: method<Self>("toInt()", "Milliseconds since 1970.", (_run, self) => self.ms),
  toSeconds: method<Self>("toSeconds()", "Seconds since 1970.", (_run, self) => self.ms / 1000),
  toUnixInteger: method<Self>("toUnixInteger()", "Whole seconds since 1970.", (_run, self) =>
    Math.floor(self.ms / 1000),
  ),
  toJSDate: method<Self>("toJSDate()", "As a JavaScript Date.", (_run, self) => new JsDateValue(self.ms)),
  toDateTime: method<Self>("toDateTime()", "The moment itself.", (_run, self) => self),
  toObject: method<Self>("toObject()", "Its parts as an object.", (_run, self) =>
    self.invalid === null ? { ...self.parts } : {},
  ),
};

function formatBy(run: Run, self: Self, format: Value): Value {
  if (self.invalid !== null) return "Invalid DateTime";
  return formatText(run, self, format === undefined ? "yyyy-MM-dd" : toText(run, format));
}

export function nowOf(run: Run): DateTimeValue {
  return makeDateTime(run.scope.nowMs, zoneOr(run, run.scope.zone));
}

const moving = {
  plus: method<Self>(
    "plus(amount, unit)",
    "Later: plus({ days: 1 }) or plus(1, 'day').",
    (run, self, [value, unit]) => plus(run, self, amountsOf(run, value, unit)),
  ),
  minus: method<Self>(
    "minus(amount, unit)",
    "Earlier: minus({ days: 1 }) or minus(1, 'day').",
    (run, self, [value, unit]) => plus(run, self, negated(amountsOf(run, value, unit))),
  ),
  startOf: method<Self>(
    "startOf(unit)",
    "The first moment of its year, month, week, day, …",
    (run, self, [unit]) => startOf(run, self, unitArgument(run, unit, "day")),
  ),
  beginningOf: method<Self>("beginningOf(unit)", "The same as startOf().", (run, self, [unit]) =>
    startOf(run, self, unitArgument(run, unit, "week")),
  ),
  endOf: method<Self>(
    "endOf(unit)",
    "The last moment of its year, month, week, day, …",
    (run, self, [unit]) => endOf(run, self, unitArgument(run, unit, "day")),
  ),
  endOfMonth: method<Self>("endOfMonth()", "The last moment of its month.", (run, self) =>
    endOf(run, self, "months"),
  ),
  set: method<Self>("set(parts)", "With some parts changed: set({ hour: 9 }).", (run, self, [value]) =>
    setParts(run, self, settingOf(run, value)),
  ),
  setZone: method<Self>(
    "setZone(zone)",
    "The same moment in another time zone.",
    (run, self, [zone, options]) => setZone(run, self, zone, options),
  ),
  setLocale: method<Self>("setLocale(locale)", "With names in another language.", (run, self, [locale]) =>
    self.invalid === null ? makeDateTime(self.ms, self.zone, localeOf(run, locale)) : self,
  ),
  toUTC: method<Self>("toUTC()", "The same moment in UTC.", (run, self, [offset, options]) =>
    setZone(run, self, offset === undefined ? "UTC" : offset, options),
  ),
  toLocal: method<Self>("toLocal()", "The same moment in the workflow's zone.", (run, self) =>
    setZone(run, self, undefined, undefined),
  ),
};

const comparing = {
  diff: method<Self>(
    "diff(other, units)",
    "The Duration since the other moment.",
    (run, self, [other, units]) => {
      const from = dateTimeFrom(run, other);
      return new DurationValue(difference(run, from, self, unitsOf(run, units, ["milliseconds"])));
    },
  ),
  diffNow: method<Self>("diffNow(units)", "The Duration from now until then.", (run, self, [units]) => {
    return new DurationValue(difference(run, nowOf(run), self, unitsOf(run, units, ["milliseconds"])));
  }),
  diffTo: method<Self>(
    "diffTo(other, unit)",
    "How many days (or another unit) until the other moment.",
    (run, self, [other, unit]) => amountUntil(run, self, dateTimeFrom(run, other), unit),
  ),
  diffToNow: method<Self>(
    "diffToNow(unit)",
    "How many days (or another unit) until now.",
    (run, self, [unit]) => amountUntil(run, self, nowOf(run), unit),
  ),
  hasSame: method<Self>(
    "hasSame(other, unit)",
    "True when both are in the same year, month, day, …",
    (run, self, [other, unit]) => {
      const there = dateTimeFrom(run, other);
      const inZone = makeDateTime(there.ms, self.zone);
      const known = unitArgument(run, unit, "day");
      return self.invalid === null && startOf(run, self, known).ms === startOf(run, inZone, known).ms;
    },
  ),
  equals: method<Self>(
    "equals(other)",
    "True for the same moment in the same zone.",
    (run, self, [other]) => {
      const there = dateTimeFrom(run, other);
      return (
        self.invalid === null &&
        self.ms === there.ms &&
        self.zone.name === there.zone.name &&
        self.locale === there.locale
      );
    },
  ),
  isBetween: method<Self>(
    "isBetween(from, to)",
    "True when it lies between the two.",
    (run, self, [from, to]) => {
      const [a, b] = [dateTimeFrom(run, from).ms, dateTimeFrom(run, to).ms];
      return self.ms > Math.min(a, b) && self.ms < Math.max(a, b);
    },
  ),
  isInLast: method<Self>(
    "isInLast(amount, unit)",
    "True when it lies in the last so many minutes (or another unit).",
    (run, self, [amount, unit]) => {
      const back = amountsOf(run, toNumber(run, amount), unit === undefined ? "minutes" : unit);
      const now = nowOf(run);
      return self.ms >= plus(run, now, negated(back)).ms && self.ms <= now.ms;
    },
  ),
  isWeekend: method<Self>(
    "isWeekend()",
    "True on Saturday and Sunday.",
    (_run, self) => weekdayOf(self.localMs) > 5,
  ),
  isDst: method<Self>(
    "isDst()",
    "True in summer time.",
    (_run, self) => self.invalid === null && isSummerTime(self),
  ),
  isEmpty: method<Self>(
    "isEmpty()",
    "True when it is not a valid date.",
    (_run, self) => self.invalid !== null,
  ),
  isNotEmpty: method<Self>(
    "isNotEmpty()",
    "True when it is a valid date.",
    (_run, self) => self.invalid === null,
  ),
  get: method<Self>("get(unit)", "One part: get('day').", (run, self, [unit]) =>
    self.read(run, toText(run, unit)),
  ),
  extract: method<Self>("extract(unit)", "One part: extract('week').", (run, self, [unit]) =>
    extract(run, self, unit),
  ),
};

function amountUntil(run: Run, from: Self, to: Self, unit: Value): Value {
  const units = unitsOf(run, unit, ["days"]);
  const amounts = difference(run, from, to, units);
  const [only] = units;
  const result: ValueObject = amountsObject(amounts);
  return units.length === 1 && only ? (amounts[only] ?? 0) : result;
}

function extract(run: Run, self: Self, value: Value): Value {
  const name = value === undefined ? "week" : toText(run, value);
  if (self.invalid !== null) return Number.NaN;
  if (name === "yearDayNumber" || name === "ordinal") return ordinalOf(self.localMs);
  if (name === "weekday" || name === "weekNumber") return self.read(run, name);
  const unit = unitOf(run, name);
  if (unit === "weeks") return weekOf(self.localMs).weekNumber;
  return self.read(run, UNITS.includes(unit) ? unit.slice(0, -1) : name);
}

export const dateTimeMethods = methodTable<Self>(writing, moving, comparing);
