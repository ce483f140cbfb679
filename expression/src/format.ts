// Numbers and dates the way people of a place write them. Only simple options are handed to the host,
// copied one by one, so that no value of ours is ever converted by it.
import { toText } from "./convert.ts";
import { hostCall } from "./hostCall.ts";
import { charge, madeText, type Run } from "./run.ts";
import { isObject, type Value } from "./values.ts";

// Making a formatter takes the host about as long as this many calls.
const FORMATTER_WORK = 300;

// Known names only: whatever else an object holds is never looked at.
const OPTION_NAMES = [
  ...[
    "style",
    "currency",
    "currencyDisplay",
    "currencySign",
    "unit",
    "unitDisplay",
    "notation",
    "compactDisplay",
  ],
  ...["minimumIntegerDigits", "minimumFractionDigits", "maximumFractionDigits", "minimumSignificantDigits"],
  ...["maximumSignificantDigits", "useGrouping", "signDisplay", "roundingMode", "numberingSystem"],
  ...["dateStyle", "timeStyle", "calendar", "dayPeriod", "hour12", "hourCycle", "timeZone", "weekday", "era"],
  ...["year", "month", "day", "hour", "minute", "second", "fractionalSecondDigits", "timeZoneName"],
];

export function simpleOptions(run: Run, value: Value): { [name: string]: string | number | boolean } {
  const options: { [name: string]: string | number | boolean } = {};
  if (!isObject(value)) return options;
  charge(run, 4);
  for (const name of OPTION_NAMES) {
    const option = Object.hasOwn(value, name) ? value[name] : undefined;
    if (typeof option === "string") options[name] = option.slice(0, 80);
    else if (typeof option === "number" || typeof option === "boolean") options[name] = option;
  }
  return options;
}

export function localeOf(run: Run, value: Value, fallback = "en-US"): string {
  if (value === undefined || value === null || isObject(value)) return fallback;
  return toText(run, Array.isArray(value) ? value[0] : value).slice(0, 80);
}

export function formatNumber(run: Run, number: number, locale: Value, options: Value): string {
  charge(run, FORMATTER_WORK);
  const settings = simpleOptions(run, options);
  return madeText(
    run,
    hostCall(run, () => new Intl.NumberFormat(localeOf(run, locale), settings).format(number)),
  );
}

export function formatMoment(
  run: Run,
  ms: number,
  zone: string,
  locale: string,
  options: { [name: string]: string | number | boolean },
): string {
  charge(run, FORMATTER_WORK);
  const settings = { timeZone: zone, ...options };
  return madeText(
    run,
    hostCall(run, () => new Intl.DateTimeFormat(locale, settings as Intl.DateTimeFormatOptions).format(ms)),
  );
}
