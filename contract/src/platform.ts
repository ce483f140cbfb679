// Node types, statistics, health: what the installation says about itself.
import { failure, fileRef, instant, json, page } from "./common.ts";
import { sentenceParts } from "./sentences.ts";
import { z } from "./zod.ts";

export const nodeTypeView = z
  .object({
    type: z.string(),
    name: z.string(),
    category: z.enum(["trigger", "action", "condition", "transform"]),
    description: z.string(),
    effect: z.enum(["pure", "read", "idempotent", "once"]),
    per: z.enum(["item", "list"]),
    version: z.int(),
    icon: z.string(),
    inputs: z.array(z.object({ name: z.string(), required: z.boolean(), attachment: z.boolean() })),
    ports: z.array(z.string()).nullable().describe("null = they depend on the config."),
    portRules: z
      .array(
        z.object({
          port: z.string().optional(),
          from: z.string().optional().describe("Config field that holds the name; * = every element."),
          when: z
            .record(z.string(), z.union([z.literal(true), z.array(json)]))
            .optional()
            .describe("Fields and the values they must have; true = filled in."),
          unless: z
            .record(z.string(), z.union([z.literal(true), z.array(json)]))
            .optional()
            .describe("Fields and the values they must not have; true = filled in."),
        }),
      )
      .optional()
      .describe("How ports depend on the config, when they do."),
    rawFields: z.array(z.string()).describe("Config fields whose text is never a template."),
    structure: z.string().optional(),
    example: json.optional(),
    errors: z
      .array(
        z.object({
          code: z.string().describe("<...> stands for what is not fixed, as in HTTP_<status>."),
          meaning: z.string(),
          remedy: z.string(),
          retryable: z.union([z.boolean(), z.literal("sometimes")]).describe("May another attempt help?"),
        }),
      )
      .describe("What the node can fail with, beside what its templates do."),
    schema: z.record(z.string(), json).describe("JSON Schema of the config."),
  })
  .meta({ id: "NodeType" });

export const nodeTypePage = page(nodeTypeView);

export const statsQuery = z.object({
  by: z.enum(["workflow", "node", "worker", "time"]).default("workflow"),
  from: z.iso.datetime({ offset: true }).optional().describe("Default: 24 hours ago."),
  to: z.iso.datetime({ offset: true }).optional().describe("Default: now."),
  workflow: z.uuid().optional(),
  stepSeconds: z.coerce
    .number()
    .int()
    .min(60)
    .max(7 * 24 * 3600)
    .default(3600)
    .describe("With by=time: how long one row is; whole minutes."),
});

export const failureCausesQuery = statsQuery.pick({ from: true, to: true }).extend({
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const failureCause = z
  .object({
    code: z.string(),
    message: z.string().describe("Of the newest one."),
    workflowId: z.uuid(),
    workflowName: z.string().nullable(),
    count: z.int(),
    lastExecutionId: z.uuid(),
    lastAt: instant,
  })
  .meta({ id: "FailureCause" });

export const failureCauses = z.object({ from: instant, to: instant, items: z.array(failureCause) });

export const statsRow = z
  .object({
    key: z.string().describe("With by=time: the instant it begins at."),
    name: z.string().nullable(),
    workflowId: z.uuid().nullable(),
    count: z.int(),
    failures: z.int(),
    p50: z.number().nullable().describe("ms"),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
  })
  .meta({ id: "StatsRow" });

export const stats = z
  .object({ by: z.string(), from: instant, to: instant, items: z.array(statsRow) })
  .meta({ id: "Stats" });

export const healthPart = z.object({
  state: z.enum(["ok", "degraded", "down"]),
  detail: z.string().optional(),
  detailParts: sentenceParts("detail").optional(),
});

export const health = z
  .object({
    status: z.enum(["ready", "degraded", "unavailable"]),
    accepting: z.boolean().describe("Executions are accepted."),
    parts: z.record(z.string(), healthPart),
    uptimeSeconds: z.number(),
    version: z.string(),
  })
  .meta({ id: "Health" });

export const alive = z.object({ status: z.literal("alive") }).meta({ id: "Alive" });

export const blobStored = fileRef;
export { failure };
