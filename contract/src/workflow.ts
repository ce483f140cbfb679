// Workflows as they travel: the definition, and what the API says about one.
// The definition's schema describes and documents; the kernel's compiler is what judges a definition, so that every
// problem is located and worded in one place. Unknown fields are welcome and survive.
import { instant, json, page, problem } from "./common.ts";
import { filed } from "./filing.ts";
import { z } from "./zod.ts";

const nodeId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .describe("Letters, digits, _ and -, at most 64.");

const retryPolicy = z.looseObject({
  attempts: z.int().min(1).describe("Total attempts, the first included."),
  backoff: z.enum(["constant", "exponential"]).optional(),
  delayMs: z.number().min(0).optional(),
  factor: z.number().optional(),
  delayMsMax: z.number().optional(),
  jitter: z.number().min(0).max(1).optional(),
  on: z
    .array(
      z.enum([
        "network",
        "timeout",
        "rateLimited",
        "server",
        "client",
        "auth",
        "data",
        "code",
        "limit",
        "cancelled",
        "unknown",
      ]),
    )
    .optional()
    .describe("Error classes to retry."),
  honourRetryAfter: z.boolean().optional(),
});

export const errorHandling = z
  .looseObject({
    retry: retryPolicy.optional(),
    timeoutMs: z.number().positive().optional().describe("Of one attempt."),
    onError: z.enum(["fail", "fallback", "errorPort", "park"]).optional(),
    fallback: json.optional(),
    onUnknown: z.enum(["park", "fail"]).optional(),
  })
  .meta({ id: "ErrorHandling" });

export const nodeDefinition = z
  .looseObject({
    id: nodeId,
    type: z.string().describe("Node type, see /api/v1/node-types."),
    name: z.string().optional().describe("Display name and what $('Name') refers to; the id when absent."),
    config: z.record(z.string(), json),
    position: z.looseObject({ x: z.number(), y: z.number() }).optional(),
    parent: z.string().optional().describe("Id of the block whose body holds this node."),
    section: z.enum(["body", "catch", "finally", "compensation"]).optional(),
    compensate: z.string().optional().describe("In a saga: id of the node that undoes this one."),
    errorHandling: errorHandling.optional(),
    join: z.union([z.enum(["any", "all", "first"]), z.object({ n: z.int().min(1) })]).optional(),
    losers: z.enum(["cancel", "runOn"]).optional(),
    alwaysOutput: z.boolean().optional(),
    disabled: z.boolean().optional(),
    pinned: z.array(json).optional().describe("Output used instead of running, in test executions only."),
    notes: z.string().optional(),
  })
  .meta({ id: "NodeDefinition" });

export const connection = z
  .looseObject({
    from: z.string(),
    port: z.string().optional().describe("Output port; main when absent."),
    to: z.string(),
    input: z.string().optional().describe("Input; main when absent."),
  })
  .meta({ id: "Connection" });

export const workflowSettings = z
  .looseObject({
    timeoutMs: z.number().positive().optional().describe("Of the whole execution, waits included."),
    errorWorkflow: z.string().optional().describe("Started once when an execution fails unhandled."),
    concurrency: z
      .looseObject({
        key: z.string().optional(),
        limit: z.int().min(1),
        overlap: z.enum(["queue", "skip", "cancelOther"]).optional(),
      })
      .optional(),
    timezone: z.string().optional().describe("IANA zone; UTC when absent."),
    expressions: z.enum(["strict", "lenient"]).optional(),
    sensitive: z
      .array(z.string().max(300))
      .max(100)
      .optional()
      .describe(
        "Fields of items (customer.email, *.card, **.password) whose values are kept out of the history, in blobs of their own.",
      ),
  })
  .meta({ id: "WorkflowSettings" });

export const workflowDefinition = z
  .looseObject({
    name: z.string().min(1).max(255),
    description: z.string().optional(),
    nodes: z.array(nodeDefinition),
    connections: z.array(connection),
    settings: workflowSettings.optional(),
  })
  .meta({ id: "WorkflowDefinition", description: "A workflow, as JSON or YAML." });

/** `enabled`: webhooks start it and it can be executed. */
export const workflowStatus = z.enum(["draft", "published"]);

export const workflowSummary = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string().nullable(),
    status: workflowStatus,
    version: z.int().nullable().describe("Published version; null before the first one."),
    draftChanged: z.boolean().describe("The draft differs from the published version."),
    ...filed,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "WorkflowSummary" });
export type WorkflowSummary = z.infer<typeof workflowSummary>;

export const hookAddress = z
  .object({
    node: z.string(),
    path: z.string().describe("Address, such as /hooks/orders/new."),
    methods: z.array(z.string()),
    respond: z.enum(["immediately", "whenDone"]),
  })
  .meta({ id: "HookAddress" });

export const workflow = workflowSummary
  .extend({
    definition: workflowDefinition.describe("The draft."),
    etag: z.string().describe("For If-Match when the draft is stored."),
    draftBy: z.string().nullable().describe("Who stored the draft last: user:ann@example.com, key:owner."),
    problems: z.array(problem).describe("Of the draft; empty = it can be published."),
    webhooks: z.array(hookAddress).describe("Of the published version."),
  })
  .meta({ id: "Workflow" });
export type Workflow = z.infer<typeof workflow>;

export const draftStored = z
  .object({ id: z.uuid(), etag: z.string(), problems: z.array(problem) })
  .meta({ id: "DraftStored" });

export const validation = z
  .object({ valid: z.boolean(), problems: z.array(problem) })
  .meta({ id: "Validation" });

export const workflowVersion = z
  .object({
    id: z.uuid(),
    version: z.int(),
    published: z.boolean(),
    hash: z.string(),
    note: z.string().nullable().describe("What its publisher said about it."),
    publishedBy: z
      .string()
      .nullable()
      .describe(
        "Who published it: user:ann@example.com, key:owner; null where that was not written down yet.",
      ),
    createdAt: instant,
    definition: workflowDefinition.optional(),
  })
  .meta({ id: "WorkflowVersion" });

export const publishBody = z.strictObject({
  note: z.string().max(2000).optional().describe("What changed, for those who read the history."),
});

export const published = z
  .object({ id: z.uuid(), versionId: z.uuid(), version: z.int(), webhooks: z.array(hookAddress) })
  .meta({ id: "Published" });

export const workflowPage = page(workflowSummary);
export const versionPage = page(workflowVersion);
