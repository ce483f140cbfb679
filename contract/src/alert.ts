// Alerts as they travel: rules, what they found, and the channels that tell somebody.
import { instant, page } from "./common.ts";
import { sentenceParts } from "./sentences.ts";
import { z } from "./zod.ts";

const workflow = z.uuid().optional().describe("Of this workflow; absent = each workflow for itself.");
const withinMinutes = z.int().min(1).max(10_080).default(60).describe("Looks this far back.");

export const alertCondition = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("failureRate"),
      workflow,
      percent: z.number().min(0.1).max(100).describe("At least this share of the executions failed."),
      executionsMin: z.int().min(1).max(100_000).default(5).describe("Of fewer, nothing is said."),
      withinMinutes,
    }),
    z.strictObject({
      kind: z.literal("latency"),
      workflow,
      seconds: z.number().min(0.001).max(2_592_000).describe("Longer than this."),
      percentile: z.number().min(1).max(100).default(95),
      executionsMin: z.int().min(1).max(100_000).default(5),
      withinMinutes,
    }),
    z.strictObject({
      kind: z.literal("silentSchedule"),
      schedule: z.uuid().optional().describe("This one; absent = each active one."),
      afterMinutes: z
        .int()
        .min(1)
        .max(525_600)
        .optional()
        .describe("Without a success for so long; absent = its next fire is overdue by five minutes."),
    }),
    z.strictObject({
      kind: z.literal("waitingApproval"),
      afterMinutes: z.int().min(1).max(525_600).default(60),
    }),
    z.strictObject({
      kind: z.literal("expiringCredential"),
      withinDays: z.int().min(1).max(365).default(14),
    }),
    z.strictObject({
      kind: z.literal("security"),
      withinDays: z
        .int()
        .min(1)
        .max(365)
        .default(30)
        .describe("Findings that nobody has looked at, so far back."),
    }),
  ])
  .meta({ id: "AlertCondition" });
export type AlertCondition = z.infer<typeof alertCondition>;

const email = z.strictObject({ kind: z.literal("email"), to: z.string().min(3).max(1_000) });
const address = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .describe("Gets the alert as JSON, with a webhook-id that repeats. Sealed, and not shown again.");

/** As it is given: a webhook by its address, or by the id of one that stays. */
export const alertChannelBody = z.discriminatedUnion("kind", [
  email,
  z
    .strictObject({
      kind: z.literal("webhook"),
      url: address.optional(),
      id: z.uuid().optional().describe("Of an address that the rule has: it stays as it is."),
      host: z.string().max(300).optional().describe("As it was read; says nothing."),
    })
    .refine(({ url, id }) => (url === undefined) !== (id === undefined), {
      message: "A webhook has either a url or the id of an address that stays.",
    }),
]);
export type AlertChannelBody = z.infer<typeof alertChannelBody>;

/** As it is shown. */
export const alertChannel = z.discriminatedUnion("kind", [
  email,
  z.object({
    kind: z.literal("webhook"),
    id: z.uuid(),
    host: z.string().describe("Of the address, whose rest is sealed."),
  }),
]);
export type AlertChannel = z.infer<typeof alertChannel>;

export const alertRuleBody = z
  .strictObject({
    name: z.string().trim().min(1).max(255),
    severity: z.enum(["info", "warning", "critical"]).default("warning"),
    condition: alertCondition,
    channels: z
      .array(alertChannelBody)
      .max(20)
      .default([])
      .describe("Beside the list of alerts, which has all."),
    enabled: z.boolean().default(true),
  })
  .meta({ id: "AlertRuleBody" });
export type AlertRuleBody = z.infer<typeof alertRuleBody>;

export const alertRule = z
  .object({
    id: z.uuid(),
    ...alertRuleBody.shape,
    channels: z.array(alertChannel),
    checkedAt: instant.nullable(),
    trouble: z.string().nullable().describe("Why it could not be looked at."),
    troubleParts: sentenceParts("trouble"),
    open: z.int().describe("Alerts of it that are not resolved."),
    etag: z.string(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "AlertRule" });
export type AlertRule = z.infer<typeof alertRule>;
export const alertRuleList = z.object({ items: z.array(alertRule) });

export const alertSigning = z
  .object({
    hint: z
      .string()
      .nullable()
      .describe("Last signs of the secret; null = the one that followed from the server's key."),
    createdAt: instant.nullable(),
    createdBy: z.string().nullable(),
  })
  .meta({ id: "AlertSigning" });
export type AlertSigning = z.infer<typeof alertSigning>;

export const alertStatus = z.enum(["open", "acknowledged", "resolved"]);

export const alert = z
  .object({
    id: z.uuid(),
    ruleId: z.uuid(),
    ruleName: z.string(),
    kind: z.string(),
    severity: z.enum(["info", "warning", "critical"]),
    status: alertStatus,
    title: z.string(),
    titleParts: sentenceParts("title"),
    detail: z.string(),
    detailParts: sentenceParts("detail"),
    link: z.string().nullable().describe("Where to look next, as a path of the app."),
    openedAt: instant,
    lastSeenAt: instant,
    acknowledgedAt: instant.nullable(),
    acknowledgedBy: z.string().nullable(),
    resolvedAt: instant.nullable(),
    resolvedBy: z.string().nullable().describe("`rule`: what was wrong is over."),
    deliveries: z.array(
      z.object({
        happening: z.enum(["opened", "resolved"]),
        channel: z.string(),
        state: z.enum(["pending", "sent", "failed"]),
        attempts: z.int(),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "Alert" });
export type Alert = z.infer<typeof alert>;
export const alertPage = page(alert);
