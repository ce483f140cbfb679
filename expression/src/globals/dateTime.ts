// DateTime.fromISO and its siblings, and Duration.
import { toInteger, toNumber, toText } from "../convert.ts";
import { charge, chargeText, type Run } from "../run.ts";
import { dateTimeFrom } from "../time/create.ts";
import { type DateTimeValue, invalidDateTime, makeDateTime } from "../time/dateTime.ts";
import { amountsOf, DurationValue, parseDuration } from "../time/duration.ts";
import { JsDateValue } from "../time/jsDate.ts";
import { nowOf, zoneArgument } from "../time/methods.ts";
import { type Found, resolve } from "../time/parseParts.ts";
import { parseFormat, parseIso, parseMail } from "../time/parseText.ts";
import { UTC, type Zone, zoneOr } from "../time/zone.ts";
import { type BuiltinParts, isObject, method, methodTable, type Value } from "../values.ts";

type Options = { zone: Zone; keepsZone: boolean; locale: string };

function optionsOf(run: Run, value: Value): Options {
  const own = zoneOr(run, run.scope.zone);
  if (!isObject(value)) return { zone: own, keepsZone: false, locale: "en-US" };
  const zone = value.zone === undefined ? own : (zoneArgument(run, value.zone) ?? own);
  const locale = value.locale === undefined ? "en-US" : toText(run, value.locale);
  return { zone, keepsZone: value.setZone === true, locale };
}

function read(run: Run, found: Found | undefined, options: Value): DateTimeValue {
  const { zone, keepsZone, locale } = optionsOf(run, options);
  return found ? resolve(run, found, zone, keepsZone, locale) : invalidDateTime("unparsable", zone, locale);
}

function dateText(run: Run, value: Value): string {
  const text = toText(run, value);
  chargeText(run, text.length);
  return text.trim();
}

const UNIT_ORDER = ["year", "month", "day", "hour", "minute", "second", "millisecond"] as const;

/** `DateTime.local(2024, 5, 31)`: the parts in order, an object of options at the end. */
function fromNumbers(run: Run, args: Value[], utc: boolean): DateTimeValue {
  const numbers = args.filter((arg) => !isObject(arg)).slice(0, 7);
  const { zone } = optionsOf(run, args.find(isObject));
  const target = utc ? UTC : zone;
  if (numbers.length === 0) return makeDateTime(run.scope.nowMs, target);
  const found: Found = {};
  numbers.forEach((number, i) => {
    const unit = UNIT_ORDER[i];
    if (unit) found[unit] = toInteger(run, number, 0);
  });
  return resolve(run, found, target, false);
}

function fromObject(run: Run, value: Value, options: Value): DateTimeValue {
  const found: Found = {};
  if (isObject(value)) {
    charge(run, Object.keys(value).length);
    for (const unit of [...UNIT_ORDER, "weekYear", "weekNumber", "weekday", "ordinal"] as const) {
      const part = Object.hasOwn(value, unit) ? value[unit] : value[`${unit}s`];
      if (part !== undefined) found[unit] = toInteger(run, part, 0);
    }
  }
  return read(run, found, options);
}

function instant(run: Run, ms: number, options: Value): DateTimeValue {
  const { zone, locale } = optionsOf(run, options);
  return Number.isNaN(ms)
    ? invalidDateTime("not a number", zone, locale)
    : makeDateTime(Math.trunc(ms), zone, locale);
}

function extremeOf(run: Run, args: Value[], sign: 1 | -1): Value {
  charge(run, args.length);
  const dates = args.map((arg) => dateTimeFrom(run, arg));
  return dates.reduce<DateTimeValue | undefined>(
    (best, date) => (best && (date.ms - best.ms) * sign <= 0 ? best : date),
    undefined,
  );
}

export const dateTimeParts: BuiltinParts = {
  signature: "DateTime",
  doc: "Dates and times with a zone: DateTime.fromISO('2024-05-31').",
  constants: {
    DATE_SHORT: { year: "numeric", month: "numeric", day: "numeric" },
    DATE_MED: { year: "numeric", month: "short", day: "numeric" },
    DATE_FULL: { year: "numeric", month: "long", day: "numeric" },
    DATE_HUGE: { year: "numeric", month: "long", day: "numeric", weekday: "long" },
    TIME_SIMPLE: { hour: "numeric", minute: "numeric" },
    TIME_WITH_SECONDS: { hour: "numeric", minute: "numeric", second: "numeric" },
    TIME_24_SIMPLE: { hour: "numeric", minute: "numeric", hourCycle: "h23" },
    DATETIME_SHORT: { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" },
    DATETIME_MED: { year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "numeric" },
    DATETIME_FULL: {
      year: "numeric",
      month: "long",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      timeZoneName: "short",
    },
  },
  methods: methodTable<Value>({
    now: method("DateTime.now()", "The recorded moment of this step.", (run) => nowOf(run)),
    local: method(
      "DateTime.local(year, month, day, …)",
      "A moment by the clock of the workflow's zone.",
      (run, _self, args) => fromNumbers(run, args, false),
    ),
    utc: method("DateTime.utc(year, month, day, …)", "A moment by the clock of UTC.", (run, _self, args) =>
      fromNumbers(run, args, true),
    ),
    fromISO: method("DateTime.fromISO(text, options)", "From ISO text.", (run, _self, [text, options]) =>
      read(run, parseIso(run, dateText(run, text)), options),
    ),
    fromSQL: method("DateTime.fromSQL(text, options)", "From SQL text.", (run, _self, [text, options]) =>
      read(run, parseIso(run, dateText(run, text), /^ +/), options),
    ),
    fromHTTP: method(
      "DateTime.fromHTTP(text)",
      "From the date of an HTTP header.",
      (run, _self, [text, options]) => read(run, parseMail(run, dateText(run, text)), options),
    ),
    fromRFC2822: method(
      "DateTime.fromRFC2822(text)",
      "From the date of an e-mail.",
      (run, _self, [text, options]) => read(run, parseMail(run, dateText(run, text)), options),
    ),
    fromFormat: method(
      "DateTime.fromFormat(text, format, options)",
      "From text by a format.",
      (run, _self, [text, format, options]) => {
        const { locale } = optionsOf(run, options);
        return read(run, parseFormat(run, toText(run, text), toText(run, format), locale), options);
      },
    ),
    fromMillis: method(
      "DateTime.fromMillis(ms, options)",
      "From milliseconds since 1970.",
      (run, _self, [ms, options]) => instant(run, toNumber(run, ms), options),
    ),
    fromSeconds: method(
      "DateTime.fromSeconds(seconds, options)",
      "From seconds since 1970.",
      (run, _self, [seconds, options]) => instant(run, toNumber(run, seconds) * 1000, options),
    ),
    fromJSDate: method(
      "DateTime.fromJSDate(date, options)",
      "From a JavaScript Date.",
      (run, _self, [date, options]) =>
        instant(run, date instanceof JsDateValue ? date.ms : Number.NaN, options),
    ),
    fromObject: method(
      "DateTime.fromObject(parts, options)",
      "From parts: { year: 2024, month: 5 }.",
      (run, _self, [parts, options]) => fromObject(run, parts, options),
    ),
    max: method("DateTime.max(…dates)", "The latest.", (run, _self, args) => extremeOf(run, args, 1)),
    min: method("DateTime.min(…dates)", "The earliest.", (run, _self, args) => extremeOf(run, args, -1)),
  }),
};

export const durationParts: BuiltinParts = {
  signature: "Duration",
  doc: "Lengths of time: Duration.fromObject({ hours: 2 }).",
  methods: methodTable<Value>({
    fromObject: method(
      "Duration.fromObject(amounts)",
      "From amounts: { hours: 2 }.",
      (run, _self, [value]) => new DurationValue(amountsOf(run, value)),
    ),
    fromMillis: method(
      "Duration.fromMillis(ms)",
      "From milliseconds.",
      (run, _self, [ms]) => new DurationValue({ milliseconds: toNumber(run, ms) }),
    ),
    fromISO: method("Duration.fromISO(text)", "From ISO text such as P1DT2H.", (run, _self, [text]) =>
      parseDuration(run, toText(run, text)),
    ),
  }),
};
