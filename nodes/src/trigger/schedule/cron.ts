// Cron expressions: 5 fields (minute hour day month weekday), or 6 with seconds in front, or @daily and its like.
// Several expressions, one a line, are their union.
// When both day fields are restricted, a day that fits either of them counts, as cron always had it.
import { type Field, type FieldName, parseField } from "./cronField.ts";
import { DAY_MS, daysIn, type Parsed, parsed, RuleError, unionOf, type WallRule } from "./rule.ts";

const nicknames: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const names: readonly FieldName[] = ["second", "minute", "hour", "day of month", "month", "day of week"];

/** The 29th of February on a given weekday comes once in 28 years, or 40 across a century. */
const HORIZON_YEARS = 50;

type Days = { dayOfMonth: Field; month: Field; dayOfWeek: Field };

export function parseCron(text: string): Parsed<WallRule> {
  return parsed(() => {
    const lines = [...text.matchAll(/[^\n]+/g)].filter(([line]) => line.trim() !== "");
    if (lines.length < 2) return compileCron(text);
    return unionOf(lines.map(({ 0: line, index }) => compileLine(line, index)));
  });
}

/** A problem is located in the whole text. */
function compileLine(line: string, at: number): WallRule {
  const read = parsed(() => compileCron(line));
  if (read.ok) return read.rule;
  const { position = 0 } = read.problem;
  throw new RuleError({ ...read.problem, position: position + at });
}

function compileCron(text: string): WallRule {
  const source = nicknames[text.trim().toLowerCase()] ?? text;
  const parts = [...source.matchAll(/\S+/g)];
  if (parts.length !== 5 && parts.length !== 6)
    throw new RuleError({
      code: "CRON_FIELDS",
      message: `A cron expression has 5 fields, or 6 with seconds; this one has ${parts.length}.`,
      remedy: "Write minute hour day month weekday, such as 0 9 * * 1-5.",
    });
  const given = names.slice(6 - parts.length).map((name, index) => {
    const part = parts[index];
    return parseField(name, part?.[0] ?? "", part?.index ?? 0);
  });
  const fields = parts.length === 6 ? given : [parseField("second", "0", 0), ...given];
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = fields as [
    Field,
    Field,
    Field,
    Field,
    Field,
    Field,
  ];
  const [hours, minutes, seconds] = [sorted(hour), sorted(minute), sorted(second)];
  const fits = dayMatcher({ dayOfMonth, month, dayOfWeek });
  const rule: WallRule = { next, everyHour: hours.length === 24 };
  if (next(Date.UTC(2000, 0, 1)) === undefined)
    throw new RuleError({
      code: "CRON_NEVER",
      message: "No day ever fits this cron expression.",
      remedy: "Check day of month and month together, such as 30 in February.",
      position: parts[parts.length - 3]?.index ?? 0,
    });
  return rule;

  function next(after: number): number | undefined {
    const start = Math.floor(after / 1000) * 1000 + 1000;
    let day = Math.floor(start / DAY_MS) * DAY_MS;
    const lastDay = day + HORIZON_YEARS * 366 * DAY_MS;
    let from = (start - day) / 1000;
    while (day <= lastDay) {
      const date = new Date(day);
      if (!month.values.has(date.getUTCMonth() + 1)) {
        day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
        from = 0;
        continue;
      }
      if (fits(date)) {
        const time = timeFrom(from, hours, minutes, seconds);
        if (time !== undefined) return day + time * 1000;
      }
      day += DAY_MS;
      from = 0;
    }
    return undefined;
  }
}

function dayMatcher({ dayOfMonth, dayOfWeek }: Days): (date: Date) => boolean {
  const isEither = !dayOfMonth.isStar && !dayOfWeek.isStar;
  return (date) => {
    const inMonth = dayOfMonth.isStar || fitsMonth(dayOfMonth, date);
    if (isEither) return inMonth || fitsWeek(dayOfWeek, date);
    return inMonth && (dayOfWeek.isStar || fitsWeek(dayOfWeek, date));
  };
}

function fitsMonth(field: Field, date: Date): boolean {
  const day = date.getUTCDate();
  if (field.values.has(day)) return true;
  if (field.beforeLast.length === 0 && field.nearest.length === 0) return false;
  const last = daysIn(date.getUTCFullYear(), date.getUTCMonth() + 1);
  if (field.beforeLast.includes(last - day)) return true;
  return field.nearest.some(
    (near) => near <= last && nearestWeekday(near === 0 ? last : near, last, date) === day,
  );
}

/** Within the month: the Saturday that is a first moves to Monday the third. */
function nearestWeekday(day: number, last: number, date: Date): number {
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < last ? day + 1 : day - 2;
  return day;
}

function fitsWeek(field: Field, date: Date): boolean {
  const weekday = date.getUTCDay();
  if (field.values.has(weekday)) return true;
  if (field.nth.length === 0) return false;
  const day = date.getUTCDate();
  const last = daysIn(date.getUTCFullYear(), date.getUTCMonth() + 1);
  return field.nth.some(
    (one) => one.day === weekday && (one.n === -1 ? day + 7 > last : Math.ceil(day / 7) === one.n),
  );
}

/** First time of the day, in seconds, at or after `from`. */
function timeFrom(from: number, hours: number[], minutes: number[], seconds: number[]): number | undefined {
  for (const hour of hours) {
    if (hour * 3600 + 3599 < from) continue;
    for (const minute of minutes) {
      const at = hour * 3600 + minute * 60;
      if (at + 59 < from) continue;
      for (const second of seconds) if (at + second >= from) return at + second;
    }
  }
  return undefined;
}

function sorted(field: Field): number[] {
  return [...field.values].sort((a, b) => a - b);
}
