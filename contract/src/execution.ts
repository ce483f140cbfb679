// Executions as they travel: the row of a list, the timeline of one, and what people do to them.
import { failure, flag, instant, item, json, page, pageQuery, waitSeconds } from "./common.ts";
import { sentenceParts } from "./sentences.ts";
import { z } from "./zod.ts";

export const executionStatus = z.enum([
  "running",
  "waiting",
  "paused",
  "parked",
  "succeeded",
  "failed",
  "cancelled",
  "terminated",
]);
export type ExecutionStatus = z.infer<typeof executionStatus>;

export const executionMode = z.enum(["production", "test", "simulated", "replay"]);

export const executionSummary = z
  .object({
    id: z.uuid(),
    workflowId: z.uuid(),
    workflowName: z.string().nullable(),
    versionId: z.uuid(),
    version: z.int().nullable().describe("Published version it ran on; null = a draft."),
    status: executionStatus,
    mode: executionMode,
    trigger: z.string().nullable(),
    parentId: z.uuid().nullable(),
    originId: z.uuid().nullable().describe("The execution this one is a re-run of."),
    startedAt: instant,
    completedAt: instant.nullable(),
    durationMs: z.number().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: "ExecutionSummary" });
export type ExecutionSummary = z.infer<typeof executionSummary>;

export const attemptView = z
  .object({
    attempt: z.int(),
    status: z.enum(["scheduled", "started", "retrying", "confirming", "succeeded", "failed", "dropped"]),
    at: instant,
    endedAt: instant.nullable(),
    retryAt: instant.optional(),
    failure: failure.optional(),
    logs: z.array(z.string()).optional().describe("Lines that its code wrote; the first ones of many."),
  })
  .meta({ id: "Attempt" });

export const itemRunView = z
  .object({ index: z.int(), attempts: z.array(attemptView), attemptsLeftOut: z.int().optional() })
  .meta({ id: "ItemRun" });

export const tokenUsage = z.record(z.string(), z.number()).meta({
  id: "Usage",
  description: "inputTokens, outputTokens, calls of a model; cost where prices are given.",
});

export const nodeRunView = z
  .object({
    run: z.string().describe("Scope path and node id, such as loop#3/charge."),
    node: z.string(),
    name: z.string(),
    type: z.string(),
    status: z.enum(["running", "waiting", "parked", "succeeded", "failed", "skipped", "cancelled"]),
    why: z.string().optional().describe("Of a skipped one: notChosen, empty, failed, cancelled, joinUnmet."),
    startedAt: instant,
    endedAt: instant.nullable(),
    durationMs: z.number().nullable(),
    itemsIn: z.int().nullable(),
    itemsOut: z.record(z.string(), z.int()).describe("Items per port."),
    itemsDone: z.int().optional(),
    itemsTotal: z.int().optional(),
    attempts: z.int().describe("Attempts of all items together; 0 = computed inside the turn."),
    steps: z.int().optional().describe("Steps that its activities have recorded, such as calls of a model."),
    usage: tokenUsage.optional().describe("What these steps used."),
    logLines: z.int().optional().describe("Lines that its code wrote; they are with the attempts."),
    spans: z
      .array(
        z.object({
          kind: z.enum(["attempt", "failed", "backoff", "wait"]),
          at: instant,
          endedAt: instant.nullable(),
        }),
      )
      .optional()
      .describe(
        "What the time went to, when it was more than one attempt: attempts, pauses before the next, waits; 60 at most.",
      ),
    failure: failure.optional(),
    handled: failure.optional().describe("A failure that became output (fallback, error port)."),
    kept: z.boolean().optional().describe("Taken over from the execution this one is a re-run of."),
  })
  .meta({ id: "NodeRun" });
export type NodeRunView = z.infer<typeof nodeRunView>;

export const waitView = z
  .object({
    wait: z.string(),
    run: z.string(),
    kind: z.enum(["duration", "until", "signal", "webhook", "approval"]),
    openedAt: instant,
    until: instant.nullable(),
    signal: z.string().optional(),
    title: z.string().optional(),
    message: z.string().optional(),
    form: json.optional(),
    assignees: z.array(z.string()).optional(),
    resumeUrl: z.string().optional().describe("Address that answers the wait; needs no key."),
    formUrl: z.string().optional().describe("Page that asks for the answer; needs no key."),
  })
  .meta({ id: "Wait" });

export const parkedView = z
  .object({ run: z.string(), item: z.int().optional(), attempt: z.int(), at: instant, failure })
  .meta({ id: "Parked", description: "Stopped until a person decides." });

export const execution = executionSummary
  .extend({
    input: json.describe("Left out when larger than 256 KB: ask /input."),
    inputLeftOut: z.boolean().optional(),
    output: json.describe("The reply, else the data of the items that reached an end."),
    outputLeftOut: z.boolean().optional(),
    failure: failure.nullable(),
    reply: z.object({ status: z.int(), body: json }).nullable(),
    queue: z
      .object({
        reason: z.string().describe("Why it has not begun."),
        reasonParts: sentenceParts("reason"),
        pools: z.array(z.string()).describe("Pools that it waits for; empty = for a place of its workflow."),
        before: z.int().nullable().describe("How many come first; null = not known."),
        since: instant,
      })
      .optional()
      .describe("Accepted, and waiting for its place."),
    cancel: z.object({ reason: z.string().optional(), by: z.string().optional() }).optional(),
    seq: z.int().describe("Turns recorded so far."),
    timeline: z.array(nodeRunView),
    timelineLeftOut: z.int().optional().describe("Node runs not shown: ask /timeline."),
    waits: z.array(waitView),
    parked: z.array(parkedView),
    usage: tokenUsage.optional().describe("Of all node runs together."),
    openEffects: z.array(z.string()).optional().describe("Effects without known outcome when terminated."),
  })
  .meta({ id: "Execution" });
export type Execution = z.infer<typeof execution>;

export const executed = z
  .object({
    id: z.uuid(),
    status: executionStatus,
    output: json.optional(),
    failure: failure.optional(),
    url: z.string(),
    repeated: z.boolean().optional().describe("The Idempotency-Key was known: this is the first execution."),
  })
  .meta({ id: "Executed" });

export const nodeData = z
  .object({
    run: z.string(),
    port: z.string().nullable(),
    total: z.int(),
    items: z.array(
      item.extend({
        index: z.int(),
        leftOut: z.int().optional().describe("Bytes of a value larger than `itemBytes`; its json is null."),
      }),
    ),
    next: z.string().optional(),
    gone: z.boolean().optional().describe("Not kept in the history of this execution."),
  })
  .meta({ id: "NodeData" });

export const executeQuery = z.object({
  wait: waitSeconds,
  draft: flag.optional().describe("1 = run the draft, in mode test: pinned data is used."),
  trigger: z.string().max(64).optional().describe("Node id of the trigger; the manual one when absent."),
  target: z
    .string()
    .max(64)
    .optional()
    .describe("With draft=1: only this node (or its block) and what leads to it run."),
});

export const executionQuery = z.object({
  ...pageQuery,
  workflow: z.string().max(200).optional().describe("Id or name."),
  status: z.string().max(200).optional().describe("One or several, separated by commas."),
  mode: executionMode.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  error: z.string().max(100).optional().describe("Error code."),
  search: z
    .string()
    .max(200)
    .optional()
    .describe(
      "Part of the id's beginning, the workflow's name, the trigger, the error, the input or the output.",
    ),
  parent: z.uuid().optional(),
});

export const dataQuery = z.object({
  side: z.enum(["in", "out"]).default("out"),
  port: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  after: z.string().max(40).optional(),
  itemBytes: z.coerce
    .number()
    .int()
    .min(1_000)
    .optional()
    .describe("Values larger than this are left out, and a page ends at four times as much."),
});

export const attemptsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.string().max(40).optional(),
});

export const controlBody = z.strictObject({ reason: z.string().max(1000).optional() });
export const signalBody = z.strictObject({
  name: z.string().min(1).max(200),
  id: z.string().min(1).max(200).optional().describe("Repeats with the same id are ignored."),
  payload: json.optional(),
});
export const answerBody = z.strictObject({
  decision: z.enum(["approve", "reject", "resume"]).default("resume"),
  data: json.optional(),
});
export const parkBody = z.strictObject({
  run: z.string().min(1).max(2000),
  item: z.int().min(0).optional(),
  action: z.enum(["retry", "skip", "fail", "output"]),
  output: json.optional().describe("With action output: what the node gives instead."),
  attempt: z
    .int()
    .min(0)
    .optional()
    .describe(
      "Attempt that was parked when you looked; if another one is parked by now, nothing is decided.",
    ),
});
export const rerunBody = z.strictObject({
  node: z.string().max(64).optional().describe("Top-level node or block; from the start when absent."),
  input: json.optional().describe("Replaces the input of that node (or of the execution)."),
  repeatEffects: z.boolean().optional().describe("Repeat effects that already succeeded."),
  version: z.int().min(1).optional().describe("Version to run; the one of the original when absent."),
  draft: z.boolean().optional().describe("Run the draft instead of a version, in mode test."),
  target: z
    .string()
    .max(64)
    .optional()
    .describe(
      "With draft: nothing after this node (or its block) runs. The same as `node`: that node alone.",
    ),
  replay: z
    .boolean()
    .optional()
    .describe(
      "Nothing reaches the world (mode replay): a step that calls out is answered with what was recorded, and fails when nothing was, or when it would send something else.",
    ),
});

export const accepted = z.object({ id: z.uuid(), accepted: z.literal(true) }).meta({ id: "Accepted" });
export const started = z.object({ id: z.uuid(), url: z.string() }).meta({ id: "Started" });

export const openWait = waitView
  .extend({
    kind: waitView.shape.kind
      .or(z.literal("parked"))
      .describe("parked: a node run that stopped until a person decides."),
    executionId: z.uuid(),
    workflowId: z.uuid().nullable(),
    workflowName: z.string().nullable(),
  })
  .meta({ id: "OpenWait" });

export const turnView = z
  .object({
    seq: z.int(),
    at: instant,
    facts: z.array(z.looseObject({ t: z.string() })),
  })
  .meta({ id: "Turn", description: "What was recorded, as it was recorded." });

export const executionPage = page(executionSummary).extend({
  searchedTo: instant
    .optional()
    .describe(
      "A search or a filter without an index looks at a bounded number of executions: back to this moment. Go on with `next`, also when no entry was found.",
    ),
});
export const timelinePage = page(nodeRunView);
export const itemRunPage = page(itemRunView);
export const waitPage = page(openWait);
export const turnPage = page(turnView);
