// What the server says in parts, ready for a sentence of the catalogue: numbers, moments and durations as the reader writes
// them, names kept apart from the direction of the sentence around them.
import { directionOfText } from "../i18n/directions.ts";
import { directionOf } from "../i18n/languages.ts";
import type { Format } from "../i18n/useFormat.ts";

type Parameters = Readonly<Record<string, string | number>>;
/** As the contract has it. */
export type Part = { code: string; parameters: Parameters };

type Words = (key: string) => string | undefined;

/** First strong isolate, and its end: a Latin name within an Arabic sentence turns nothing around. */
const [ISOLATE, END] = ["\u2068", "\u2069"];
/** Moments of which only the day matters. */
const days = new Set(["used", "made"]);
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** `words`: of the catalogue, by key, for values that are words themselves. */
export function spoken(
  parameters: Parameters,
  format: Format,
  words: Words = () => undefined,
): Record<string, string | number> {
  const said: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(parameters)) {
    // The number decides which form of the sentence is taken; beside it stands how it is written.
    if (name === "count") Object.assign(said, { count: value, shown: format.number(Number(value)) });
    else said[name] = words(`words.${name}.${value}`) ?? written(name, value, format);
  }
  return said;
}

function written(name: string, value: string | number, format: Format): string {
  if (typeof value === "string") {
    if (moment.test(value)) return days.has(name) ? format.day(value) : format.exact(Date.parse(value));
    const isOwn = directionOfText(value) === directionOf(format.language);
    return isOwn ? value : `${ISOLATE}${value}${END}`;
  }
  if (/seconds$/i.test(name)) return format.duration(value * 1_000);
  if (/minutes$/i.test(name)) return format.duration(value * 60_000);
  if (/megabytes$/i.test(name)) return format.bytes(value * 1024 ** 2);
  return /percent$/i.test(name) ? format.percent(value / 100) : format.number(value);
}
