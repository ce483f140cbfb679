// Starts an execution by the clock. The server keeps the schedule; publishing the workflow makes or changes it.
import type { ConfigProblem, JsonObject } from "@auraos/kernel";
import { isTemplate } from "../../checkConfig.ts";
import { isZone } from "../../date/zone.ts";
import { defineNode } from "../../defineNode.ts";
import { z } from "../../schema.ts";
import { parseCron } from "./cron.ts";
import { parseEvery } from "./every.ts";
import { parseRrule } from "./rrule.ts";
import type { Parsed } from "./rule.ts";

export const scheduleTrigger = defineNode({
  type: "trigger.schedule",
  version: 1,
  name: "Schedule",
  description:
    "Starts the workflow by the clock: cron, an interval or a recurrence rule. Gives one item: scheduledAt, firedAt, scheduleId, timezone, and missed when it makes up for a downtime.",
  icon: "calendar-clock",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema: z.strictObject({
    cron: z
      .string()
      .optional()
      .describe("Minute hour day month weekday, such as 0 9 * * 1-5; six fields have seconds in front."),
    every: z
      .union([z.string(), z.number()])
      .optional()
      .describe("Instead of cron: an interval, in seconds or as 15m, 1h30m, 2d."),
    rrule: z
      .string()
      .optional()
      .describe("Instead of cron: a recurrence rule, such as FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9."),
    timezone: z
      .string()
      .refine(isZone, "must be a time zone such as Europe/Berlin or UTC.")
      .default("UTC")
      .describe("Zone whose clocks count."),
    gap: z
      .enum(["skip", "after"])
      .optional()
      .describe("A time that does not exist when clocks go forward: skipped, or fired right after the gap."),
    repeat: z
      .enum(["first", "second", "both"])
      .optional()
      .describe("A time that comes twice when clocks go back: which of the two fires."),
    start: z.string().optional().describe("No fire before this time."),
    end: z.string().optional().describe("No fire after this time."),
    excludeDates: z
      .array(z.string())
      .optional()
      .describe("Dates on which nothing fires: 2026-12-25, or 12-25 for every year."),
    excludeCalendars: z.array(z.string()).optional().describe("Named calendars of such dates."),
    jitterSeconds: z.number().min(0).max(86_400).optional().describe("Delay each fire by up to this much."),
    overlap: z
      .enum(["skip", "bufferOne", "bufferAll", "cancelOther", "terminateOther", "allow"])
      .default("skip")
      .describe("What a fire does while an execution of before is open."),
    missed: z
      .enum(["all", "last", "none", "window"])
      .default("last")
      .describe("Which fires are made up for that fell into a downtime."),
    missedWindowSeconds: z
      .number()
      .positive()
      .optional()
      .describe("For missed: window. Those that are at most this late."),
    pauseAfterFailures: z
      .int()
      .min(1)
      .optional()
      .describe("Pause the schedule after so many failed executions in a row."),
  }),
  example: { cron: "0 9 * * 1-5", timezone: "Europe/Berlin" },
  checkConfig: (config) => [...noTemplates(config), ...oneRule(config), ...windowGiven(config)],
});

/** No item exists before a trigger, so its fields are plain. */
function noTemplates(config: JsonObject): ConfigProblem[] {
  return Object.keys(config)
    .filter((field) => isTemplate(config[field]))
    .map((field) => ({
      field,
      code: "TEMPLATE_NOT_ALLOWED",
      message: `"${field}" of a trigger cannot be a template.`,
      remedy: "Write the value itself.",
    }));
}

function oneRule(config: JsonObject): ConfigProblem[] {
  const [field, second] = ["cron", "every", "rrule"].filter((name) => config[name] !== undefined);
  if (field === undefined || second !== undefined)
    return [
      {
        field: second ?? "cron",
        code: "SCHEDULE_RULE",
        message:
          field === undefined
            ? "The trigger does not say when."
            : `Both "${field}" and "${second}" say when.`,
        remedy: "Give one of cron, every and rrule.",
      },
    ];
  if (isTemplate(config[field])) return [];
  const read = readRule(field, config);
  if (read.ok) return [];
  const { code, message, remedy, position } = read.problem;
  const where = position === undefined ? "" : ` (at character ${position + 1})`;
  return [{ field, code, message: `${message}${where}`, remedy }];
}

function readRule(field: string, config: JsonObject): Parsed<unknown> {
  if (field === "cron") return parseCron(String(config.cron));
  if (field === "every") return parseEvery(config.every as string | number);
  const startMs = Date.parse(String(config.start));
  const zone = typeof config.timezone === "string" ? config.timezone : "UTC";
  return parseRrule(String(config.rrule), { zone, ...(Number.isNaN(startMs) ? {} : { startMs }) });
}

function windowGiven(config: JsonObject): ConfigProblem[] {
  if (config.missed !== "window" || config.missedWindowSeconds !== undefined) return [];
  return [
    {
      field: "missedWindowSeconds",
      code: "FIELD_MISSING",
      message: 'missed: window needs "missedWindowSeconds".',
      remedy: "Say how late a fire may be.",
    },
  ];
}
