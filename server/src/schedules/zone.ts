// A time zone as stretches of one offset, with the clock changes between them. Asked of Intl once per zone and year.
import { offsetAt } from "@auraos/nodes/date/zone.ts";
import { DAY_MS } from "@auraos/nodes/trigger/schedule/rule.ts";

/** Offsets are milliseconds ahead of UTC; `at` is the first moment of the new one. */
export type ClockChange = { at: number; before: number; after: number };

/** Moments from `from` to before `to` have one offset. At a bound there is a clock change, or only a year's end. */
export type Stretch = {
  from: number;
  to: number;
  offset: number;
  begins: ClockChange | undefined;
  ends: ClockChange | undefined;
};

const known = new Map<string, Map<number, ClockChange[]>>();

export function stretchAt(zone: string, ms: number): Stretch {
  const year = new Date(ms).getUTCFullYear();
  const [yearStart, yearEnd] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  const changes = changesOf(zone, year);
  const atStart = changesOf(zone, year - 1).at(-1);
  const begins = changes.findLast(({ at }) => at <= ms) ?? (atStart?.at === yearStart ? atStart : undefined);
  const ends = changes.find(({ at }) => at > ms);
  return {
    from: begins?.at ?? yearStart,
    to: ends?.at ?? yearEnd,
    offset: ends?.before ?? begins?.after ?? offsetAt(ms, zone),
    begins,
    ends,
  };
}

/** Those after the first moment of the year, up to the first moment of the next. */
function changesOf(zone: string, year: number): ClockChange[] {
  const years = known.get(zone) ?? new Map<number, ClockChange[]>();
  known.set(zone, years);
  const found = years.get(year);
  if (found) return found;
  const changes: ClockChange[] = [];
  const end = Date.UTC(year + 1, 0, 1);
  let before = offsetAt(Date.UTC(year, 0, 1), zone);
  for (let day = Date.UTC(year, 0, 1); day < end; day += DAY_MS) {
    const after = offsetAt(day + DAY_MS, zone);
    if (after !== before) changes.push({ at: momentOf(zone, day, day + DAY_MS, before), before, after });
    before = after;
  }
  years.set(year, changes);
  return changes;
}

function momentOf(zone: string, from: number, to: number, before: number): number {
  let [low, high] = [from / 1000, to / 1000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1000, zone) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}

/** 2026-03-29T03:00:00+02:00. */
export function localText(ms: number, offset: number): string {
  const text = new Date(ms + offset).toISOString();
  return text.slice(0, text.endsWith(".000Z") ? 19 : 23) + offsetText(offset);
}

const offsetTexts = new Map<number, string>();

function offsetText(offset: number): string {
  const known = offsetTexts.get(offset);
  if (known !== undefined) return known;
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const text = `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  offsetTexts.set(offset, text);
  return text;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
