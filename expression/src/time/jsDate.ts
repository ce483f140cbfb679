// JavaScript's Date, always in UTC, so that no result depends on the machine's own time zone.
// It is the one value that changes (setDate and the like); it is always made by the expression itself.
import { toNumber, toText } from "../convert.ts";
import { formatMoment, localeOf, simpleOptions } from "../format.ts";
import { charge, chargeText, fail, type Run } from "../run.ts";
import {
  isObject,
  type MethodCall,
  type MethodTable,
  method,
  methodTable,
  Opaque,
  type Value,
} from "../values.ts";
import { makeDateTime } from "./dateTime.ts";
import { pad } from "./iso.ts";
import { dateTimeMethods } from "./methods.ts";
import { MONTHS, WEEKDAYS } from "./names.ts";
import { zoneOr } from "./zone.ts";

export class JsDateValue extends Opaque {
  readonly kind = "date";
  ms: number;

  constructor(ms: number) {
    super();
    this.ms = Math.abs(ms) <= 8.64e15 ? Math.trunc(ms) + 0 : Number.NaN;
  }
  override methodTable(): MethodTable<never> {
    return jsDateMethods;
  }
  /** Beyond JavaScript's own methods, a Date has those of DateTime, in the workflow's zone. */
  override find(name: string): MethodCall<Value> | undefined {
    const own = super.find(name);
    if (own) return own;
    const borrowed = dateTimeMethods[name];
    return (
      borrowed &&
      ((run, _self, args) => borrowed.call(run, makeDateTime(this.ms, zoneOr(run, run.scope.zone)), args))
    );
  }
  override text(): string {
    if (Number.isNaN(this.ms)) return "Invalid Date";
    return `${dayText(this.ms)} ${timeText(this.ms)} GMT+0000 (Coordinated Universal Time)`;
  }
  override number(): number {
    return this.ms;
  }
  override data(): Value {
    return Number.isNaN(this.ms) ? null : new Date(this.ms).toISOString();
  }
}

function dayText(ms: number): string {
  const date = new Date(ms);
  const weekday = (WEEKDAYS[(date.getUTCDay() + 6) % 7] ?? "").slice(0, 3);
  const month = (MONTHS[date.getUTCMonth()] ?? "").slice(0, 3);
  return `${weekday} ${month} ${pad(date.getUTCDate(), 2)} ${pad(date.getUTCFullYear(), 4)}`;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(-13, -5);
}

const ZONED = /(?:\b(?:Z|UT|UTC|GMT|[ECMP][SD]T)\b|\dZ$|[+-]\d{2}:?\d{2}(?:\s*\(.*\))?$)/i;

/** Dates without a zone are read as UTC. NaN when the text is no date. */
export function parseJsDate(run: Run, text: string): number {
  chargeText(run, text.length);
  if (text.length > 100) return Number.NaN;
  const trimmed = text.trim();
  if (/^[+-]?\d{4,6}(?:-\d{2}){0,2}$/.test(trimmed)) return Date.parse(trimmed);
  if (/^[+-]?\d{4,6}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(trimmed))
    return Date.parse(`${trimmed}Z`);
  return Date.parse(ZONED.test(trimmed) ? trimmed : `${trimmed} UTC`);
}

export function makeJsDate(run: Run, args: readonly Value[]): JsDateValue {
  const [first] = args;
  if (args.length === 0) return new JsDateValue(run.scope.nowMs);
  if (args.length > 1) return new JsDateValue(utcOf(run, args));
  if (typeof first === "string") return new JsDateValue(parseJsDate(run, first));
  return new JsDateValue(toNumber(run, first));
}

export function utcOf(run: Run, args: readonly Value[]): number {
  const [year = 0, month = 0, day = 1, hour = 0, minute = 0, second = 0, ms = 0] = args
    .slice(0, 7)
    .map((arg) => toNumber(run, arg));
  return Date.UTC(year, month, day, hour, minute, second, ms);
}

type Getter = (date: Date) => number;

function getter(doc: string, read: Getter) {
  return method<JsDateValue>("()", doc, (_run, self) => read(new Date(self.ms)));
}

type Setter = (date: Date, numbers: readonly number[]) => number;

function setter(doc: string, change: Setter) {
  return method<JsDateValue>("(value)", doc, (run, self, args) => {
    const numbers = args.slice(0, 4).map((arg) => toNumber(run, arg));
    self.ms = change(new Date(self.ms), numbers);
    return self.ms;
  });
}

/** Only the arguments that were given: the host tells "missing" from undefined. */
function withArguments(
  date: Date,
  numbers: readonly number[],
  change: (date: Date, a: number, ...more: number[]) => number,
): number {
  const [a = Number.NaN, ...more] = numbers;
  return change(date, a, ...more);
}

const GETTERS: { [name: string]: Getter } = {
  FullYear: (date) => date.getUTCFullYear(),
  Month: (date) => date.getUTCMonth(),
  Date: (date) => date.getUTCDate(),
  Day: (date) => date.getUTCDay(),
  Hours: (date) => date.getUTCHours(),
  Minutes: (date) => date.getUTCMinutes(),
  Seconds: (date) => date.getUTCSeconds(),
  Milliseconds: (date) => date.getUTCMilliseconds(),
};

const SETTERS: { [name: string]: Setter } = {
  FullYear: (date, numbers) =>
    withArguments(date, numbers, (d, a, ...more) => d.setUTCFullYear(a, ...(more as [number, number]))),
  Month: (date, numbers) =>
    withArguments(date, numbers, (d, a, ...more) => d.setUTCMonth(a, ...(more as [number]))),
  Date: (date, [day = Number.NaN]) => date.setUTCDate(day),
  Hours: (date, numbers) =>
    withArguments(date, numbers, (d, a, ...more) => d.setUTCHours(a, ...(more as [number, number, number]))),
  Minutes: (date, numbers) =>
    withArguments(date, numbers, (d, a, ...more) => d.setUTCMinutes(a, ...(more as [number, number]))),
  Seconds: (date, numbers) =>
    withArguments(date, numbers, (d, a, ...more) => d.setUTCSeconds(a, ...(more as [number]))),
  Milliseconds: (date, [ms = Number.NaN]) => date.setUTCMilliseconds(ms),
};

/** getHours and getUTCHours are the same here, and so are their setters. */
function partMethods() {
  const parts: { [name: string]: ReturnType<typeof getter> } = {};
  for (const [name, read] of Object.entries(GETTERS)) {
    parts[`get${name}`] = getter(`Its ${name.toLowerCase()} in UTC.`, read);
    parts[`getUTC${name}`] = getter(`Its ${name.toLowerCase()} in UTC.`, read);
  }
  for (const [name, change] of Object.entries(SETTERS)) {
    parts[`set${name}`] = setter(`Sets its ${name.toLowerCase()} in UTC.`, change);
    parts[`setUTC${name}`] = setter(`Sets its ${name.toLowerCase()} in UTC.`, change);
  }
  return parts;
}

function localeText(
  run: Run,
  self: JsDateValue,
  args: Value[],
  fallback: { [name: string]: string },
): string {
  if (Number.isNaN(self.ms)) return "Invalid Date";
  charge(run, 1);
  const options = simpleOptions(run, args[1]);
  const { timeZone = "UTC", ...rest } = options;
  const settings = isObject(args[1]) && Object.keys(rest).length > 0 ? rest : fallback;
  return formatMoment(run, self.ms, String(timeZone), localeOf(run, args[0]), settings);
}

const DAY = { year: "numeric", month: "numeric", day: "numeric" };
const TIME = { hour: "numeric", minute: "numeric", second: "numeric" };

function isoOrFail(run: Run, self: JsDateValue): string {
  if (!Number.isNaN(self.ms)) return new Date(self.ms).toISOString();
  throw fail(run, "BAD_DATE", "This date is not valid.", "Check the text it was made from.");
}

export const jsDateMethods = methodTable<JsDateValue>(partMethods(), {
  getTime: method<JsDateValue>("getTime()", "Milliseconds since 1970.", (_run, self) => self.ms),
  valueOf: method<JsDateValue>("valueOf()", "Milliseconds since 1970.", (_run, self) => self.ms),
  getTimezoneOffset: method<JsDateValue>("getTimezoneOffset()", "Always 0: dates are in UTC.", () => 0),
  setTime: method<JsDateValue>("setTime(ms)", "Sets the moment.", (run, self, [ms]) => {
    self.ms = new JsDateValue(toNumber(run, ms)).ms;
    return self.ms;
  }),
  toISOString: method<JsDateValue>("toISOString()", "As ISO text in UTC.", (run, self) =>
    isoOrFail(run, self),
  ),
  toJSON: method<JsDateValue>("toJSON()", "As ISO text in UTC.", (_run, self) => self.data()),
  toString: method<JsDateValue>("toString()", "As text.", (_run, self) => self.text()),
  toDateString: method<JsDateValue>("toDateString()", "The day as text.", (_run, self) =>
    Number.isNaN(self.ms) ? "Invalid Date" : dayText(self.ms),
  ),
  toTimeString: method<JsDateValue>("toTimeString()", "The time as text.", (_run, self) =>
    Number.isNaN(self.ms) ? "Invalid Date" : `${timeText(self.ms)} GMT+0000 (Coordinated Universal Time)`,
  ),
  toUTCString: method<JsDateValue>("toUTCString()", "As in HTTP headers.", (_run, self) =>
    new Date(self.ms).toUTCString(),
  ),
  toGMTString: method<JsDateValue>("toGMTString()", "As in HTTP headers.", (_run, self) =>
    new Date(self.ms).toUTCString(),
  ),
  toLocaleString: method<JsDateValue>(
    "toLocaleString(locale, options)",
    "The way people of a place write it.",
    (run, self, args) => localeText(run, self, args, { ...DAY, ...TIME }),
  ),
  toLocaleDateString: method<JsDateValue>(
    "toLocaleDateString(locale, options)",
    "The day the way people of a place write it.",
    (run, self, args) => localeText(run, self, args, DAY),
  ),
  toLocaleTimeString: method<JsDateValue>(
    "toLocaleTimeString(locale, options)",
    "The time the way people of a place write it.",
    (run, self, args) => localeText(run, self, args, TIME),
  ),
  toDateTime: method<JsDateValue>("toDateTime()", "As a DateTime in the workflow's zone.", (run, self) =>
    makeDateTime(self.ms, zoneOr(run, run.scope.zone)),
  ),
});

/** `Date()` without new is a text; `Date.now()` and `Date.parse()` are numbers. */
export const dateStatics = methodTable<Value>({
  now: method<Value>(
    "Date.now()",
    "Milliseconds since 1970, as recorded for this step.",
    (run) => run.scope.nowMs,
  ),
  parse: method<Value>("Date.parse(text)", "Milliseconds since 1970 of a date text.", (run, _self, [text]) =>
    parseJsDate(run, toText(run, text)),
  ),
  UTC: method<Value>(
    "Date.UTC(year, month, day, …)",
    "Milliseconds since 1970 of a moment in UTC.",
    (run, _self, args) => utcOf(run, args),
  ),
});
