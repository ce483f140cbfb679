// Numbers, times and durations in the person's language. Formatters are made once per language; they are costly.
import { useTranslation } from "react-i18next";

export type Format = ReturnType<typeof createFormat>;

/** One for everybody who asks: a list or a canvas has hundreds of them at once. */
const known = new Map<string, Format>();

export function useFormat(): Format {
  const { i18n } = useTranslation();
  return formatOf(i18n.language);
}

export function formatOf(language: string): Format {
  const format = known.get(language) ?? createFormat(language);
  known.set(language, format);
  return format;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relativeUnits = [
  [365 * DAY, "year"],
  [30 * DAY, "month"],
  [DAY, "day"],
  [HOUR, "hour"],
  [MINUTE, "minute"],
  [SECOND, "second"],
] as const;

export function createFormat(language: string) {
  const plain = new Intl.NumberFormat(language);
  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const percentage = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const relativeTime = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const exactTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" });
  const dayOnly = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const clockTime = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
  const units = new Map<string, Intl.NumberFormat>();

  function unit(value: number, name: string, digits = 0): string {
    const known = units.get(`${name}${digits}`);
    const format =
      known ??
      new Intl.NumberFormat(language, {
        style: "unit",
        unit: name,
        unitDisplay: "short",
        maximumFractionDigits: digits,
      });
    if (!known) units.set(`${name}${digits}`, format);
    return format.format(value);
  }

  /** Two units at most: people compare sizes, they do not add them up. */
  function duration(ms: number): string {
    // Clocks here count whole milliseconds: what took none of them did take some time.
    if (ms < 1) return `<\u00a0${unit(1, "millisecond")}`;
    if (ms < SECOND) return unit(Math.round(ms), "millisecond");
    if (ms < 10 * SECOND) return unit(ms / SECOND, "second", 1);
    if (ms < MINUTE) return unit(Math.round(ms / SECOND), "second");
    if (ms < HOUR) return two(ms, MINUTE, "minute", SECOND, "second");
    if (ms < DAY) return two(ms, HOUR, "hour", MINUTE, "minute");
    return two(ms, DAY, "day", HOUR, "hour");
  }

  function two(ms: number, big: number, bigName: string, small: number, smallName: string): string {
    const whole = Math.round(ms / small);
    const bigs = Math.floor((whole * small) / big);
    const smalls = whole - (bigs * big) / small;
    return smalls === 0 ? unit(bigs, bigName) : `${unit(bigs, bigName)} ${unit(smalls, smallName)}`;
  }

  function relative(atMs: number, nowMs: number): string {
    const distance = atMs - nowMs;
    const found = relativeUnits.find(([size]) => Math.abs(distance) >= size);
    if (!found) return relativeTime.format(0, "second");
    return relativeTime.format(Math.trunc(distance / found[0]), found[1]);
  }

  return {
    language,
    number: (value: number) => plain.format(value),
    /** Of what was counted up to a bound. */
    atLeast: (value: number, isMore: boolean) => `${plain.format(value)}${isMore ? "+" : ""}`,
    compact: (value: number) => compact.format(value),
    percent: (share: number) => percentage.format(share),
    bytes: (bytes: number) => formatBytes(bytes, unit),
    duration,
    relative,
    /** With the zone: a moment without it says nothing to a colleague elsewhere. */
    exact: (atMs: number) => exactTime.format(atMs),
    day: (at: string | number) => dayOnly.format(new Date(at)),
    clock: (atMs: number) => clockTime.format(atMs),
  };
}

const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

function formatBytes(bytes: number, unit: (value: number, name: string, digits?: number) => string): string {
  let value = bytes;
  let step = 0;
  while (value >= 1_000 && step < byteUnits.length - 1) {
    value /= 1_000;
    step += 1;
  }
  return unit(value, byteUnits[step] ?? "byte", step === 0 ? 0 : 1);
}
