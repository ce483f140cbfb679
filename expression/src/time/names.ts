// Names of months, weekdays and zones. English is built in; other languages come from the host's tables.
import { formatMoment } from "../format.ts";
import type { Run } from "../run.ts";
import { weekdayOf } from "./calendar.ts";
import type { DateTimeValue } from "./dateTime.ts";

export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

export type Width = "narrow" | "short" | "long";

export function isEnglish(locale: string): boolean {
  return /^en\b/i.test(locale);
}

function cut(name: string, width: Width): string {
  return width === "long" ? name : name.slice(0, width === "short" ? 3 : 1);
}

export function monthName(run: Run, of: DateTimeValue, width: Width): string {
  if (isEnglish(of.locale)) return cut(MONTHS[of.parts.month - 1] ?? "", width);
  return formatMoment(run, of.localMs, "UTC", of.locale, { month: width });
}

export function weekdayName(run: Run, of: DateTimeValue, width: Width): string {
  if (isEnglish(of.locale)) return cut(WEEKDAYS[weekdayOf(of.localMs) - 1] ?? "", width);
  return formatMoment(run, of.localMs, "UTC", of.locale, { weekday: width });
}

export function zoneName(run: Run, of: DateTimeValue, width: "short" | "long"): string {
  if (of.zone.isFixed) return of.zone.name;
  const options = { timeZoneName: width, year: "numeric" };
  const text = formatMoment(run, of.ms, of.zone.name, of.locale, options);
  return text.replace(/^[^,]*,\s*/, "").replace(/^\d+\s+/, "");
}

/** All names of a kind in a language, for reading dates. */
export function namesIn(
  run: Run,
  locale: string,
  kind: "month" | "weekday",
  width: "short" | "long",
): string[] {
  if (isEnglish(locale)) return (kind === "month" ? MONTHS : WEEKDAYS).map((name) => cut(name, width));
  const names: string[] = [];
  const count = kind === "month" ? 12 : 7;
  for (let i = 0; i < count; i++) {
    // 1 January 2024 was a Monday.
    const ms = kind === "month" ? Date.UTC(2024, i, 15) : Date.UTC(2024, 0, 1 + i);
    const day = kind === "month" && width === "long" ? { day: "numeric" } : {};
    const text = formatMoment(run, ms, "UTC", locale, { [kind]: width, ...day });
    names.push(text.replace(/[\d.]*\s*15\.?\s*(?:de\s+)?/, "").trim());
  }
  return names;
}
