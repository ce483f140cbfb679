// What the date node can do, one step after another. Between steps there is a moment; what goes into the item is ISO
// text in the zone, or what the last step writes.
import type { Json } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import { show, wrongData, wrongParameter } from "../readConfig.ts";
import { anyValue, z } from "../schema.ts";
import { add, addWorkdays, difference, endOf, startOf, units, weekday } from "./calendar.ts";
import {
  formatPattern,
  formatStyle,
  isoWeek,
  parseIso,
  parsePattern,
  patternHelp,
  toIso,
} from "./formatText.ts";
import { isZone, toWall } from "./zone.ts";

export const zoneText = z
  .string()
  .refine(isZone, "must be a time zone such as Europe/Berlin, UTC or +02:00.");
const localeText = z
  .string()
  .refine((text) => {
    try {
      return Intl.DateTimeFormat.supportedLocalesOf(text).length > 0;
    } catch {
      return false;
    }
  }, "must be a language such as en, de or pt-BR.")
  .default("en")
  .describe("Language of names and habits.");
const unit = z.enum(units);
const amount = z.int().min(-1_000_000).max(1_000_000);
const parts = ["year", "quarter", "month", "week", "day", "weekday", "hour", "minute", "second"] as const;

export const dateStep = z.discriminatedUnion("operation", [
  z.strictObject({
    operation: z.literal("parse").describe("Read text of another form than ISO 8601."),
    pattern: z.string().min(1).max(200).describe(`Form of the text: ${patternHelp}.`),
    locale: localeText,
  }),
  z.strictObject({
    operation: z
      .literal("add")
      .describe("Move by calendar units; below 0 moves back. Days keep the time of day."),
    ...(Object.fromEntries(
      units.map((name) => [name, amount.optional().describe(`How many ${name}.`)]),
    ) as Record<(typeof units)[number], z.ZodOptional<z.ZodInt>>),
    workdays: z
      .int()
      .min(-10_000)
      .max(10_000)
      .optional()
      .describe("How many days from Monday to Friday that are no holiday."),
    holidays: z
      .array(z.string())
      .max(10_000)
      .default([])
      .describe("Workdays: dates that are none, as yyyy-MM-dd."),
  }),
  z.strictObject({
    operation: z.literal("startOf").describe("Go back to the start of the unit. Weeks start on Monday."),
    unit: unit.describe("Of what."),
  }),
  z.strictObject({
    operation: z.literal("endOf").describe("Go to the last millisecond of the unit."),
    unit: unit.describe("Of what."),
  }),
  z.strictObject({
    operation: z.literal("zone").describe("Show the same moment in another zone."),
    zone: zoneText.describe("Which zone."),
  }),
  z.strictObject({
    operation: z.literal("until").describe("Time from here to another date, as a number."),
    to: anyValue().optional().describe("The other date. Default: the time of the run."),
    unit: unit.default("days").describe("In which unit."),
    exact: z.boolean().default(false).describe("With the rest as a fraction, instead of whole units."),
  }),
  z.strictObject({
    operation: z
      .literal("part")
      .describe("One part, as a number. Weekday 1 is Monday; week is that of ISO 8601."),
    part: z.enum(parts).describe("Which part."),
  }),
  z.strictObject({
    operation: z.literal("unix").describe("Since 1970, as a number."),
    unit: z.enum(["seconds", "milliseconds"]).default("seconds").describe("In which unit."),
  }),
  z.strictObject({
    operation: z.literal("format").describe("Write as text."),
    pattern: z.string().min(1).max(200).optional().describe(`Form of the text: ${patternHelp}.`),
    date: z
      .enum(["full", "long", "medium", "short", "none"])
      .default("medium")
      .describe("Without a pattern: how the date is written in the language."),
    time: z
      .enum(["full", "long", "medium", "short", "none"])
      .default("short")
      .describe("Without a pattern: how the time is written."),
    locale: localeText,
  }),
]);
export type DateStep = z.output<typeof dateStep>;

type About = { zone: string; nowMs: number; field: string };
type Current = { ms: number; zone: string };

export function applySteps(value: Json, steps: readonly DateStep[], about: About): Json {
  const [first, ...others] = steps;
  const isParsed = first?.operation === "parse";
  let current: Current = {
    ms: isParsed ? parsed(value, first, about) : momentOf(value, about.zone, about.field),
    zone: about.zone,
  };
  let result: Json | undefined;
  (isParsed ? others : steps).forEach((step, index) => {
    const place = `steps.${index + (isParsed ? 1 : 0)}`;
    if (result !== undefined) throw wrongParameter(place, "comes after a step that gives no date.");
    const made = apply(current, step, place, about.nowMs);
    if (typeof made === "object" && made !== null) current = inRange(made, about.field);
    else result = made;
  });
  return result ?? toIso(current.ms, current.zone);
}

/** ISO 8601 text, or milliseconds since 1970. A time without offset is one of the zone. */
export function momentOf(value: Json | undefined, zone: string, field: string): number {
  if (typeof value === "number" && Math.abs(value) <= rangeMs) return value;
  const ms = typeof value === "string" ? parseIso(value, zone) : undefined;
  if (ms !== undefined) return ms;
  throw wrongData(
    `"${field}" is ${show(value)}, which is no date of ISO 8601 and no milliseconds.`,
    'Begin with the step "parse" and give its pattern.',
  );
}

function parsed(
  value: Json,
  step: Extract<DateStep, { operation: "parse" }>,
  { zone, field }: About,
): number {
  const ms =
    typeof value === "string" || typeof value === "number"
      ? parsePattern(String(value), step.pattern, zone, step.locale)
      : undefined;
  if (ms !== undefined) return ms;
  throw wrongData(`"${field}" is ${show(value)}, which is no date of the form ${step.pattern}.`);
}

function apply(current: Current, step: DateStep, place: string, nowMs: number): Current | string | number {
  const { ms, zone } = current;
  switch (step.operation) {
    case "parse":
      throw wrongParameter(place, "reads text, so it can only be the first step.");
    case "add":
      return { ms: added(current, step), zone };
    case "startOf":
      return { ms: startOf(ms, step.unit, zone), zone };
    case "endOf":
      return { ms: endOf(ms, step.unit, zone), zone };
    case "zone":
      return { ms, zone: step.zone };
    case "until": {
      const to = step.to === undefined ? nowMs : momentOf(step.to as Json, zone, `${place}.to`);
      return difference(ms, to, step.unit, zone, step.exact);
    }
    case "part":
      return partOf(toWall(ms, zone), step.part);
    case "unix":
      return step.unit === "seconds" ? Math.floor(ms / 1000) : ms;
    case "format":
      if (step.pattern !== undefined) return formatPattern(ms, step.pattern, zone, step.locale);
      if (step.date === "none" && step.time === "none")
        throw wrongParameter(`${place}.date`, "and time are both none.");
      return formatStyle(ms, zone, step.locale, step.date, step.time);
  }
}

function added({ ms, zone }: Current, step: Extract<DateStep, { operation: "add" }>): number {
  let moved = ms;
  for (const name of units) {
    const count = step[name];
    if (count !== undefined) moved = add(moved, count, name, zone);
  }
  if (step.workdays === undefined) return moved;
  return addWorkdays(moved, step.workdays, zone, new Set(step.holidays));
}

function partOf(wall: number, part: (typeof parts)[number]): number {
  const date = new Date(wall);
  switch (part) {
    case "year":
      return date.getUTCFullYear();
    case "quarter":
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case "month":
      return date.getUTCMonth() + 1;
    case "week":
      return isoWeek(wall).week;
    case "day":
      return date.getUTCDate();
    case "weekday":
      return weekday(wall);
    case "hour":
      return date.getUTCHours();
    case "minute":
      return date.getUTCMinutes();
    case "second":
      return date.getUTCSeconds();
  }
}

/** Years 0 to 9999, which is what ISO text with four digits holds. */
const rangeMs = 253_402_300_799_999;

function inRange(current: Current, field: string): Current {
  if (current.ms <= rangeMs && current.ms >= -62_167_219_200_000) return current;
  throw new ActivityError({
    code: "DATE_RANGE",
    class: "data",
    message: `"${field}" moves out of the years 0 to 9999.`,
    certainty: "notDone",
  });
}
