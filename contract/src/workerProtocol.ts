// What the server and a worker say to each other, the same over the pipe of a child process and over a WebSocket.
// Every message is one JSON text; bytes travel as base64 in pieces of at most CHUNK_BYTES.
//
//   worker                          server
//   hello {version, labels, ...} -> welcome {worker} | refused {code, ...}
//   beat                         -> (nothing; its absence means that the worker is lost)
//                                <- run {task, activity}
//   call {task, call, method}    -> reply {call, ...}         what the activity asks of its context
//   done {task, outcome}         ->
//                                <- cancel {task}             timeout or cancellation; the outcome is still told
//                                <- drain                     finish what runs, take nothing new
//   bye                          ->                           drained: the worker ends
//
// Invariants: a task is told `done` at most once; an answer for a task or call that nobody waits for is ignored.
import { failure, json } from "./common.ts";
import { z } from "./zod.ts";

/** Raised when an older worker could not be understood any more. */
export const PROTOCOL = 1;
export const WORKER_PATH = "/api/v1/workers/connect";
export const CHUNK_BYTES = 256 * 1024;
/** Of one message; larger work is refused with a clear error instead. */
export const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
export const BEAT_MS = 2_000;
/** Without a sign of life for so long a worker is lost, and what it ran is issued again. */
export const LOST_AFTER_MS = 10_000;

const label = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);

const hello = z.object({
  type: z.literal("hello"),
  protocol: z.int(),
  version: z.string().max(100),
  name: z.string().min(1).max(100),
  labels: z.array(label).max(20),
  /** Activities at the same time. */
  concurrency: z.int().min(1).max(64),
  /** Node types it can run. */
  nodeTypes: z.array(z.string().max(100)).max(10_000),
  host: z.string().max(255),
  pid: z.int(),
});

const outputs = z.record(
  z.string(),
  z.looseObject({ items: z.array(z.looseObject({ json })), lineage: z.unknown().optional() }),
);

const outcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("succeeded"), outputs }),
  z.object({ kind: z.literal("failed"), failure }),
  z.object({
    kind: z.literal("confirmed"),
    outcome: z.enum(["done", "notDone", "unknown"]),
    outputs: outputs.optional(),
  }),
]);

/** Checked on arrival: a worker on another machine is not the server's own code. */
export const fromWorker = z.discriminatedUnion("type", [
  hello,
  z.object({ type: z.literal("beat"), memoryBytes: z.number(), cpuPercent: z.number() }),
  z.object({ type: z.literal("done"), task: z.string(), outcome }),
  z.object({
    type: z.literal("call"),
    task: z.string(),
    call: z.int(),
    method: z.string().max(100),
    args: z.array(json),
  }),
  z.object({ type: z.literal("bye") }),
]);
export type FromWorker = z.infer<typeof fromWorker>;
export type WorkerHello = z.infer<typeof hello>;

export type WorkerTask = {
  nodeType: string;
  confirm: boolean;
  /** The activity's call as the node sees it. */
  call: unknown;
  timeoutMs: number;
};

/** What the worker itself enforces is small: it trusts its server, whose address and key the operator gave it. */
export type ToWorker =
  | { type: "welcome"; worker: string }
  | { type: "refused"; code: string; message: string; remedy: string }
  | { type: "run"; task: string; activity: WorkerTask }
  | { type: "cancel"; task: string }
  | { type: "reply"; call: number; value: unknown }
  | { type: "reply"; call: number; failure: unknown }
  | { type: "drain" };
