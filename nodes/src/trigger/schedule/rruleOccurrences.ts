// The occurrences of a recurrence rule, period by period (a year, a month, ... a second), as RFC 5545 expands and
// limits them. A question about a far day does not walk there from the start, except with COUNT.

import type { Frequency, Recurrence } from "./rrule.ts";
import { DAY_MS, daysIn, type WallRule } from "./rule.ts";

const unitMs: Partial<Record<Frequency, number>> = {
  WEEKLY: 7 * DAY_MS,
  DAILY: DAY_MS,
  HOURLY: 3_600_000,
  MINUTELY: 60_000,
  SECONDLY: 1000,
};
const HORIZON_MS = 60 * 366 * DAY_MS;
/** Periods that are looked at for one answer: a rule that fits in none of so many never does. */
const PERIODS_MAX = 60_000;

export function occurrences(rule: Recurrence): WallRule {
  const { frequency } = rule;
  const isWithinDay = ["HOURLY", "MINUTELY", "SECONDLY"].includes(frequency);
  const start = rule.start ?? Date.UTC(1970, 0, 1);
  const periods = periodsOf(rule, start);
  let kept: { period: number; all: number[] } | undefined;
  const everyHour =
    isWithinDay && rule.byHour.length === 0 && (frequency !== "HOURLY" || rule.interval === 1);
  if (rule.count === undefined) return { next: (after) => firstAfter(after, true), everyHour };
  const counted = countOut(rule.count);
  return {
    next: (after) => {
      for (let index = firstAbove(counted, after); index < counted.length; index += 1) {
        const at = counted[index] ?? 0;
        if (!rule.except.has(at)) return at;
      }
      return undefined;
    },
    everyHour,
  };

  function countOut(count: number): number[] {
    const found: number[] = [];
    for (let at = start - 1; found.length < count; ) {
      const next = firstAfter(at, false);
      if (next === undefined) break;
      found.push(next);
      at = next;
    }
    return found;
  }

  function firstAfter(after: number, withExceptions: boolean): number | undefined {
    const from = Math.max(after, start - 1);
    let index = periods.indexAt(from);
    for (let looked = 0; looked < PERIODS_MAX; looked += 1) {
      const period = periods.startOf(index);
      if (period > from + HORIZON_MS || (rule.until !== undefined && period > rule.until)) return undefined;
      const skipTo = isWithinDay ? unfit(rule, period) : undefined;
      if (skipTo !== undefined) {
        index = Math.max(index + 1, periods.indexAt(skipTo - 1));
        continue;
      }
      const all = candidatesOf(period);
      for (let place = firstAbove(all, from); place < all.length; place += 1) {
        const at = all[place] ?? 0;
        if (withExceptions && rule.except.has(at)) continue;
        return rule.until !== undefined && at > rule.until ? undefined : at;
      }
      index += 1;
    }
    return undefined;
  }

  /** Questions follow one another, mostly within one period. */
  function candidatesOf(period: number): number[] {
    if (kept?.period !== period) kept = { period, all: candidates(rule, period, start) };
    return kept.all;
  }
}

/** Place of the first number above the given one in a sorted list. */
function firstAbove(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

type Periods = { startOf(index: number): number; indexAt(wall: number): number };

function periodsOf({ frequency, interval, weekStart }: Recurrence, start: number): Periods {
  const date = new Date(start);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (frequency === "YEARLY" || frequency === "MONTHLY") {
    const months = frequency === "YEARLY" ? 12 : 1;
    const first = frequency === "YEARLY" ? year * 12 : year * 12 + month;
    return {
      startOf: (index) => Date.UTC(1970, first - 1970 * 12 + index * interval * months, 1),
      indexAt: (wall) => {
        const at = new Date(wall);
        const passed = at.getUTCFullYear() * 12 + at.getUTCMonth() - first;
        return Math.max(0, Math.floor(passed / (interval * months)));
      },
    };
  }
  const unit = unitMs[frequency] ?? DAY_MS;
  const intoWeek = frequency === "WEEKLY" ? ((date.getUTCDay() - weekStart + 7) % 7) * DAY_MS : 0;
  const grain = frequency === "WEEKLY" ? DAY_MS : unit;
  const first = Math.floor(start / grain) * grain - intoWeek;
  return {
    startOf: (index) => first + index * interval * unit,
    indexAt: (wall) => Math.max(0, Math.floor((wall - first) / (interval * unit))),
  };
}

/** Of a period within a day: nothing in it fits, and nothing before the given time does. */
function unfit(rule: Recurrence, period: number): number | undefined {
  const { frequency, byHour, byMinute } = rule;
  const date = new Date(period);
  if (!dayFits(rule, date)) return Math.floor(period / DAY_MS) * DAY_MS + DAY_MS;
  if (byHour.length > 0 && !byHour.includes(date.getUTCHours()))
    return Math.floor(period / 3_600_000) * 3_600_000 + 3_600_000;
  if (frequency !== "HOURLY" && byMinute.length > 0 && !byMinute.includes(date.getUTCMinutes()))
    return Math.floor(period / 60_000) * 60_000 + 60_000;
  return undefined;
}

function candidates(rule: Recurrence, period: number, start: number): number[] {
  const all = expand(rule, period, start).sort((a, b) => a - b);
  const { bySetPos } = rule;
  const chosen =
    bySetPos.length === 0
      ? all
      : bySetPos
          .map((place) => all.at(place > 0 ? place - 1 : place))
          .filter((at) => at !== undefined)
          .sort((a, b) => a - b);
  return chosen.filter((at, index) => at >= start && at !== chosen[index - 1]);
}

function expand(rule: Recurrence, period: number, start: number): number[] {
  const at = new Date(start);
  const or = (given: number[], fallback: number) => (given.length > 0 ? given : [fallback]);
  const minutes = or(rule.byMinute, at.getUTCMinutes());
  const seconds = or(rule.bySecond, at.getUTCSeconds());
  const { frequency, bySecond } = rule;
  if (frequency === "SECONDLY")
    return bySecond.length === 0 || bySecond.includes(new Date(period).getUTCSeconds()) ? [period] : [];
  if (frequency === "MINUTELY") return seconds.map((second) => period + second * 1000);
  if (frequency === "HOURLY")
    return minutes.flatMap((minute) => seconds.map((second) => period + (minute * 60 + second) * 1000));
  const hours = or(rule.byHour, at.getUTCHours());
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => ((hour * 60 + minute) * 60 + second) * 1000)),
  );
  return daysOf(rule, period, at).flatMap((day) => times.map((time) => day + time));
}

function daysOf(rule: Recurrence, period: number, start: Date): number[] {
  const first = new Date(period);
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth()];
  const length =
    rule.frequency === "YEARLY"
      ? (Date.UTC(year + 1, 0, 1) - period) / DAY_MS
      : rule.frequency === "MONTHLY"
        ? daysIn(year, month + 1)
        : rule.frequency === "WEEKLY"
          ? 7
          : 1;
  const full = withDefaults(rule, start);
  return Array.from({ length }, (_, index) => period + index * DAY_MS).filter((day) =>
    dayFits(full, new Date(day)),
  );
}

/** A rule that names no day takes it from its start. */
function withDefaults(rule: Recurrence, start: Date): Recurrence {
  const noDay = rule.byDay.length === 0 && rule.byMonthDay.length === 0 && rule.byYearDay.length === 0;
  if (!noDay || rule.frequency === "DAILY") return rule;
  if (rule.frequency === "WEEKLY" || rule.byWeekNo.length > 0)
    return { ...rule, byDay: [{ day: start.getUTCDay(), n: undefined }] };
  const byMonthDay = [start.getUTCDate()];
  if (rule.frequency === "MONTHLY" || rule.byMonth.length > 0) return { ...rule, byMonthDay };
  return { ...rule, byMonthDay, byMonth: [start.getUTCMonth() + 1] };
}

function dayFits(rule: Recurrence, date: Date): boolean {
  const { byMonth, byMonthDay, byDay } = rule;
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  if (byMonth.length > 0 && !byMonth.includes(month)) return false;
  if (byMonthDay.length > 0) {
    const fromEnd = day - daysIn(year, month) - 1;
    if (!byMonthDay.includes(day) && !byMonthDay.includes(fromEnd)) return false;
  }
  if (!ofYearFits(rule, date)) return false;
  if (byDay.length === 0) return true;
  const ofYear = rule.frequency === "YEARLY" && byMonth.length === 0;
  return byDay.some(
    (one) => one.day === date.getUTCDay() && (one.n === undefined || isNth(one.n, date, ofYear)),
  );
}

function ofYearFits({ byYearDay, byWeekNo, weekStart }: Recurrence, date: Date): boolean {
  if (byYearDay.length > 0) {
    const year = date.getUTCFullYear();
    const day = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / DAY_MS) + 1;
    const length = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / DAY_MS;
    if (!byYearDay.includes(day) && !byYearDay.includes(day - length - 1)) return false;
  }
  if (byWeekNo.length === 0) return true;
  const { week, weeks } = weekOf(date, weekStart);
  return byWeekNo.includes(week) || byWeekNo.includes(week - weeks - 1);
}

/** As ISO 8601 counts, with any first day: week 1 is the first that has at least four days in its year. */
function weekOf(date: Date, weekStart: number): { week: number; weeks: number } {
  const day = Math.floor(date.getTime() / DAY_MS) * DAY_MS;
  const intoWeek = (date.getUTCDay() - weekStart + 7) % 7;
  const year = new Date(day + (3 - intoWeek) * DAY_MS).getUTCFullYear();
  const first = firstWeek(year, weekStart);
  const weeks = Math.round((firstWeek(year + 1, weekStart) - first) / (7 * DAY_MS));
  return { week: Math.floor((day - first) / (7 * DAY_MS)) + 1, weeks };
}

/** The week that has January 4th. */
function firstWeek(year: number, weekStart: number): number {
  const fourth = Date.UTC(year, 0, 4);
  return fourth - ((new Date(fourth).getUTCDay() - weekStart + 7) % 7) * DAY_MS;
}

function isNth(n: number, date: Date, ofYear: boolean): boolean {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const first = ofYear ? Date.UTC(year, 0, 1) : Date.UTC(year, month, 1);
  const end = ofYear ? Date.UTC(year + 1, 0, 1) : Date.UTC(year, month + 1, 1);
  const index = Math.floor((date.getTime() - first) / DAY_MS);
  const left = Math.floor((end - 1 - date.getTime()) / DAY_MS);
  return n > 0 ? Math.floor(index / 7) + 1 === n : -(Math.floor(left / 7) + 1) === n;
}
