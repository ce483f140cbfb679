// What the text node can do to a text, one step after another.
import type { Json } from "@auraos/kernel";
import { capital, casings, inCasing } from "../casing.ts";
import { ActivityError } from "../defineNode.ts";
import { signsOf } from "../graphemes.ts";
import { show, wrongData, wrongParameter } from "../readConfig.ts";
import { compilePattern } from "../regex.ts";
import { z } from "../schema.ts";

const side = z.enum(["both", "start", "end"]);
const pattern = z
  .string()
  .min(1)
  .max(2000)
  .describe("Regular expression (RE2: all but backreferences and lookaround), such as [A-Z]{2}\\d+.");
const ignoreCase = z.boolean().default(false).describe("Treat upper and lower case alike.");

export const textStep = z.discriminatedUnion("operation", [
  z.strictObject({
    operation: z.literal("trim").describe("Take blanks away at the ends."),
    side: side.default("both").describe("Which end."),
    inside: z.boolean().default(false).describe("Also make a single blank of several inside."),
  }),
  z.strictObject({
    operation: z.literal("case").describe("Write in another case."),
    to: z.enum(["lower", "upper", "title", "sentence", ...casings]).describe("Which case."),
  }),
  z.strictObject({
    operation: z.literal("replace").describe("Replace a text by another, as it is written."),
    find: z.string().min(1).describe("Text to look for."),
    with: z.string().default("").describe("Text to put there."),
    first: z.boolean().default(false).describe("Only the first place."),
  }),
  z.strictObject({
    operation: z.literal("replacePattern").describe("Replace what a pattern finds."),
    pattern,
    with: z
      .string()
      .default("")
      .describe("Text to put there; $1 stands for the first group, $0 for all found."),
    ignoreCase,
  }),
  z.strictObject({
    operation: z.literal("extract").describe("Take out what a pattern finds; null when it finds nothing."),
    pattern,
    group: z.int().min(0).max(99).default(0).describe("Which group of the pattern; 0 is all it found."),
    all: z.boolean().default(false).describe("A list of all places instead of the first one."),
    ignoreCase,
  }),
  z.strictObject({
    operation: z.literal("split").describe("Make a list of the text."),
    separator: z.string().min(1).describe("What stands between the parts."),
    trim: z.boolean().default(true).describe("Take blanks away around each part."),
    skipEmpty: z.boolean().default(false).describe("Leave out empty parts."),
  }),
  z.strictObject({
    operation: z.literal("join").describe("Make one text of a list."),
    separator: z.string().default(", ").describe("What stands between the parts."),
  }),
  z.strictObject({
    operation: z.literal("pad").describe("Fill up to a length."),
    length: z.int().min(1).max(10_000).describe("Length to reach."),
    with: z.string().min(1).max(100).default(" ").describe("What to fill with."),
    side: z.enum(["start", "end"]).default("end").describe("Where to fill."),
  }),
  z.strictObject({
    operation: z.literal("truncate").describe("Cut what is too long."),
    length: z
      .int()
      .min(1)
      .describe("Greatest length, the ending included. Emoji and accented letters count once."),
    ending: z.string().max(100).default("…").describe("What shows that something was cut."),
    wholeWords: z.boolean().default(true).describe("Cut between words where that is possible."),
  }),
  z.strictObject({
    operation: z.literal("slice").describe("Take a part by place."),
    from: z.int().default(0).describe("First place; below 0 counts from the end."),
    to: z
      .int()
      .optional()
      .describe("Place after the last; below 0 counts from the end. Default: to the end."),
  }),
  z.strictObject({
    operation: z.literal("slug").describe("Make a part of a web address: letters, digits and hyphens."),
    separator: z.enum(["-", "_"]).default("-").describe("What stands between the words."),
    lengthMax: z.int().min(1).max(1000).default(100).describe("Greatest length."),
  }),
  z.strictObject({ operation: z.literal("plain").describe("Take accents off letters: é to e, ß to ss.") }),
  z.strictObject({
    operation: z.literal("wrap").describe("Put something before and after."),
    before: z.string().default("").describe("What to put before."),
    after: z.string().default("").describe("What to put after."),
  }),
  z.strictObject({
    operation: z.literal("count").describe("Count instead: gives a number."),
    of: z.enum(["characters", "words", "lines"]).default("characters").describe("What is counted."),
  }),
]);
export type TextStep = z.output<typeof textStep>;

/** Of one result; a chain of replacements could grow without end. */
const lengthMax = 10_000_000;

export function applySteps(value: Json, steps: readonly TextStep[], field: string): Json {
  return steps.reduce<Json>((current, step, index) => {
    const made = apply(current, step, `steps.${index}`, field);
    if (typeof made === "string" && made.length > lengthMax) throw tooLong(`steps.${index}`);
    return made;
  }, value);
}

function apply(value: Json, step: TextStep, place: string, field: string): Json {
  if (step.operation === "join") {
    if (Array.isArray(value)) return value.map((one) => textOf(one, field)).join(step.separator);
    throw wrongData(`"${field}" is ${show(value)}, not a list, so it cannot be joined.`);
  }
  // A list of texts, as split gives it, is changed part by part.
  if (Array.isArray(value)) return value.map((one) => apply(one, step, place, field));
  if (value === null) return null;
  const text = textOf(value, field);
  switch (step.operation) {
    case "trim":
      return trim(step.inside ? text.replace(/\s+/g, " ") : text, step.side);
    case "case":
      return inCase(text, step.to);
    case "replace":
      return replace(text, step, place);
    case "replacePattern":
      return replacePattern(text, step, place);
    case "extract":
      return extract(text, step, place);
    case "split": {
      const parts = text.split(step.separator).map((part) => (step.trim ? part.trim() : part));
      return step.skipEmpty ? parts.filter((part) => part !== "") : parts;
    }
    case "pad":
      return pad(text, step.length, step.with, step.side);
    case "truncate":
      return truncate(text, step.length, step.ending, step.wholeWords);
    case "slice":
      return signsOf(text).slice(step.from, step.to).join("");
    case "slug":
      return slug(text, step.separator, step.lengthMax);
    case "plain":
      return plainLetters(text);
    case "wrap":
      return step.before + text + step.after;
    case "count":
      return count(text, step.of);
  }
}

function textOf(value: Json, field: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw wrongData(`"${field}" is ${show(value)}, not text.`);
}

function trim(text: string, end: z.output<typeof side>): string {
  if (end === "both") return text.trim();
  return end === "start" ? text.trimStart() : text.trimEnd();
}

function inCase(text: string, to: Extract<TextStep, { operation: "case" }>["to"]): string {
  switch (to) {
    case "lower":
      return text.toLowerCase();
    case "upper":
      return text.toUpperCase();
    case "title":
      return text.toLowerCase().replace(/[\p{L}\p{M}\p{N}'’]+/gu, capital);
    case "sentence":
      return text.toLowerCase().replace(/(^|[.!?]\s+)(\p{L})/gu, (all) => all.toUpperCase());
    default:
      return inCasing(text, to);
  }
}

function replace(text: string, step: Extract<TextStep, { operation: "replace" }>, place: string): string {
  if (step.first) return text.replace(step.find, () => step.with);
  let made = "";
  let from = 0;
  for (let at = text.indexOf(step.find); at >= 0; at = text.indexOf(step.find, from)) {
    made += text.slice(from, at) + step.with;
    if (made.length > lengthMax) throw tooLong(place);
    from = at + step.find.length;
  }
  return made + text.slice(from);
}

function replacePattern(
  text: string,
  step: Extract<TextStep, { operation: "replacePattern" }>,
  place: string,
): string {
  const matcher = compilePattern(step.pattern, step.ignoreCase, `${place}.pattern`).matcher(text);
  let made = "";
  let from = 0;
  while (matcher.find()) {
    made += text.slice(from, matcher.start());
    made += step.with.replace(/\$(\$|\d{1,2})/g, (_, name: string) => {
      if (name === "$") return "$";
      return Number(name) <= matcher.groupCount() ? (matcher.group(Number(name)) ?? "") : `$${name}`;
    });
    if (made.length > lengthMax) throw tooLong(place);
    from = matcher.end();
  }
  return made + text.slice(from);
}

function extract(text: string, step: Extract<TextStep, { operation: "extract" }>, place: string): Json {
  const matcher = compilePattern(step.pattern, step.ignoreCase, `${place}.pattern`).matcher(text);
  if (step.group > matcher.groupCount()) {
    throw wrongParameter(
      `${place}.group`,
      `is ${step.group}, but the pattern has ${matcher.groupCount()} groups.`,
    );
  }
  const found: Json[] = [];
  while (matcher.find()) {
    found.push(matcher.group(step.group) ?? null);
    if (!step.all) break;
  }
  return step.all ? found : (found[0] ?? null);
}

function pad(text: string, length: number, filling: string, at: "start" | "end"): string {
  const missing = length - signsOf(text).length;
  if (missing <= 0) return text;
  const signs = signsOf(filling);
  const fill = Array.from({ length: missing }, (_, place) => signs[place % signs.length]).join("");
  return at === "start" ? fill + text : text + fill;
}

function truncate(text: string, length: number, ending: string, wholeWords: boolean): string {
  const signs = signsOf(text);
  if (signs.length <= length) return text;
  const room = Math.max(0, length - signsOf(ending).length);
  let cut = signs.slice(0, room).join("");
  if (wholeWords && !/\s/.test(signs[room] ?? "")) {
    const end = cut.search(/\s+\S*$/);
    if (end > 0) cut = cut.slice(0, end);
  }
  return signsOf(cut.trimEnd() + ending)
    .slice(0, length)
    .join("");
}

function slug(text: string, separator: string, longest: number): string {
  const words =
    plainLetters(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  let made = words.join(separator);
  if (made.length > longest) made = made.slice(0, longest);
  return made.endsWith(separator) ? made.slice(0, -1) : made;
}

const letters: Record<string, string> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  đ: "d",
  Đ: "D",
  ł: "l",
  Ł: "L",
  þ: "th",
  Þ: "TH",
  ı: "i",
};

function plainLetters(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .replace(/[ßẞæÆœŒøØđĐłŁþÞı]/g, (letter) => letters[letter] ?? letter)
    .normalize("NFC");
}

function count(text: string, of: "characters" | "words" | "lines"): number {
  if (of === "characters") return signsOf(text).length;
  if (of === "words") return text.match(/[\p{L}\p{M}\p{N}'’-]+/gu)?.length ?? 0;
  return text === "" ? 0 : text.split(/\r\n|\n|\r/).length;
}

function tooLong(field: string): ActivityError {
  return new ActivityError({
    code: "TEXT_TOO_LONG",
    class: "limit",
    message: `The text grew over ${lengthMax / 1_000_000} million characters.`,
    field,
    certainty: "notDone",
  });
}
