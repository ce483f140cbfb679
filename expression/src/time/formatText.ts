// toFormat: luxon's tokens. A format is short; each token costs a unit.
import { formatMoment } from "../format.ts";
import { charge, growText, type Run } from "../run.ts";
import { ordinalOf, weekdayOf, weekOf } from "./calendar.ts";
import type { DateTimeValue } from "./dateTime.ts";
import { offsetText, pad } from "./iso.ts";
import { monthName, weekdayName, zoneName } from "./names.ts";

export type Token = { readonly text: string; readonly isLiteral: boolean };

/** Runs of one letter are tokens, text in single quotes and everything else is literal. */
export function tokensOf(run: Run, format: string): Token[] {
  charge(run, format.length);
  const tokens: Token[] = [];
  for (const [whole, quoted, letters] of format.matchAll(/'([^']*)'|(([A-Za-z])\3*)|[^A-Za-z']|'/g)) {
    if (quoted !== undefined) tokens.push({ text: quoted, isLiteral: true });
    else tokens.push({ text: whole, isLiteral: letters === undefined });
  }
  return tokens;
}

export function formatText(run: Run, of: DateTimeValue, format: string): string {
  let text = "";
  for (const token of tokensOf(run, format)) {
    const piece = token.isLiteral ? token.text : writeToken(run, of, token.text);
    growText(run, text.length + piece.length, piece.length);
    text += piece;
  }
  return text;
}

type Writer = (run: Run, of: DateTimeValue) => string;

function twelve(hour: number): number {
  return hour % 12 === 0 ? 12 : hour % 12;
}

function year(of: DateTimeValue, length: number): string {
  return pad(of.parts.year, length);
}

function lastTwo(value: number): string {
  return String(value).slice(-2).padStart(2, "0");
}

function preset(options: { [name: string]: string }): Writer {
  return (run, of) => formatMoment(run, of.localMs, "UTC", of.locale, options);
}

const DATE = { year: "numeric", month: "numeric", day: "numeric" };
const DATE_SHORT = { year: "numeric", month: "short", day: "numeric" };
const DATE_LONG = { year: "numeric", month: "long", day: "numeric" };
const DATE_HUGE = { ...DATE_LONG, weekday: "long" };
const TIME = { hour: "numeric", minute: "numeric" };
const TIME_SECONDS = { ...TIME, second: "numeric" };
const H23 = { hourCycle: "h23" };

/** Presets that name the zone take the real instant in the real zone. */
function zoned(options: { [name: string]: string }, width: "short" | "long"): Writer {
  return (run, of) =>
    formatMoment(run, of.ms, of.zone.isFixed ? "UTC" : of.zone.name, of.locale, {
      ...options,
      timeZoneName: width,
    });
}

const WRITERS: { readonly [token: string]: Writer } = {
  S: (_run, of) => String(of.parts.millisecond),
  SSS: (_run, of) => pad(of.parts.millisecond, 3),
  u: (_run, of) => pad(of.parts.millisecond, 3),
  uu: (_run, of) => pad(Math.floor(of.parts.millisecond / 10), 2),
  uuu: (_run, of) => String(Math.floor(of.parts.millisecond / 100)),
  s: (_run, of) => String(of.parts.second),
  ss: (_run, of) => pad(of.parts.second, 2),
  m: (_run, of) => String(of.parts.minute),
  mm: (_run, of) => pad(of.parts.minute, 2),
  h: (_run, of) => String(twelve(of.parts.hour)),
  hh: (_run, of) => pad(twelve(of.parts.hour), 2),
  H: (_run, of) => String(of.parts.hour),
  HH: (_run, of) => pad(of.parts.hour, 2),
  Z: (_run, of) => narrowOffset(of.offset),
  ZZ: (_run, of) => offsetText(of.offset, ":"),
  ZZZ: (_run, of) => offsetText(of.offset, ""),
  ZZZZ: (run, of) => zoneName(run, of, "short"),
  ZZZZZ: (run, of) => zoneName(run, of, "long"),
  z: (_run, of) => of.zone.name,
  a: (_run, of) => (of.parts.hour < 12 ? "AM" : "PM"),
  d: (_run, of) => String(of.parts.day),
  dd: (_run, of) => pad(of.parts.day, 2),
  c: (_run, of) => String(weekdayOf(of.localMs)),
  ccc: (run, of) => weekdayName(run, of, "short"),
  cccc: (run, of) => weekdayName(run, of, "long"),
  ccccc: (run, of) => weekdayName(run, of, "narrow"),
  E: (_run, of) => String(weekdayOf(of.localMs)),
  EEE: (run, of) => weekdayName(run, of, "short"),
  EEEE: (run, of) => weekdayName(run, of, "long"),
  EEEEE: (run, of) => weekdayName(run, of, "narrow"),
  L: (_run, of) => String(of.parts.month),
  LL: (_run, of) => pad(of.parts.month, 2),
  LLL: (run, of) => monthName(run, of, "short"),
  LLLL: (run, of) => monthName(run, of, "long"),
  LLLLL: (run, of) => monthName(run, of, "narrow"),
  M: (_run, of) => String(of.parts.month),
  MM: (_run, of) => pad(of.parts.month, 2),
  MMM: (run, of) => monthName(run, of, "short"),
  MMMM: (run, of) => monthName(run, of, "long"),
  MMMMM: (run, of) => monthName(run, of, "narrow"),
  y: (_run, of) => String(of.parts.year),
  yy: (_run, of) => lastTwo(of.parts.year),
  yyyy: (_run, of) => year(of, 4),
  yyyyyy: (_run, of) => year(of, 6),
  G: (_run, of) => (of.parts.year > 0 ? "AD" : "BC"),
  GG: (_run, of) => (of.parts.year > 0 ? "Anno Domini" : "Before Christ"),
  GGGGG: (_run, of) => (of.parts.year > 0 ? "A" : "B"),
  kk: (_run, of) => lastTwo(weekOf(of.localMs).weekYear),
  kkkk: (_run, of) => pad(weekOf(of.localMs).weekYear, 4),
  W: (_run, of) => String(weekOf(of.localMs).weekNumber),
  WW: (_run, of) => pad(weekOf(of.localMs).weekNumber, 2),
  o: (_run, of) => String(ordinalOf(of.localMs)),
  ooo: (_run, of) => pad(ordinalOf(of.localMs), 3),
  q: (_run, of) => String(Math.ceil(of.parts.month / 3)),
  qq: (_run, of) => pad(Math.ceil(of.parts.month / 3), 2),
  X: (_run, of) => String(Math.floor(of.ms / 1000)),
  x: (_run, of) => String(of.ms),
  D: preset(DATE),
  DD: preset(DATE_SHORT),
  DDD: preset(DATE_LONG),
  DDDD: preset(DATE_HUGE),
  t: preset(TIME),
  tt: preset(TIME_SECONDS),
  ttt: zoned(TIME_SECONDS, "short"),
  tttt: zoned(TIME_SECONDS, "long"),
  T: preset({ ...TIME, ...H23 }),
  TT: preset({ ...TIME_SECONDS, ...H23 }),
  TTT: zoned({ ...TIME_SECONDS, ...H23 }, "short"),
  TTTT: zoned({ ...TIME_SECONDS, ...H23 }, "long"),
  f: preset({ ...DATE, ...TIME }),
  ff: preset({ ...DATE_SHORT, ...TIME }),
  fff: zoned({ ...DATE_LONG, ...TIME }, "short"),
  ffff: zoned({ ...DATE_HUGE, ...TIME }, "long"),
  F: preset({ ...DATE, ...TIME_SECONDS }),
  FF: preset({ ...DATE_SHORT, ...TIME_SECONDS }),
  FFF: zoned({ ...DATE_LONG, ...TIME_SECONDS }, "short"),
  FFFF: zoned({ ...DATE_HUGE, ...TIME_SECONDS }, "long"),
};

function writeToken(run: Run, of: DateTimeValue, token: string): string {
  const writer = Object.hasOwn(WRITERS, token) ? WRITERS[token] : undefined;
  return writer ? writer(run, of) : token;
}

/** Presets of Intl put a narrow no-break space before AM; so do luxon's, and we leave it. */
function narrowOffset(offset: number): string {
  const minutes = Math.trunc(Math.abs(offset));
  const rest = minutes % 60;
  return `${offset < 0 ? "-" : "+"}${Math.floor(minutes / 60)}${rest > 0 ? `:${pad(rest, 2)}` : ""}`;
}
