// Reading moments from text: ISO 8601, the forms of e-mail and SQL, and luxon's formats.
// Texts are cut to a length no date needs, so these patterns stay cheap whatever they are given.
import { charge, type Run } from "../run.ts";
import { tokensOf } from "./formatText.ts";
import { MONTHS, namesIn } from "./names.ts";
import type { Found } from "./parseParts.ts";
import { findZone } from "./zone.ts";

const LENGTH_MAX = 100;

const DATE = /^([+-]\d{6}|\d{4})(?:-?(?:W(\d\d)(?:-?(\d))?|(\d\d)(?:-?(\d\d))?(?!\d)|(\d{3})(?!\d)))?/;
const TIME = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?/;
const OFFSET = /^(?:(Z)|([+-])(\d\d)(?::?(\d\d))?)/i;

/** undefined when the text is not ISO 8601. `separator` may be a blank for SQL. */
export function parseIso(run: Run, text: string, separator: RegExp = /^[Tt]/): Found | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  charge(run, 2);
  const found: Found = {};
  let rest = text;
  const date = DATE.exec(rest);
  if (date) {
    rest = rest.slice(date[0].length);
    readDate(found, date);
    if (rest === "") return found;
    if (!separator.test(rest)) return undefined;
    rest = rest.replace(separator, "");
  }
  const time = TIME.exec(rest);
  if (!time || (!date && !/^\d\d:/.test(rest))) return undefined;
  rest = rest.slice(time[0].length);
  found.hour = Number(time[1]);
  found.minute = Number(time[2] ?? 0);
  found.second = Number(time[3] ?? 0);
  found.millisecond = fraction(time[4]);
  return readOffset(run, found, rest.trimStart());
}

function readDate(found: Found, [, year, week, weekday, month, day, ordinal]: RegExpExecArray): void {
  if (week !== undefined) {
    found.weekYear = Number(year);
    found.weekNumber = Number(week);
    found.weekday = Number(weekday ?? 1);
    return;
  }
  found.year = Number(year);
  if (ordinal !== undefined) found.ordinal = Number(ordinal);
  if (month !== undefined) found.month = Number(month);
  if (day !== undefined) found.day = Number(day);
}

function fraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Math.floor(Number(`0.${digits}`) * 1000 + 1e-6);
}

function readOffset(run: Run, found: Found, text: string): Found | undefined {
  let rest = text;
  const offset = OFFSET.exec(rest);
  if (offset) {
    rest = rest.slice(offset[0].length);
    const minutes = Number(offset[3] ?? 0) * 60 + Number(offset[4] ?? 0);
    found.offset = offset[2] === "-" ? -minutes : minutes;
  }
  const zone = /^\s*\[?([A-Za-z_]+(?:\/[A-Za-z_+-]+)*)\]?$/.exec(rest);
  if (zone) {
    const known = findZone(run, zone[1] ?? "");
    if (!known) return undefined;
    found.zone = known;
    rest = "";
  }
  return rest === "" ? found : undefined;
}

const MAIL =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d\d):(\d\d)(?::(\d\d))?\s*(UT|GMT|Z|[ECMP][SD]T|[+-]\d{4})?$/;
const MAIL_ZONES: ReadonlyMap<string, number> = new Map([
  ["UT", 0],
  ["GMT", 0],
  ["Z", 0],
  ["EST", -300],
  ["EDT", -240],
  ["CST", -360],
  ["CDT", -300],
  ["MST", -420],
  ["MDT", -360],
  ["PST", -480],
  ["PDT", -420],
]);

/** "Tue, 01 Nov 2016 13:23:12 +0630", and the same with GMT. */
export function parseMail(run: Run, text: string): Found | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  charge(run, 2);
  const parts = MAIL.exec(text.trim());
  if (!parts) return undefined;
  const month = MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === parts[2]?.toLowerCase()) + 1;
  if (month === 0) return undefined;
  const year = Number(parts[3]);
  const found: Found = {
    year: year < 100 ? untruncated(year) : year,
    month,
    day: Number(parts[1]),
    hour: Number(parts[4]),
    minute: Number(parts[5]),
    second: Number(parts[6] ?? 0),
  };
  const zone = parts[7];
  if (zone === undefined) return found;
  const sign = zone.startsWith("-") ? -1 : 1;
  found.offset = MAIL_ZONES.get(zone) ?? sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)));
  return found;
}

function untruncated(year: number): number {
  return year > 60 ? 1900 + year : 2000 + year;
}

type Field = readonly [pattern: RegExp, read: (found: Found, text: string, run: Run) => boolean];

type NumberKey = Exclude<keyof Found, "zone">;

function digits(pattern: RegExp, key: NumberKey, read: (text: string) => number = Number): Field {
  return [
    pattern,
    (found, text) => {
      found[key] = read(text);
      return true;
    },
  ];
}

function shortYear(text: string): number {
  return text.length > 2 ? Number(text) : untruncated(Number(text));
}

const ONE_OR_TWO = /^\d{1,2}/;
const TWO = /^\d{2}/;

const FIELDS: { readonly [token: string]: Field } = {
  y: digits(/^\d{1,6}/, "year"),
  yy: digits(/^\d{2,4}/, "year", shortYear),
  yyyy: digits(/^\d{4}/, "year"),
  yyyyy: digits(/^\d{4,6}/, "year"),
  yyyyyy: digits(/^\d{6}/, "year"),
  M: digits(ONE_OR_TWO, "month"),
  MM: digits(TWO, "month"),
  L: digits(ONE_OR_TWO, "month"),
  LL: digits(TWO, "month"),
  d: digits(ONE_OR_TWO, "day"),
  dd: digits(TWO, "day"),
  o: digits(/^\d{1,3}/, "ordinal"),
  ooo: digits(/^\d{3}/, "ordinal"),
  H: digits(ONE_OR_TWO, "hour"),
  HH: digits(TWO, "hour"),
  h: digits(ONE_OR_TWO, "hour"),
  hh: digits(TWO, "hour"),
  m: digits(ONE_OR_TWO, "minute"),
  mm: digits(TWO, "minute"),
  s: digits(ONE_OR_TWO, "second"),
  ss: digits(TWO, "second"),
  S: digits(/^\d{1,3}/, "millisecond"),
  SSS: digits(/^\d{3}/, "millisecond"),
  u: digits(/^\d{1,9}/, "millisecond", fraction),
  uu: digits(/^\d{1,2}/, "millisecond", fraction),
  uuu: digits(/^\d/, "millisecond", fraction),
  kkkk: digits(/^\d{4}/, "weekYear"),
  W: digits(ONE_OR_TWO, "weekNumber"),
  WW: digits(TWO, "weekNumber"),
  E: digits(/^[1-7]/, "weekday"),
  c: digits(/^[1-7]/, "weekday"),
  q: digits(/^[1-4]/, "month", (text) => (Number(text) - 1) * 3 + 1),
  x: digits(/^-?\d{1,16}/, "instant"),
  X: digits(/^-?\d{1,13}(?:\.\d{1,3})?/, "instant", (text) => Number(text) * 1000),
  Z: [/^[+-]\d{1,2}(?::\d{2})?/, readStatedOffset],
  ZZ: [/^(?:[+-]\d{1,2}(?::?\d{2})?|Z)/, readStatedOffset],
  ZZZ: [/^[+-]\d{4}/, readStatedOffset],
  z: [
    /^[A-Za-z_+-]{1,20}(?:\/[A-Za-z_+-]{1,30}){0,2}/,
    (found, text, run) => {
      const zone = findZone(run, text);
      if (zone) found.zone = zone;
      return zone !== undefined;
    },
  ],
};

function readStatedOffset(found: Found, text: string): boolean {
  const parts = /^([+-])(\d{1,2}):?(\d{2})?/.exec(text);
  const minutes = parts ? Number(parts[2]) * 60 + Number(parts[3] ?? 0) : 0;
  found.offset = parts?.[1] === "-" ? -minutes : minutes;
  return true;
}

/** undefined when the text does not follow the format. */
export function parseFormat(run: Run, text: string, format: string, locale: string): Found | undefined {
  if (text.length > LENGTH_MAX || format.length > LENGTH_MAX) return undefined;
  const found: Found = {};
  let rest = text;
  let half: string | undefined;
  for (const token of tokensOf(run, format)) {
    let length: number | undefined;
    if (token.isLiteral) length = rest.startsWith(token.text) ? token.text.length : undefined;
    else if (token.text === "a") {
      half = /^(?:am|pm|a\.m\.|p\.m\.)/i.exec(rest)?.[0];
      length = half?.length;
    } else length = readToken(run, found, token.text, rest, locale);
    if (length === undefined) return undefined;
    rest = rest.slice(length);
  }
  if (rest !== "") return undefined;
  if (half !== undefined && found.hour !== undefined) {
    if (found.hour > 12) return undefined;
    found.hour = (found.hour % 12) + (half.toLowerCase().startsWith("p") ? 12 : 0);
  }
  return found;
}

/** How much of the text the token took. */
function readToken(run: Run, found: Found, token: string, rest: string, locale: string): number | undefined {
  const field = Object.hasOwn(FIELDS, token) ? FIELDS[token] : undefined;
  if (field) {
    const text = field[0].exec(rest)?.[0];
    return text !== undefined && field[1](found, text, run) ? text.length : undefined;
  }
  if (/^[ML]{3,4}$/.test(token)) {
    const at = readName(run, rest, locale, "month", token.length === 3 ? "short" : "long");
    if (at === undefined) return undefined;
    found.month = at.index + 1;
    return at.length;
  }
  if (/^[Ec]{3,4}$/.test(token))
    return readName(run, rest, locale, "weekday", token.length === 3 ? "short" : "long")?.length;
  return rest.startsWith(token) ? token.length : undefined;
}

function readName(
  run: Run,
  rest: string,
  locale: string,
  kind: "month" | "weekday",
  width: "short" | "long",
) {
  const names = namesIn(run, locale, kind, width);
  const lower = rest.toLowerCase();
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? "";
    if (name !== "" && lower.startsWith(name.toLowerCase())) return { index, length: name.length };
  }
  return undefined;
}
