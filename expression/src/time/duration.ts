// A length of time, like luxon's Duration: amounts per unit, kept as they were given.
import { toNumber, toText } from "../convert.ts";
import { charge, fail, ownKeys, type Run } from "../run.ts";
import {
  isObject,
  type MethodTable,
  method,
  methodTable,
  nameOfKind,
  Opaque,
  type Value,
  type ValueObject,
} from "../values.ts";
import { splitExact } from "./difference.ts";
import { type Amounts, negated, UNIT_MS, UNITS, type Unit, unitOf } from "./units.ts";

export class DurationValue extends Opaque {
  readonly kind = "Duration";
  readonly amounts: Amounts;

  constructor(amounts: Amounts) {
    super();
    this.amounts = amounts;
  }
  override methodTable(): MethodTable<never> {
    return durationMethods;
  }
  override read(_run: Run, key: string): Value {
    if (key === "isValid") return true;
    const unit = UNITS.find((known) => known === key);
    return unit && (this.amounts[unit] ?? 0);
  }
  override text(): string {
    return isoDuration(this.amounts);
  }
  override number(): number {
    return millisecondsOf(this.amounts);
  }
  override data(): Value {
    return isoDuration(this.amounts);
  }
}

export function millisecondsOf(amounts: Amounts): number {
  let ms = 0;
  for (const unit of UNITS) ms += (amounts[unit] ?? 0) * UNIT_MS[unit];
  return ms;
}

function isoDuration(amounts: Amounts): string {
  const months = (amounts.months ?? 0) + (amounts.quarters ?? 0) * 3;
  let date = "";
  if (amounts.years) date += `${amounts.years}Y`;
  if (months) date += `${months}M`;
  if (amounts.weeks) date += `${amounts.weeks}W`;
  if (amounts.days) date += `${amounts.days}D`;
  let time = "";
  if (amounts.hours) time += `${amounts.hours}H`;
  if (amounts.minutes) time += `${amounts.minutes}M`;
  const seconds = (amounts.seconds ?? 0) + (amounts.milliseconds ?? 0) / 1000;
  if (seconds) time += `${Math.round(seconds * 1000) / 1000}S`;
  if (date === "" && time === "") return "PT0S";
  return `P${date}${time === "" ? "" : `T${time}`}`;
}

const ISO =
  /^([-+]?)P(?:(-?[\d.]+)Y)?(?:(-?[\d.]+)M)?(?:(-?[\d.]+)W)?(?:(-?[\d.]+)D)?(?:T(?:(-?[\d.]+)H)?(?:(-?[\d.]+)M)?(?:(-?[\d.]+)S)?)?$/;

export function parseDuration(run: Run, text: string): DurationValue {
  const found = text.length < 100 ? ISO.exec(text) : null;
  if (!found) throw fail(run, "BAD_ARGUMENT", "This text is not an ISO duration.", 'Write it like "P1DT2H".');
  const [years, months, weeks, days, hours, minutes, seconds] = found
    .slice(2)
    .map((part) => Number(part ?? 0));
  const amounts = compact({ years, months, weeks, days, hours, minutes, seconds });
  return new DurationValue(found[1] === "-" ? negated(amounts) : amounts);
}

function compact(amounts: { [unit in Unit]?: number | undefined }): Amounts {
  const result: Amounts = {};
  for (const unit of UNITS) if (amounts[unit]) result[unit] = amounts[unit] ?? 0;
  return result;
}

/** `{days: 1}`, a Duration, a number (of `unit`, or of milliseconds), or ISO text. */
export function amountsOf(run: Run, value: Value, unit?: Value): Amounts {
  charge(run, 2);
  if (value instanceof DurationValue) return value.amounts;
  if (typeof value === "string" && value.startsWith("P")) return parseDuration(run, value).amounts;
  if (typeof value === "number" || typeof value === "string") {
    const name = unit === undefined ? "milliseconds" : unitOf(run, toText(run, unit));
    return { [name]: finite(run, value) };
  }
  if (!isObject(value)) {
    throw fail(
      run,
      "BAD_ARGUMENT",
      `Expected an amount of time, but got ${nameOfKind(value)}.`,
      "Write { days: 1 }.",
    );
  }
  const amounts: Amounts = {};
  for (const key of ownKeys(run, value).slice(0, 20)) amounts[unitOf(run, key)] = finite(run, value[key]);
  return amounts;
}

function finite(run: Run, value: Value): number {
  const number = toNumber(run, value);
  if (Number.isFinite(number)) return number;
  throw fail(run, "BAD_ARGUMENT", "An amount of time must be a number.", "Write { days: 1 }.");
}

export function unitsOf(run: Run, value: Value, fallback: readonly Unit[]): Unit[] {
  if (value === undefined) return [...fallback];
  const names = Array.isArray(value) ? value.slice(0, 20) : [value];
  return names.map((name) => unitOf(run, toText(run, name)));
}

function shifted(amounts: Amounts, units: readonly Unit[]): Amounts {
  return splitExact(millisecondsOf(amounts), units);
}

export function amountsObject(amounts: Amounts): ValueObject {
  const object: ValueObject = {};
  for (const unit of UNITS) if (amounts[unit] !== undefined) object[unit] = amounts[unit];
  return object;
}

function human(amounts: Amounts): string {
  const parts: string[] = [];
  for (const unit of UNITS) {
    const amount = amounts[unit];
    if (amount !== undefined)
      parts.push(`${amount.toLocaleString("en-US")} ${amount === 1 ? unit.slice(0, -1) : unit}`);
  }
  return parts.join(", ");
}

function formatted(run: Run, self: DurationValue, format: Value): string {
  const pattern = toText(run, format).slice(0, 200);
  charge(run, pattern.length);
  const letters: [string, Unit][] = [
    ["y", "years"],
    ["M", "months"],
    ["w", "weeks"],
    ["d", "days"],
    ["h", "hours"],
    ["m", "minutes"],
    ["s", "seconds"],
    ["S", "milliseconds"],
  ];
  const used = letters.filter(([letter]) => pattern.includes(letter)).map(([, unit]) => unit);
  const amounts = shifted(self.amounts, used);
  return pattern.replace(/'([^']*)'|y+|M+|w+|d+|h+|m+|s+|S+/g, (token, literal: string | undefined) => {
    if (literal !== undefined) return literal;
    const unit = letters.find(([letter]) => letter === token[0])?.[1];
    return unit ? String(Math.trunc(amounts[unit] ?? 0)).padStart(token.length, "0") : token;
  });
}

function combined(a: Amounts, b: Amounts): Amounts {
  const sum: Amounts = {};
  for (const unit of UNITS) {
    if (a[unit] !== undefined || b[unit] !== undefined) sum[unit] = (a[unit] ?? 0) + (b[unit] ?? 0);
  }
  return sum;
}

export const durationMethods = methodTable<DurationValue>({
  as: method<DurationValue>("as(unit)", "The whole length in one unit.", (run, self, [unit]) => {
    return millisecondsOf(self.amounts) / UNIT_MS[unitOf(run, toText(run, unit))];
  }),
  get: method<DurationValue>(
    "get(unit)",
    "The amount of this unit alone.",
    (run, self, [unit]) => self.amounts[unitOf(run, toText(run, unit))] ?? 0,
  ),
  toObject: method<DurationValue>("toObject()", "The amounts as an object.", (_run, self) =>
    amountsObject(self.amounts),
  ),
  toISO: method<DurationValue>("toISO()", "As ISO text, such as P1DT2H.", (_run, self) => self.text()),
  toJSON: method<DurationValue>("toJSON()", "As ISO text, such as P1DT2H.", (_run, self) => self.text()),
  toString: method<DurationValue>("toString()", "As ISO text, such as P1DT2H.", (_run, self) => self.text()),
  toMillis: method<DurationValue>("toMillis()", "The whole length in milliseconds.", (_run, self) =>
    millisecondsOf(self.amounts),
  ),
  valueOf: method<DurationValue>("valueOf()", "The whole length in milliseconds.", (_run, self) =>
    millisecondsOf(self.amounts),
  ),
  toHuman: method<DurationValue>("toHuman()", "In words: 1 day, 2 hours.", (_run, self) =>
    human(self.amounts),
  ),
  toFormat: method<DurationValue>(
    "toFormat(format)",
    "By a format such as hh:mm:ss.",
    (run, self, [format]) => formatted(run, self, format),
  ),
  plus: method<DurationValue>("plus(amount)", "Longer by this amount.", (run, self, [value, unit]) => {
    return new DurationValue(combined(self.amounts, amountsOf(run, value, unit)));
  }),
  minus: method<DurationValue>("minus(amount)", "Shorter by this amount.", (run, self, [value, unit]) => {
    return new DurationValue(combined(self.amounts, negated(amountsOf(run, value, unit))));
  }),
  negate: method<DurationValue>(
    "negate()",
    "The other way round.",
    (_run, self) => new DurationValue(negated(self.amounts)),
  ),
  shiftTo: method<DurationValue>("shiftTo(…units)", "The same length in other units.", (run, self, args) => {
    return new DurationValue(shifted(self.amounts, unitsOf(run, args, [])));
  }),
  normalize: method<DurationValue>(
    "normalize()",
    "With no amount larger than the next unit.",
    (_run, self) => {
      const used = UNITS.filter((unit) => self.amounts[unit] !== undefined);
      return new DurationValue(shifted(self.amounts, used));
    },
  ),
});
