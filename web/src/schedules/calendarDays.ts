// The days of the calendar, whole weeks from Monday, and the fires of each. Pure.
import type { SentencePart } from "@auraos/contract";

export type Upcoming = {
  scheduleId: string;
  name: string;
  at: string;
  note?: string | undefined;
  noteParts?: readonly SentencePart[] | undefined;
};

/** Local midnights: by calendar date, so that a day of 23 or 25 hours is one day. */
export function daysOf(today: Date, weeksAhead: number, weeks: number): Date[] {
  const monday = today.getDate() - ((today.getDay() + 6) % 7) + weeksAhead * 7;
  return Array.from(
    { length: weeks * 7 },
    (_, index) => new Date(today.getFullYear(), today.getMonth(), monday + index),
  );
}

export function groupByDay(fires: readonly Upcoming[]): Map<string, Upcoming[]> {
  return Map.groupBy(fires, ({ at }) => new Date(at).toDateString());
}
