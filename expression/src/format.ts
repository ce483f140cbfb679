// Numbers and dates the way people of a place write them. Only simple options are handed to the host,
// copied one by one, so that no value of ours is ever converted by it.
import { toText } from "./convert.ts";
import { hostCall } from "./hostCall.ts";
import { charge, madeText, type Run } from "./run.ts";
import { isObject, type Value } from "./values.ts";

// Making a formatter takes the host about as long as this many calls.
const FORMATTER_WORK = 300;

export function simpleOptions(run: Run, value: Value): { [name: string]: string | number | boolean } {
  const options: { [name: string]: string | number | boolean } = {};
  if (!isObject(value)) return options;
  charge(run, Object.keys(value).length);
  for (const [name, option] of Object.entries(value).slice(0, 40)) {
    if (name === "__proto__") continue;
    if (typeof option === "string" || typeof option === "number" || typeof option === "boolean")
      options[name] = option;
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
