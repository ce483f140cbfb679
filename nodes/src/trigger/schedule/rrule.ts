// Recurrence rules of RFC 5545, as text: RRULE with FREQ, INTERVAL, COUNT, UNTIL, WKST and all BY parts, with optional
// DTSTART, RDATE and EXDATE lines. Several RRULE lines are their union. What is not known is refused, never quietly
// passed over.
import { toWall } from "../../date/zone.ts";
import { occurrences } from "./rruleOccurrences.ts";
import { type Parsed, parsed, RuleError, unionOf, type WallRule } from "./rule.ts";

export type Frequency = "YEARLY" | "MONTHLY" | "WEEKLY" | "DAILY" | "HOURLY" | "MINUTELY" | "SECONDLY";

export type Recurrence = {
  frequency: Frequency;
  interval: number;
  count: number | undefined;
  /** Wall time. */
  until: number | undefined;
  /** 0 = Sunday. */
  weekStart: number;
  byMonth: number[];
  byMonthDay: number[];
  byYearDay: number[];
  byWeekNo: number[];
  byDay: { day: number; n: number | undefined }[];
  byHour: number[];
  byMinute: number[];
  bySecond: number[];
  bySetPos: number[];
  /** Wall time that everything is counted from; undefined = none was given. */
  start: number | undefined;
  except: ReadonlySet<number>;
};

const frequencies = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"];
const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const lists: Record<string, { min: number; max: number; negative?: boolean }> = {
  BYMONTH: { min: 1, max: 12 },
  BYMONTHDAY: { min: 1, max: 31, negative: true },
  BYYEARDAY: { min: 1, max: 366, negative: true },
  BYWEEKNO: { min: 1, max: 53, negative: true },
  BYHOUR: { min: 0, max: 23 },
  BYMINUTE: { min: 0, max: 59 },
  BYSECOND: { min: 0, max: 59 },
  BYSETPOS: { min: 1, max: 366, negative: true },
};
const COUNT_MAX = 10_000;
const DATES_MAX = 2_000;
/** Times in one period; what is denser has a smaller FREQ. */
const TIMES_MAX = 50_000;

type Part = { name: string; value: string; at: number };

/** `startMs` (a moment) is DTSTART when the text has none. */
export function parseRrule(text: string, about: { zone: string; startMs?: number }): Parsed<WallRule> {
  return parsed(() => {
    const { recurrences, dates } = readRrule(text, about);
    const rules = recurrences.map((recurrence) => {
      needsStart(recurrence);
      refuseDense(recurrence);
      const rule = occurrences(recurrence);
      if (rule.next((recurrence.start ?? Date.UTC(2000, 0, 1)) - 1000) === undefined)
        throw wrong("RRULE_NEVER", "The rule never happens.", "Check its BY parts and UNTIL together.", 0);
      return rule;
    });
    return unionOf(dates.length === 0 ? rules : [...rules, datesRule(dates)]);
  });
}

function datesRule(dates: readonly number[]): WallRule {
  return { next: (after) => dates.find((date) => date > after), everyHour: false };
}

function readRrule(
  text: string,
  { zone, startMs }: { zone: string; startMs?: number },
): { recurrences: Recurrence[]; dates: number[] } {
  const rules: Part[] = [];
  const more = new Set<number>();
  let start = startMs === undefined ? undefined : toWall(startMs, zone);
  const except = new Set<number>();
  for (const line of linesOf(text)) {
    const [kind = ""] = line.name.split(";");
    if (kind === "RRULE") rules.push(line);
    else if (kind === "DTSTART") start = wallOf(line.value, line.at, zone);
    else if (kind === "EXDATE")
      for (const one of line.value.split(",")) except.add(wallOf(one, line.at, zone));
    else if (kind === "RDATE") for (const one of line.value.split(",")) more.add(wallOf(one, line.at, zone));
    else
      throw wrong(
        "RRULE_PART_UNKNOWN",
        `"${kind}" is not known.`,
        "Use RRULE, DTSTART, RDATE and EXDATE.",
        line.at,
      );
    const named = /TZID=([^;:]+)/.exec(line.name)?.[1];
    if (named !== undefined && named !== zone)
      throw wrong(
        "RRULE_ZONE",
        `The rule says ${named}, the schedule ${zone}.`,
        "Give one time zone.",
        line.at,
      );
  }
  const dates = [...more].filter((date) => !except.has(date)).sort((a, b) => a - b);
  if (dates.length > DATES_MAX)
    throw wrong("RRULE_TOO_DENSE", `RDATE has more than ${DATES_MAX} dates.`, "Write a rule for them.", 0);
  if (rules.length === 0 && dates.length === 0)
    throw wrong("RRULE_INVALID", "There is no rule.", "Write FREQ=DAILY;BYHOUR=9, for example.", 0);
  return { recurrences: rules.map((rule) => recurrenceOf(partsOf(rule), zone, start, except)), dates };
}

function linesOf(text: string): Part[] {
  return [...text.matchAll(/[^\r\n]+/g)]
    .filter(([line]) => line.trim() !== "")
    .map((match) => {
      const line = match[0].trim();
      const at = match.index + match[0].indexOf(line);
      const colon = /^(RRULE|DTSTART|EXDATE|RDATE|EXRULE)[^:]*:/i.exec(line)?.[0].length ?? 0;
      const name =
        colon === 0 ? "RRULE" : line.slice(0, colon - 1).replace(/^[a-z]+/i, (word) => word.toUpperCase());
      return { name, value: line.slice(colon), at: at + colon };
    });
}

function partsOf(rule: Part): Part[] {
  return [...rule.value.matchAll(/[^;]+/g)].map((match) => {
    const [name = "", value = "", ...rest] = match[0].split("=");
    const at = rule.at + match.index;
    if (value === "" || rest.length > 0)
      throw wrong(
        "RRULE_INVALID",
        `"${match[0]}" is not NAME=VALUE.`,
        "Separate the parts by semicolons.",
        at,
      );
    return { name: name.trim().toUpperCase(), value: value.trim().toUpperCase(), at };
  });
}

function recurrenceOf(
  parts: Part[],
  zone: string,
  start: number | undefined,
  except: ReadonlySet<number>,
): Recurrence {
  const numbers: Record<string, number[]> = {};
  let frequency: Frequency | undefined;
  let [interval, weekStart] = [1, 1];
  let [count, until]: (number | undefined)[] = [];
  let byDay: Recurrence["byDay"] = [];
  for (const part of parts) {
    const { name, value, at } = part;
    if (name === "FREQ" && frequencies.includes(value)) frequency = value as Frequency;
    else if (name === "INTERVAL") interval = whole(part, 1, 100_000);
    else if (name === "COUNT") count = whole(part, 1, COUNT_MAX);
    else if (name === "UNTIL") until = wallOf(value, at, zone, true);
    else if (name === "WKST") weekStart = dayOf(part, value);
    else if (name === "BYDAY") byDay = value.split(",").map((one) => weekdayOf(part, one));
    else if (lists[name]) numbers[name] = numbersOf(part);
    else if (name === "FREQ")
      throw wrong("RRULE_PART_INVALID", `"${value}" is no frequency.`, `Use ${frequencies.join(", ")}.`, at);
    else
      throw wrong(
        "RRULE_PART_UNKNOWN",
        `"${name}" is not known in a rule.`,
        "Use FREQ, INTERVAL, COUNT, UNTIL, WKST, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYHOUR, BYMINUTE, BYSECOND, BYSETPOS.",
        at,
      );
  }
  if (!frequency)
    throw wrong(
      "RRULE_INVALID",
      "A rule needs FREQ.",
      "Begin with FREQ=DAILY, for example.",
      parts[0]?.at ?? 0,
    );
  const ordinal = byDay.find(({ n }) => n !== undefined);
  if (ordinal && frequency !== "MONTHLY" && frequency !== "YEARLY")
    throw wrong(
      "RRULE_PART_INVALID",
      `The ordinal in BYDAY needs FREQ=MONTHLY or YEARLY.`,
      "Leave the number out.",
      0,
    );
  const of = (name: string) => numbers[name] ?? [];
  refuseMisplaced(frequency, {
    weekNo: of("BYWEEKNO"),
    yearDay: of("BYYEARDAY"),
    hasOrdinal: ordinal !== undefined,
  });
  return {
    frequency,
    interval,
    count,
    until,
    weekStart,
    byMonth: of("BYMONTH"),
    byMonthDay: of("BYMONTHDAY"),
    byYearDay: of("BYYEARDAY"),
    byWeekNo: of("BYWEEKNO"),
    byDay,
    byHour: of("BYHOUR"),
    byMinute: of("BYMINUTE"),
    bySecond: of("BYSECOND"),
    bySetPos: of("BYSETPOS"),
    start,
    except,
  };
}

/** As the standard has it: parts that mean nothing in a period of this length. */
function refuseMisplaced(
  frequency: Frequency,
  given: { weekNo: number[]; yearDay: number[]; hasOrdinal: boolean },
): void {
  if (given.weekNo.length > 0 && frequency !== "YEARLY")
    throw wrong("RRULE_PART_INVALID", "BYWEEKNO needs FREQ=YEARLY.", "Use FREQ=YEARLY, or leave it out.", 0);
  if (given.weekNo.length > 0 && given.hasOrdinal)
    throw wrong(
      "RRULE_PART_INVALID",
      "An ordinal in BYDAY says nothing beside BYWEEKNO.",
      "Leave the number out.",
      0,
    );
  if (given.yearDay.length > 0 && ["MONTHLY", "WEEKLY", "DAILY"].includes(frequency))
    throw wrong("RRULE_PART_INVALID", `BYYEARDAY does not go with FREQ=${frequency}.`, "Use FREQ=YEARLY.", 0);
}

/** Without a start, nothing may depend on one: a rule must not mean another thing after it is saved again. */
function needsStart(rule: Recurrence): void {
  if (rule.start !== undefined) return;
  const { frequency, byDay, byMonthDay, byMonth, byYearDay, byWeekNo } = rule;
  const noDay = byDay.length === 0 && byMonthDay.length === 0 && byYearDay.length === 0;
  const why =
    rule.count !== undefined
      ? "COUNT"
      : rule.interval > 1
        ? "INTERVAL"
        : frequency === "WEEKLY" && byDay.length === 0
          ? "FREQ=WEEKLY without BYDAY"
          : frequency === "MONTHLY" && noDay
            ? "FREQ=MONTHLY without BYMONTHDAY or BYDAY"
            : frequency === "YEARLY" && (noDay || byMonth.length + byYearDay.length + byWeekNo.length === 0)
              ? "FREQ=YEARLY without BYMONTH and a day"
              : undefined;
  if (why !== undefined)
    throw wrong("RRULE_NEEDS_START", `${why} counts from a start.`, "Give `start`, or a DTSTART line.", 0);
}

function refuseDense({ frequency, byHour, byMinute, bySecond }: Recurrence): void {
  const days = { YEARLY: 366, MONTHLY: 31, WEEKLY: 7, DAILY: 1 }[frequency as string] ?? 0;
  const times = [byHour, byMinute, bySecond].reduce((product, list) => product * Math.max(1, list.length), 1);
  if (days * times > TIMES_MAX)
    throw wrong(
      "RRULE_TOO_DENSE",
      `The rule has up to ${days * times} times in one period.`,
      "Use a smaller FREQ, such as HOURLY, MINUTELY or SECONDLY.",
      0,
    );
}

function whole({ name, value, at }: Part, min: number, max: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw wrong(
    "RRULE_PART_INVALID",
    `${name} is "${value}".`,
    `It takes a whole number from ${min} to ${max}.`,
    at,
  );
}

function numbersOf(part: Part): number[] {
  const { min, max, negative } = lists[part.name] ?? { min: 0, max: 0 };
  return [...new Set(part.value.split(","))].map((text) => {
    const number = Number(text);
    const size = negative === true ? Math.abs(number) : number;
    if (/^[+-]?\d+$/.test(text) && size >= min && size <= max) return number;
    const also = negative === true ? `, or -${max} to -${min} from the end` : "";
    throw wrong(
      "RRULE_PART_INVALID",
      `${part.name} has "${text}".`,
      `It takes ${min} to ${max}${also}.`,
      part.at,
    );
  });
}

function weekdayOf(part: Part, text: string): { day: number; n: number | undefined } {
  const match = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text);
  const n = match?.[1] === undefined ? undefined : Number(match[1]);
  if (!match || n === 0 || (n !== undefined && Math.abs(n) > 53))
    return { day: dayOf(part, text), n: undefined };
  return { day: dayOf(part, match[2] ?? ""), n };
}

function dayOf({ name, at }: Part, text: string): number {
  const day = weekdays.indexOf(text);
  if (day >= 0) return day;
  throw wrong(
    "RRULE_PART_INVALID",
    `${name} has "${text}".`,
    "Use MO, TU, WE, TH, FR, SA, SU; 2TU, -1FR.",
    at,
  );
}

/** 20260329T020000 on the wall, 20260329T010000Z as a moment, 20260329 a day (its end, if `isEnd`). */
function wallOf(text: string, at: number, zone: string, isEnd = false): number {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/i.exec(text.trim());
  const [year, month, day, hour, minute, second] = (match ?? []).slice(1, 7).map(Number) as number[];
  const isDay = match?.[4] === undefined;
  const ms = Date.UTC(
    year ?? Number.NaN,
    (month ?? 1) - 1,
    day,
    isDay ? (isEnd ? 23 : 0) : hour,
    isDay ? (isEnd ? 59 : 0) : minute,
    isDay ? (isEnd ? 59 : 0) : second,
  );
  if (!match || Number.isNaN(ms) || new Date(ms).getUTCDate() !== day)
    throw wrong(
      "RRULE_TIME_INVALID",
      `"${text}" is no time.`,
      "Write 20260329T090000, or with Z for UTC.",
      at,
    );
  return match[7] === undefined ? ms : toWall(ms, zone);
}

function wrong(code: string, message: string, remedy: string, position: number): RuleError {
  return new RuleError({ code, message, remedy, position });
}
