// What the event bus is made of.
import type { Evaluator, JsonObject } from "@auraos/kernel";
import type { Engine } from "../engine/engine.types.ts";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import type { Timers } from "../platform/timers.ts";
import type { PublishedWorkflows } from "../workflows/publishedWorkflows.ts";

/** An event as it is published: a CloudEvents envelope, complete. */
export type NewEvent = {
  id: string;
  source: string;
  type: string;
  subject?: string;
  time?: string;
  data?: unknown;
  [extension: string]: unknown;
};

export type StoredEvent = {
  position: number;
  type: string;
  source: string;
  receivedMs: number;
  /** With its position, as workflows see it. */
  json: JsonObject;
};

/** Where an event stands; `isNew` false = it was there before, under the same source and id. */
export type Placed = { position: number; isNew: boolean };

export type Flow =
  | { flow: "each" }
  | { flow: "ordered" }
  | { flow: "singleton" }
  | { flow: "debounce"; quietSeconds: number; maxWaitSeconds?: number }
  | { flow: "throttle"; limit: number; perSeconds: number; burst?: number }
  | { flow: "rateLimit"; limit: number; perSeconds: number }
  | { flow: "batch"; size: number; waitSeconds: number }
  | { flow: "join"; upstream: string[]; windowSeconds: number };

/** Settings of a subscription as they are stored. */
export type SubscriptionSpec = Flow & {
  types: string[];
  /** Only events of this source; the triggers that listen outside have one each. */
  source?: string;
  /** Ids or names of workflows whose end is meant. */
  workflows?: string[];
  /** Templates over the event as `$json`. */
  filter?: string;
  key?: string;
  /** What the workflow gets: the whole event, or its data. */
  give: "event" | "data";
};

export type SubscriptionRow = {
  id: string;
  orgId: string;
  envId: string;
  workflowId: string;
  workflowName: string;
  node: string;
  spec: string;
  since: number;
  paused: boolean;
  /** Differs when anything a person can change has changed. */
  mark: string;
};

export type BusParts = {
  /** The engine's role. */
  pool: Pool;
  engine: Pick<Engine, "start" | "deliver" | "subscribe" | "status">;
  evaluator: Evaluator;
  published: PublishedWorkflows;
  nowMs: () => number;
  newId: () => string;
  log: Log;
  timers?: Timers;
  /** An event was published, routed or started something. */
  onChange?: (orgId: string) => void;
  /** Changes the times by which it looks, for tests. */
  retryMs?: number;
};
