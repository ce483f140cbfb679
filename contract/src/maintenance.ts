// What keeps automations within bounds: limits of a workflow, and maintenance of an organization.
import { instant, page } from "./common.ts";
import { sentenceParts } from "./sentences.ts";
import { z } from "./zod.ts";

export const workflowLimitsBody = z
  .strictObject({
    rate: z
      .strictObject({ count: z.int().min(1).max(1_000_000), seconds: z.int().min(1).max(86_400) })
      .optional()
      .describe("Starts within any stretch of so many seconds."),
    dailyMax: z
      .int()
      .min(1)
      .max(100_000_000)
      .optional()
      .describe("Starts of a day of the organization (its time zone)."),
    openMax: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe("Open executions: running, waiting, paused, parked."),
    pauseAfterFailures: z.int().min(1).max(10_000).optional().describe("Failed executions in a row."),
    paused: z.boolean().default(false).describe("Starts nothing; false resumes after an automatic pause."),
    pool: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,100}$/)
      .optional()
      .describe("Every start takes places of this pool, and waits for them."),
    places: z.int().min(1).max(100_000).default(1).describe("Places of the pool that an execution holds."),
    priority: z
      .int()
      .min(-100)
      .max(100)
      .default(0)
      .describe("Higher ones start first; a minute of waiting is worth one step."),
    fairKey: z
      .string()
      .max(1_000)
      .optional()
      .describe("An expression over the input: starts with the same value share the places given to it."),
  })
  .meta({ id: "WorkflowLimitsBody" });
export type WorkflowLimitsBody = z.infer<typeof workflowLimitsBody>;

const pauseFields = {
  pauseReason: z.string().nullable(),
  pauseParts: sentenceParts("pauseReason"),
  pausedAt: instant.nullable().describe("Since when it starts nothing."),
  failures: z
    .int()
    .describe("Failed executions in a row. Above 0 in a paused workflow: they paused it, not a person."),
};

export const workflowLimits = z
  .object({
    ...workflowLimitsBody.shape,
    ...pauseFields,
    startsInWindow: z.int(),
    startsToday: z.int(),
    timezone: z.string().describe("Whose midnights begin a day: that of the organization."),
    open: z.int(),
  })
  .meta({ id: "WorkflowLimits" });
export type WorkflowLimits = z.infer<typeof workflowLimits>;

export const workflowLimitsPage = page(
  z.object({
    ...workflowLimitsBody.shape,
    workflowId: z.uuid(),
    workflowName: z.string(),
    ...pauseFields,
  }),
);

export const maintenanceBody = z.strictObject({
  isOn: z.boolean(),
  reason: z.string().max(500).optional(),
  minutes: z.int().min(1).max(43_200).optional().describe("Ends by itself after so long."),
});
export const maintenance = z
  .object({
    isOn: z.boolean(),
    reason: z.string().nullable(),
    until: instant.nullable(),
    by: z.string().nullable(),
  })
  .meta({ id: "Maintenance" });
export type Maintenance = z.infer<typeof maintenance>;
