// Pools as they travel: places and starts that runs share, and why each waiting one waits.
import { instant } from "./common.ts";
import { sentenceParts } from "./sentences.ts";
import { z } from "./zod.ts";

export const poolBody = z
  .strictObject({
    slots: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe("Places that may be held at once; absent = no limit."),
    rate: z
      .strictObject({ count: z.int().min(1).max(100_000), seconds: z.int().min(1).max(86_400) })
      .optional()
      .describe("Starts within any stretch of so many seconds."),
    scope: z
      .enum(["named", "tenant", "workflow", "connection"])
      .default("named")
      .describe(
        "Who takes one place without asking for it: nobody; every execution and run of a task; those of a workflow; those that use a connection.",
      ),
    scopeId: z.string().max(255).optional().describe("Id of the workflow or the connection."),
    weights: z
      .record(z.string().max(200), z.number().min(0.01).max(1_000))
      .default({})
      .describe("Share of a fair key against the others; 1 when it is not named."),
    paused: z.boolean().default(false).describe("Starts nothing."),
  })
  .meta({ id: "PoolBody" });
export type PoolBody = z.infer<typeof poolBody>;

export const pool = z
  .object({
    name: z.string(),
    ...poolBody.shape,
    used: z.int().describe("Places that are held."),
    waiting: z.int().describe("Executions and runs of tasks that wait for it."),
    startsInWindow: z.int().describe("Starts in the last `rate.seconds`."),
    etag: z.string(),
    updatedAt: instant,
  })
  .meta({ id: "Pool" });
export type Pool = z.infer<typeof pool>;
export const poolList = z.object({ items: z.array(pool) });

export const waitingItem = z
  .object({
    kind: z.enum(["task", "execution"]),
    id: z.uuid().describe("Of the run of the task, or of the execution."),
    ofId: z.uuid().describe("Of the task, or of the workflow."),
    name: z.string().describe("Of the task, or of the workflow."),
    key: z.string(),
    priority: z.int(),
    places: z.int(),
    since: instant,
    position: z.int().describe("From the front, as things are; 1 = next."),
    reason: z.string().describe("Why it waits."),
    reasonParts: sentenceParts("reason"),
  })
  .meta({ id: "PoolWaiting" });
export type WaitingItem = z.infer<typeof waitingItem>;

export const poolWaiting = z.object({
  items: z.array(waitingItem),
  holders: z.array(
    z.object({
      kind: z.enum(["task", "execution"]),
      id: z.uuid(),
      ofId: z.uuid(),
      name: z.string(),
      places: z.int(),
      since: instant,
    }),
  ),
});
