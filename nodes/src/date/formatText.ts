// Moments as text and back, by a pattern: yyyy-MM-dd HH:mm. Letters in single quotes stand for themselves.
import { weekday } from "./calendar.ts";
import { fromWall, offsetAt, toWall, utc } from "./zone.ts";

/** `2026-01-02T03:04:05.678+01:00`; Z for UTC; milliseconds only when there are any. */
export function toIso(ms: number, zone: string): string {
  const offset = offsetAt(ms, zone);
  const text = new Date(ms + offset)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, "");
  return text + (/^(utc|gmt|z)$/i.test(zone) ? "Z" : offsetText(offset, ":"));
}

function offsetText(offset: number, colon: string): string {
  const minutes = Math.abs(Math.round(offset / 60_000));
  const sign = offset < 0 ? "-" : "+";
  return `${sign}${two(Math.floor(minutes / 60))}${colon}${two(minutes % 60)}`;
}

const two = (value: number) => String(value).padStart(2, "0");
const tokens =
  /'([^']*)'|yyyy|yy|MMMM|MMM|MM|M|dd|d|EEEE|EEE|E|HH|H|hh|h|mm|m|ss|s|SSS|a|ZZZ|ZZ|Z|kkkk|WW|W|q|ooo|o|X|x/g;

export const patternHelp =
  "yyyy yy MM M MMMM MMM dd d HH H hh h mm m ss s SSS a (am/pm), EEEE EEE (day of the week, E as number), ZZ (+01:00), " +
  "ZZZ (+0100), kkkk and WW (week), q (quarter), o (day of the year), X and x (seconds and ms since 1970), 'words'";

export function formatPattern(ms: number, pattern: string, zone: string, locale: string): string {
  const wall = toWall(ms, zone);
  const date = new Date(wall);
  return pattern.replace(tokens, (token, words?: string) => {
    if (words !== undefined) return words === "" ? "'" : words;
    return textOfToken(token, ms, wall, date, zone, locale);
  });
}

function textOfToken(
  token: string,
  ms: number,
  wall: number,
  date: Date,
  zone: string,
  locale: string,
): string {
  const hour = date.getUTCHours();
  const name = (options: Intl.DateTimeFormatOptions) => inWords(wall, locale, options);
  switch (token) {
    case "yyyy":
      return String(date.getUTCFullYear()).padStart(4, "0");
    case "yy":
      return two(date.getUTCFullYear() % 100);
    case "MMMM":
      return name({ month: "long" });
    case "MMM":
      return name({ month: "short" });
    case "MM":
      return two(date.getUTCMonth() + 1);
    case "M":
      return String(date.getUTCMonth() + 1);
    case "dd":
      return two(date.getUTCDate());
    case "d":
      return String(date.getUTCDate());
    case "EEEE":
      return name({ weekday: "long" });
    case "EEE":
      return name({ weekday: "short" });
    case "E":
      return String(weekday(wall));
    case "HH":
      return two(hour);
    case "H":
      return String(hour);
    case "hh":
      return two(hour % 12 || 12);
    case "h":
      return String(hour % 12 || 12);
    case "mm":
      return two(date.getUTCMinutes());
    case "m":
      return String(date.getUTCMinutes());
    case "ss":
      return two(date.getUTCSeconds());
    case "s":
      return String(date.getUTCSeconds());
    case "SSS":
      return String(date.getUTCMilliseconds()).padStart(3, "0");
    case "a":
      return hour < 12 ? "AM" : "PM";
    case "ZZZ":
      return offsetText(offsetAt(ms, zone), "");
    case "ZZ":
    case "Z":
      return offsetText(offsetAt(ms, zone), ":");
    case "kkkk":
      return String(isoWeek(wall).year).padStart(4, "0");
    case "WW":
      return two(isoWeek(wall).week);
    case "W":
      return String(isoWeek(wall).week);
    case "q":
      return String(Math.floor(date.getUTCMonth() / 3) + 1);
    case "ooo":
      return String(dayOfYear(date)).padStart(3, "0");
    case "o":
      return String(dayOfYear(date));
    case "X":
      return String(Math.floor(ms / 1000));
    default:
      return String(ms);
  }
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - utc(date.getUTCFullYear(), 1, 1)) / 86_400_000) + 1;
}

/** ISO 8601: the week belongs to the year that has its Thursday. */
export function isoWeek(wall: number): { year: number; week: number } {
  const thursday = new Date(wall + (4 - weekday(wall)) * 86_400_000);
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

const names = new Map<string, Intl.DateTimeFormat>();

function inWords(wall: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = names.get(key);
  if (!format) {
    if (names.size >= 200) names.clear();
    format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
    names.set(key, format);
  }
  return format.format(wall);
}

/** By the habits of a language, such as 2. Januar 2026 um 03:04. */
export function formatStyle(
  ms: number,
  zone: string,
  locale: string,
  date: Intl.DateTimeFormatOptions["dateStyle"] | "none",
  time: Intl.DateTimeFormatOptions["timeStyle"] | "none",
): string {
  return inWords(toWall(ms, zone), locale, {
    ...(date === "none" ? {} : { dateStyle: date }),
    ...(time === "none" ? {} : { timeStyle: time }),
  });
}

/** Strict: the text must have exactly the form of the pattern. `undefined` when it has not, or is no date. */
export function parsePattern(
  text: string,
  pattern: string,
  zone: string,
  locale: string,
): number | undefined {
  const fields: string[] = [];
  let source = "";
  let from = 0;
  for (const match of pattern.matchAll(tokens)) {
    source += literal(pattern.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[1] !== undefined) source += literal(match[1] === "" ? "'" : match[1]);
    else {
      fields.push(match[0]);
      source += `(${shapeOf(match[0])})`;
    }
  }
  const match = new RegExp(`^${source}${literal(pattern.slice(from))}$`, "iu").exec(text.trim());
  if (!match) return undefined;
  const given = new Map(fields.map((token, index) => [token, match[index + 1] ?? ""]));
  return momentOf(given, zone, locale);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/\s+/g, "\\s+");
}

function shapeOf(token: string): string {
  if (token === "yyyy" || token === "kkkk") return "\\d{4}";
  if (token === "SSS" || token === "ooo") return "\\d{3}";
  if (/^(MMMM|MMM|EEEE|EEE)$/.test(token)) return "[\\p{L}\\p{M}.]+";
  if (token === "a") return "[ap]\\.?m\\.?";
  if (token.startsWith("Z")) return "Z|[+-]\\d{2}:?\\d{2}";
  if (token === "X" || token === "x") return "-?\\d{1,15}";
  if (/^(E|q|o)$/.test(token)) return "\\d{1,3}";
  return token.length === 2 ? "\\d{2}" : "\\d{1,2}";
}

function momentOf(given: Map<string, string>, zone: string, locale: string): number | undefined {
  const number = (...among: string[]) => {
    for (const token of among) {
      const text = given.get(token);
      if (text !== undefined) return Number(text);
    }
    return undefined;
  };
  const sinceEpoch = given.has("x") ? number("x") : given.has("X") ? (number("X") ?? 0) * 1000 : undefined;
  if (sinceEpoch !== undefined) return sinceEpoch;
  const short = number("yy");
  const year = number("yyyy") ?? (short === undefined ? undefined : short + (short < 70 ? 2000 : 1900));
  if (year === undefined) return undefined;
  const month = number("MM", "M") ?? monthOf(given.get("MMMM") ?? given.get("MMM"), locale);
  const day = number("dd", "d") ?? 1;
  const hour = hourOf(number("HH", "H"), number("hh", "h"), given.get("a"));
  const [minute, second, ms] = [number("mm", "m") ?? 0, number("ss", "s") ?? 0, number("SSS") ?? 0];
  if (month === undefined || hour === undefined || minute > 59 || second > 59) return undefined;
  const wall = utc(year, month, day, hour, minute, second, ms);
  const date = new Date(wall);
  // 30 February would quietly become 2 March.
  if (date.getUTCMonth() + 1 !== month || date.getUTCDate() !== day) return undefined;
  const offset = given.get("ZZ") ?? given.get("ZZZ") ?? given.get("Z");
  return offset === undefined
    ? fromWall(wall, zone)
    : wall - offsetAt(0, /^z$/i.test(offset) ? "UTC" : offset);
}

function hourOf(
  full: number | undefined,
  half: number | undefined,
  part: string | undefined,
): number | undefined {
  if (half !== undefined && part !== undefined) {
    return half < 1 || half > 12 ? undefined : (half % 12) + (part.toLowerCase().startsWith("p") ? 12 : 0);
  }
  const hour = full ?? half ?? 0;
  return hour > 23 ? undefined : hour;
}

/** Without a name: January. Dots at the end do not matter. */
function monthOf(name: string | undefined, locale: string): number | undefined {
  if (name === undefined) return 1;
  const plain = (text: string) => text.replace(/\.$/, "").toLocaleLowerCase(locale);
  for (let month = 1; month <= 12; month++) {
    const wall = utc(2024, month, 15);
    // Some languages write a month otherwise when a day stands before it.
    const spellings = [
      inWords(wall, locale, { month: "long" }),
      inWords(wall, locale, { month: "short" }),
      ...(["long", "short"] as const).map((month) => monthBesideDay(wall, locale, month)),
    ];
    if (spellings.some((spelling) => plain(spelling) === plain(name))) return month;
  }
  return undefined;
}

function monthBesideDay(wall: number, locale: string, month: "long" | "short"): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month }).formatToParts(
    wall,
  );
  return parts.find((part) => part.type === "month")?.value ?? "";
}

const isoText =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** ISO 8601 text. A time without an offset is one of the zone. */
export function parseIso(text: string, zone: string): number | undefined {
  const match = isoText.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", offset] = match;
  const given = new Map([
    ["yyyy", year ?? ""],
    ["MM", month ?? ""],
    ["dd", day ?? ""],
    ["HH", hour],
    ["mm", minute],
    ["ss", second],
    ["SSS", fraction.padEnd(3, "0").slice(0, 3)],
    ...(offset === undefined ? [] : [["ZZ", offset] as [string, string]]),
  ] as [string, string][]);
  return momentOf(given, zone, "en");
}
