// Making DateTime values from what users have: text, numbers, dates.
import { toNumber, toText } from "../convert.ts";
import { chargeText, fail, type Run } from "../run.ts";
import { nameOfKind, type Value } from "../values.ts";
import { DateTimeValue, invalidDateTime, makeDateTime } from "./dateTime.ts";
import { JsDateValue, parseJsDate } from "./jsDate.ts";
import { resolve } from "./parseParts.ts";
import { parseFormat, parseIso, parseMail } from "./parseText.ts";
import { zoneOr } from "./zone.ts";

/** ISO and SQL forms first, then e-mail's, then whatever JavaScript dates understand. */
export function dateTimeFromText(run: Run, text: string, format: Value): DateTimeValue {
  chargeText(run, text.length);
  const zone = zoneOr(run, run.scope.zone);
  if (format !== undefined) {
    const found = parseFormat(run, text, toText(run, format), "en-US");
    if (found) return resolve(run, found, zone, false);
    throw fail(
      run,
      "BAD_DATE",
      `"${short(text)}" does not follow the format.`,
      "Check the letters of the format, for example dd.MM.yyyy.",
    );
  }
  const trimmed = text.trim();
  const found = parseIso(run, trimmed) ?? parseIso(run, trimmed, /^ +/) ?? parseMail(run, trimmed);
  if (found) return checked(run, text, resolve(run, found, zone, false));
  const ms = parseJsDate(run, trimmed);
  return checked(run, text, Number.isNaN(ms) ? invalidDateTime("unreadable", zone) : makeDateTime(ms, zone));
}

function checked(run: Run, text: string, date: DateTimeValue): DateTimeValue {
  if (date.invalid === null) return date;
  throw fail(
    run,
    "BAD_DATE",
    `"${short(text)}" is not a date.`,
    "Give its format: toDateTime('dd.MM.yyyy').",
  );
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

const EXCEL_EPOCH_DAYS = 25_569;

export function dateTimeFromNumber(run: Run, value: number, unit: string): DateTimeValue {
  const zone = zoneOr(run, run.scope.zone);
  switch (unit) {
    case "ms":
      return makeDateTime(Math.trunc(value), zone);
    case "s":
      return makeDateTime(Math.trunc(value * 1000), zone);
    case "us":
      return makeDateTime(Math.trunc(value / 1000), zone);
    case "excel":
      return makeDateTime(Math.round((value - EXCEL_EPOCH_DAYS) * 86_400_000), zone);
    default:
      throw fail(
        run,
        "BAD_ARGUMENT",
        `"${unit.slice(0, 20)}" is not a unit for toDateTime().`,
        'Use "ms", "s", "us" or "excel".',
      );
  }
}

/** The other date in a comparison: a DateTime, a Date, text or milliseconds. */
export function dateTimeFrom(run: Run, value: Value): DateTimeValue {
  if (value instanceof DateTimeValue) return value;
  if (value instanceof JsDateValue) return makeDateTime(value.ms, zoneOr(run, run.scope.zone));
  if (typeof value === "string") return dateTimeFromText(run, value, undefined);
  if (typeof value === "number") return makeDateTime(toNumber(run, value), zoneOr(run, run.scope.zone));
  throw fail(
    run,
    "BAD_ARGUMENT",
    `Expected a date, but got ${nameOfKind(value)}.`,
    "Use a DateTime or a text in ISO form.",
  );
}
