// Live messages, over Socket.io (event names in quotes) and as server-sent events.
//
//   client -> "subscribe" {to, id?, cursor?}   ack {ok, cursor} or {ok: false, problem}
//   server -> "state"  {to, id?, cursor, executions}    where things stand; replaces what the client knows
//   server -> "turn"   {cursor, executionId, ...}       one committed turn, in order
//   client -> "unsubscribe" {to, id?}
//
// `cursor` is opaque: given back after a disconnect, the stream goes on with the next turn, without a gap or a
// repeat. When the server cannot bridge the gap turn by turn, it sends "state" and goes on from there.
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
