// Schedules as they travel: when, by which policies, and what became of their fires.
import { instant, json, page } from "./common.ts";
import { sentencePart, sentenceParts } from "./sentences.ts";
import { z } from "./zod.ts";

const day = z.string().max(10).describe("2026-12-25, or 12-25 for every year.");

export const scheduleSpec = {
  cron: z
    .string()
    .max(500)
    .optional()
    .describe("Minute hour day month weekday; six fields have seconds in front. Also L, W, # and @daily."),
  interval: z
    .union([z.string().max(50), z.number()])
    .optional()
    .describe("Time that passes: seconds, or 15m, 1h30m, PT15M; counted from `start`, else from 1970."),
  rrule: z.string().max(5000).optional().describe("RFC 5545, such as FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9."),
  timezone: z.string().max(60).optional().describe("IANA zone; UTC when absent."),
  gap: z
    .enum(["skip", "after"])
    .optional()
    .describe(
      "A time that does not exist when clocks go forward: skipped, or fired right after the gap. Default: after; skip " +
        "for rules that fire every hour.",
    ),
  repeat: z
    .enum(["first", "second", "both"])
    .optional()
    .describe(
      "A time that comes twice when clocks go back. Default: first; both for rules that fire every hour.",
    ),
  start: z.string().max(40).optional().describe("No fire before; without an offset, a time of the zone."),
  end: z.string().max(40).optional().describe("No fire after."),
  excludeDates: z.array(day).max(2000).optional().describe("Local dates on which nothing fires."),
  excludeCalendars: z.array(z.string().max(100)).max(20).optional().describe("Named calendars, likewise."),
  jitterSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .optional()
    .describe("Each fire is delayed by up to this much: evenly spread, and the same whenever it is asked."),
};

export const overlapPolicy = z.enum([
  "skip",
  "bufferOne",
  "bufferAll",
  "cancelOther",
  "terminateOther",
  "allow",
]);
export type OverlapPolicy = z.infer<typeof overlapPolicy>;

export const schedulePolicy = {
  overlap: overlapPolicy.default("skip").describe("What a fire does while an execution of before is open."),
  missed: z
    .enum(["all", "last", "none", "window"])
    .default("last")
    .describe("Which fires are made up for that fell into a downtime."),
  missedWindowSeconds: z
    .number()
    .positive()
    .max(31_536_000)
    .optional()
    .describe("For missed: window. Those that are at most this late."),
  pauseAfterFailures: z.int().min(1).max(1000).optional().describe("Failed executions in a row."),
};

const about = {
  name: z.string().min(1).max(255),
  workflow: z.string().min(1).max(255).describe("Id or name of a published workflow."),
  trigger: z.string().max(64).optional().describe("Node id of the trigger; absent = the manual or only one."),
  input: json.optional().describe("An object is merged into the item that the trigger gives."),
};

export const scheduleBody = z
  .strictObject({ ...about, ...scheduleSpec, ...schedulePolicy, paused: z.boolean().optional() })
  .meta({ id: "ScheduleBody" });
export type ScheduleBody = z.infer<typeof scheduleBody>;

export const schedule = z
  .object({
    id: z.uuid(),
    name: z.string(),
    workflowId: z.uuid(),
    workflowName: z.string(),
    trigger: z.string().nullable(),
    managed: z
      .boolean()
      .describe("Belongs to a trigger of the published workflow; it changes by publishing."),
    input: json.optional(),
    ...scheduleSpec,
    timezone: z.string(),
    ...schedulePolicy,
    status: z.enum(["active", "paused", "ended"]).describe("ended: no fire is left."),
    pauseReason: z.string().nullable(),
    pauseParts: sentenceParts("pauseReason"),
    pausedAt: instant.nullable(),
    pausedBy: z.string().nullable(),
    nextFireAt: instant.nullable(),
    failures: z.int().describe("Failed executions in a row."),
    etag: z.string().describe("For If-Match when the schedule is changed."),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Schedule" });
export type Schedule = z.infer<typeof schedule>;
export const schedulePage = page(schedule);

export const previewBody = z
  .strictObject({
    ...scheduleSpec,
    from: z.string().max(40).optional().describe("Fires strictly after this; default: now."),
    count: z.int().min(1).max(1000).default(10),
  })
  .meta({ id: "SchedulePreviewBody" });

const shownFire = z.object({
  at: instant.describe("With jitter, if there is any."),
  local: z.string().describe("Time of the zone, with its offset."),
  note: z.string().optional().describe("What is special about this fire."),
  noteParts: z.array(sentencePart).optional().describe("`note` sentence by sentence."),
});
export const schedulePreview = z
  .object({
    fires: z.array(shownFire),
    skipped: z
      .array(
        z.object({
          at: instant,
          local: z.string(),
          reason: z.string(),
          reasonParts: sentenceParts("reason"),
        }),
      )
      .describe("What does not fire in between, and why; at most 100."),
  })
  .meta({ id: "SchedulePreview" });
export type SchedulePreview = z.infer<typeof schedulePreview>;

export const upcomingFires = z
  .object({
    items: z.array(
      z.object({
        scheduleId: z.uuid(),
        name: z.string(),
        at: instant,
        local: z.string(),
        note: z.string().optional(),
        noteParts: z.array(sentencePart).optional().describe("`note` sentence by sentence."),
      }),
    ),
    dense: z
      .array(z.object({ scheduleId: z.uuid(), name: z.string(), perDay: z.int(), firstAt: instant }))
      .describe("Schedules with so many fires in the range that they are counted instead of listed."),
    isComplete: z.boolean().describe("false: more schedules or fires than are shown."),
  })
  .meta({ id: "UpcomingFires" });
export type UpcomingFires = z.infer<typeof upcomingFires>;

export const fireOutcome = z.enum(["started", "skipped", "buffered", "missed"]);

export const scheduleFire = z
  .object({
    id: z.uuid(),
    kind: z.enum(["schedule", "manual", "backfill"]),
    due: instant,
    firedAt: instant,
    outcome: fireOutcome,
    count: z.int().describe("Fires that stand in this row: several missed ones are one row."),
    reason: z.string().nullable(),
    reasonParts: sentenceParts("reason"),
    executionId: z.uuid().nullable(),
    ended: z.string().nullable().describe("How the execution ended; null while it is open."),
  })
  .meta({ id: "ScheduleFire" });
export type ScheduleFire = z.infer<typeof scheduleFire>;
export const scheduleFirePage = page(scheduleFire);

export const pauseBody = z.strictObject({ reason: z.string().max(500).optional() });

export const backfillBody = z
  .strictObject({
    from: z.string().max(40).describe("Fires due at or after this."),
    to: z.string().max(40).describe("And at or before this; not in the future."),
    which: z.enum(["all", "missing"]).default("missing").describe("missing: only those that never started."),
    overlap: z
      .enum(["allow", "bufferAll", "skip"])
      .default("bufferAll")
      .describe("allow: all at once; bufferAll: one after the other; skip: not while one is open."),
  })
  .meta({ id: "ScheduleBackfillBody" });
export const backfilled = z.object({ count: z.int(), first: instant.nullable(), last: instant.nullable() });

export const triggered = z.object({ executionId: z.uuid(), url: z.string() });

export const calendarBody = z.strictObject({ dates: z.array(day).max(2000) });
export const calendar = z
  .object({ name: z.string(), dates: z.array(z.string()), updatedAt: instant })
  .meta({ id: "ScheduleCalendar" });
export const calendarList = z.object({ items: z.array(calendar) });
