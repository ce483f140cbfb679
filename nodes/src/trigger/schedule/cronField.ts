// One field of a cron expression: lists, ranges, steps and names, and in the two day fields L, W and #.
// Errors say the field, what is wrong and where it stands in the whole text.
import { RuleError } from "./rule.ts";

export type FieldName = "second" | "minute" | "hour" | "day of month" | "month" | "day of week";

type Bounds = { min: number; max: number; names?: readonly string[] };

const bounds: Record<FieldName, Bounds> = {
  second: { min: 0, max: 59 },
  minute: { min: 0, max: 59 },
  hour: { min: 0, max: 23 },
  "day of month": { min: 1, max: 31 },
  month: {
    min: 1,
    max: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  // 7 is Sunday as well.
  "day of week": { min: 0, max: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
};

export type Field = {
  values: ReadonlySet<number>;
  /** Written as * or ?. */
  isStar: boolean;
  /** Day of month: this many days before the last one (L = 0, L-3 = 3). */
  beforeLast: readonly number[];
  /** Day of month: the weekday nearest to this day (0 = to the last day, LW). */
  nearest: readonly number[];
  /** Day of week: the n-th such day of the month; n = -1 is the last. */
  nth: readonly { day: number; n: number }[];
};

type Special = { beforeLast: number[]; nearest: number[]; nth: { day: number; n: number }[] };

export function parseField(name: FieldName, text: string, position: number): Field {
  const values = new Set<number>();
  const special: Special = { beforeLast: [], nearest: [], nth: [] };
  let at = position;
  for (const part of text.split(",")) {
    if (!takeSpecial(name, part, at, special)) for (const value of rangeOf(name, part, at)) values.add(value);
    at += part.length + 1;
  }
  return { values, isStar: text === "*" || text === "?", ...special };
}

function takeSpecial(name: FieldName, part: string, at: number, special: Special): boolean {
  const text = part.toUpperCase();
  if (name === "day of month") {
    const last = /^L(?:-(\d{1,2}))?$/.exec(text);
    if (last) return special.beforeLast.push(Number(last[1] ?? 0)) > 0;
    if (text === "LW") return special.nearest.push(0) > 0;
    const near = /^(\d{1,2})W$/.exec(text);
    if (near) return special.nearest.push(oneValue(name, near[1] ?? "", at)) > 0;
  }
  if (name === "day of week") {
    const nth = /^(\w{1,3})#([1-5L])$/.exec(text) ?? /^([0-7]|[A-Z]{3})(L)$/.exec(text);
    if (nth) {
      const day = oneValue(name, nth[1] ?? "", at) % 7;
      return special.nth.push({ day, n: nth[2] === "L" ? -1 : Number(nth[2]) }) > 0;
    }
  }
  return false;
}

function rangeOf(name: FieldName, part: string, at: number): number[] {
  const { min, max } = bounds[name];
  const [range = "", stepText, ...rest] = part.split("/");
  if (part === "") throw wrong(name, "is empty", at);
  if (rest.length > 0) throw wrong(name, `has two steps in "${part}"`, at);
  const step = stepText === undefined ? 1 : Number(stepText);
  if (stepText !== undefined && (!/^\d{1,4}$/.test(stepText) || step === 0))
    throw wrong(name, `has the step "${stepText}", which is no number from 1`, at + range.length + 1);
  const isStar = range === "*" || range === "?";
  const [fromText = "", toText, ...more] = isStar ? [] : range.split("-");
  if (more.length > 0) throw wrong(name, `has "${range}", which is no range`, at);
  const lastOfStar = name === "day of week" ? 6 : max;
  const from = isStar ? min : oneValue(name, fromText, at);
  const single = stepText === undefined ? from : lastOfStar;
  const to = isStar
    ? lastOfStar
    : toText === undefined
      ? single
      : oneValue(name, toText, at + fromText.length + 1);
  if (from > to)
    throw wrong(
      name,
      `has the range "${range}", which runs backwards`,
      at,
      `Write ${to}-${from}, or two ranges.`,
    );
  const found: number[] = [];
  for (let value = from; value <= to; value += step) found.push(name === "day of week" ? value % 7 : value);
  return found;
}

function oneValue(name: FieldName, text: string, at: number): number {
  const { min, max, names } = bounds[name];
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + (name === "month" ? 1 : 0);
  if (/^\d{1,2}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
  const also = names ? `, or ${names[0]} to ${names.at(-1)}` : "";
  throw wrong(name, `has "${text}"`, at, `It takes ${min} to ${max}${also}.`);
}

function wrong(name: FieldName, what: string, position: number, remedy?: string): RuleError {
  const { min, max } = bounds[name];
  return new RuleError({
    code: "CRON_FIELD_INVALID",
    message: `The ${name} of the cron expression ${what}.`,
    remedy:
      remedy ??
      `Use *, a value from ${min} to ${max}, a range such as 1-5, a step such as */5, or a list of these.`,
    position,
  });
}
