// Workers as the API shows them: which there are, what they run, how they are.
import { id, instant } from "./common.ts";
import { z } from "./zod.ts";

export const workerState = z.enum(["starting", "ready", "draining", "lost"]);
export type WorkerState = z.infer<typeof workerState>;

export const worker = z
  .object({
    id,
    kind: z.enum(["local", "remote"]).describe("A process of this server, or one that connected."),
    name: z.string(),
    labels: z.array(z.string()).describe("With labels it serves only nodes that ask for one of them."),
    state: workerState,
    version: z.string(),
    host: z.string(),
    pid: z.int(),
    concurrency: z.int().describe("Activities at the same time."),
    running: z
      .array(
        z.object({
          executionId: id,
          workflowId: id,
          node: z.string(),
          nodeType: z.string(),
          attempt: z.int(),
          since: instant,
        }),
      )
      .describe("What it does for your organization."),
    busy: z.int().describe("Activities it runs, those of other organizations included."),
    completed: z.int(),
    failed: z.int(),
    memoryBytes: z.number().nullable(),
    cpuPercent: z.number().nullable().describe("Of one core."),
    connectedAt: instant,
    lastHeartbeatAt: instant,
  })
  .meta({ id: "Worker", description: "A process that runs activities." });
export type Worker = z.infer<typeof worker>;

export const workerList = z.object({
  items: z.array(worker),
  local: z.int().describe("Worker processes this server keeps up."),
  waiting: z.int().describe("Activities that wait for a worker."),
  lost: z.int().describe("Workers that ended or went silent with work, since the start of the server."),
});
export type WorkerList = z.infer<typeof workerList>;

export const LOCAL_WORKERS_MAX = 64;

export const localWorkersBody = z.strictObject({
  count: z.int().min(0).max(LOCAL_WORKERS_MAX).describe("Worker processes of this server."),
});
