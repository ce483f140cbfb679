// ISO 8601 texts of moments, as luxon writes them.
import type { DateTimeValue } from "./dateTime.ts";

export type IsoOptions = {
  suppressMilliseconds?: boolean;
  suppressSeconds?: boolean;
  includeOffset?: boolean;
  basic?: boolean;
};

export function pad(value: number, length: number): string {
  return value < 0 ? `-${String(-value).padStart(length, "0")}` : String(value).padStart(length, "0");
}

export function isoText(of: DateTimeValue, options: IsoOptions = {}): string {
  return `${isoDate(of, options)}T${isoTime(of, options)}`;
}

export function isoDate(of: DateTimeValue, options: IsoOptions = {}): string {
  const { year, month, day } = of.parts;
  const isLong = year > 9999 || year < 0;
  const yearText = isLong ? `${year < 0 ? "-" : "+"}${pad(Math.abs(year), 6)}` : pad(year, 4);
  const dash = options.basic ? "" : "-";
  return `${yearText}${dash}${pad(month, 2)}${dash}${pad(day, 2)}`;
}

export function isoTime(of: DateTimeValue, options: IsoOptions = {}): string {
  const { hour, minute, second, millisecond } = of.parts;
  const colon = options.basic ? "" : ":";
  let text = `${pad(hour, 2)}${colon}${pad(minute, 2)}`;
  const showMilliseconds = millisecond !== 0 || !options.suppressMilliseconds;
  const showSeconds = showMilliseconds || second !== 0 || !options.suppressSeconds;
  if (showSeconds) text += `${colon}${pad(second, 2)}`;
  if (showSeconds && showMilliseconds) text += `.${pad(millisecond, 3)}`;
  return options.includeOffset === false ? text : text + isoOffset(of, colon);
}

function isoOffset(of: DateTimeValue, colon: string): string {
  if (of.zone.isFixed && of.offset === 0) return "Z";
  return offsetText(of.offset, colon);
}

export function offsetText(offset: number, colon: string): string {
  const minutes = Math.trunc(Math.abs(offset));
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60), 2)}${colon}${pad(minutes % 60, 2)}`;
}
