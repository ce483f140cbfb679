// Live messages, over Socket.io (event names in quotes) and as server-sent events.
//
//   client -> "subscribe" {to, id?, cursor?}   ack {ok, cursor} or {ok: false, problem}
//   server -> "state"  {to, id?, cursor, executions}    where things stand; replaces what the client knows
//   server -> "turn"   {cursor, executionId, ...}       one committed turn, in order
//   client -> "unsubscribe" {to, id?}
//
// Whatever else changes is told by its topic only, to those who may read it; the client asks again for what it shows:
//
//   client -> "subscribe" {to: "changes"}               ack {ok} or {ok: false, problem}
//   server -> "changed" {topics: ["tasks", ...]}        gathered for a moment, after what changed can be read
//   client -> "unsubscribe" {to: "changes"}
//
// Changes have no cursor: after a disconnect the client asks again for everything it shows.
//
// `cursor` is opaque: given back after a disconnect, the stream goes on with the next turn, without a gap or a
// repeat. When the server cannot bridge the gap turn by turn, it sends "state" and goes on from there.
import type { Action } from "./access.ts";
import { instant } from "./common.ts";
import { executionStatus } from "./execution.ts";
import { z } from "./zod.ts";

export const subscription = z.object({
  to: z.enum(["execution", "workflow", "all"]),
  id: z.uuid().optional(),
  cursor: z.string().max(200).optional(),
});
export type Subscription = z.infer<typeof subscription>;

export const factSummary = z.looseObject({
  t: z.string(),
  run: z.string().optional(),
  item: z.int().optional(),
});

export const liveTurn = z
  .object({
    cursor: z.string(),
    offset: z.int().describe("Counts committed turns; orders turns of different executions."),
    executionId: z.uuid(),
    workflowId: z.uuid(),
    seq: z.int(),
    at: instant,
    status: executionStatus,
    facts: z.array(factSummary),
  })
  .meta({ id: "LiveTurn" });
export type LiveTurn = z.infer<typeof liveTurn>;

export const liveState = z
  .object({
    to: z.enum(["execution", "workflow", "all"]),
    id: z.uuid().optional(),
    cursor: z.string(),
    executions: z.array(
      z.object({
        executionId: z.uuid(),
        workflowId: z.uuid(),
        status: executionStatus,
        seq: z.int().nullable(),
        startedAt: instant,
      }),
    ),
  })
  .meta({ id: "LiveState" });
export type LiveState = z.infer<typeof liveState>;

/** What is told to have changed, and the right that is needed to hear of it: the one that reads it. */
export const changeTopics = {
  workflows: "workflow.read",
  schedules: "workflow.read",
  tasks: "workflow.read",
  pools: "workflow.read",
  limits: "workflow.read",
  /** Events, subscriptions, dead events, triggers. */
  events: "workflow.read",
  /** Alerts, their rules, maintenance. */
  alerts: "stats.read",
  connections: "connection.read",
  tables: "table.read",
  variables: "variable.read",
  workers: "worker.read",
  /** Incidents, findings, the security check. */
  incidents: "security.read",
  protection: "protection.read",
  audit: "audit.read",
  /** Told only to the organization that runs the server. */
  backups: "backup.read",
} as const satisfies Record<string, Action>;
export type ChangeTopic = keyof typeof changeTopics;

export const changeSubscription = z.object({ to: z.literal("changes") });

export type LiveChange = { topics: ChangeTopic[] };
