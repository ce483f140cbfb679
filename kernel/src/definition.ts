// What a person writes: a workflow definition, as JSON or YAML.
//
// One word per idea, used everywhere in the product:
//   workflow    a named definition with versions        execution  one durable run of a version
//   node        a step of a workflow                    node run   one start of a node within a scope
//   connection  a drawn line between two nodes          wire       that line within one scope: taken or dead
//   block       a node that contains others (`parent`)  scope      one iteration or section of a block
//   item        one element travelling on a wire        port       a named output of a node
//   activity    work outside the kernel                 attempt    one try of an activity
//   event       something the world reports             fact       something a turn established, recorded
//   command     something the kernel asks of the world  turn       events in, facts and commands out
//
// Unknown fields survive a round trip: nothing here strips what it does not know.
import type { Json, JsonObject } from "./json.ts";

export type WorkflowDefinition = {
  name: string;
  description?: string;
  nodes: NodeDefinition[];
  connections: Connection[];
  settings?: WorkflowSettings;
};

export type NodeDefinition = {
  /** Stable id: letters, digits, `_`, `-`; at most 64 characters. */
  id: string;
  /** Node type id, such as `http` or `foreach`. */
  type: string;
  /** Display name and what `$('Name')` refers to; the id when absent. */
  name?: string;
  config: JsonObject;
  position?: { x: number; y: number };
  /** Id of the block whose body holds this node. */
  parent?: string;
  /** Which part of the parent block: `body` (default), `catch`, `finally` (try) or `compensation` (saga). */
  section?: Section;
  /** Inside a saga: id of the node (section `compensation`) that undoes this one. */
  compensate?: string;
  errorHandling?: ErrorHandling;
  join?: Join;
  /** With an early join: what happens to branches that lost. Default `cancel`. */
  losers?: "cancel" | "runOn";
  /** A node that ran and produced nothing emits one empty item instead. */
  alwaysOutput?: boolean;
  /** Passes its input through without running. */
  disabled?: boolean;
  /** Output used instead of running the node, in test executions only. */
  pinned?: Json[];
  /** Label of the workers that may run this node (`gpu`); only activities have one. */
  worker?: string;
  notes?: string;
};

export type Section = "body" | "catch" | "finally" | "compensation";

/** When a node with several incoming wires starts; `any` = all settled and at least one taken. */
export type Join = "any" | "all" | "first" | { n: number };

export type ErrorHandling = {
  retry?: RetryPolicy;
  /** Of one attempt. */
  timeoutMs?: number;
  onError?: "fail" | "fallback" | "errorPort" | "park";
  /** Json of the item that replaces a failed one (`onError: fallback`). */
  fallback?: Json;
  /** When the outcome of a `once` activity is unknown and cannot be confirmed. Default: `park` after a crash, else `fail`. */
  onUnknown?: "park" | "fail";
};

export type RetryPolicy = {
  /** Total attempts, the first included; 1 means no retry. */
  attempts: number;
  backoff?: "constant" | "exponential";
  /** Delay before the second attempt. */
  delayMs?: number;
  factor?: number;
  delayMsMax?: number;
  /** Share of the delay drawn at random around it, 0 to 1. */
  jitter?: number;
  /** Error classes to retry; default: every failure that says it may be retried. */
  on?: ErrorClass[];
  /** Wait at least what the service asked for (`Retry-After`). Default true. */
  honourRetryAfter?: boolean;
};

export type ErrorClass =
  | "network"
  | "timeout"
  | "rateLimited"
  | "server"
  | "client"
  | "auth"
  | "data"
  | "code"
  | "limit"
  | "cancelled"
  | "unknown";

export type Connection = {
  from: string;
  /** Output port of `from`; `main` when absent. */
  port?: string;
  to: string;
  /** Input of `to`: `main` when absent, or an attachment (`model`, `memory`, `tool`, `outputParser`). */
  input?: string;
};

export type WorkflowSettings = {
  /** Of the whole execution, waits included. */
  timeoutMs?: number;
  /** Workflow (id or name) started once when an execution fails unhandled. */
  errorWorkflow?: string;
  /** Executions of this workflow that may be open at once per key, and what a further one does. */
  concurrency?: { key?: string; limit: number; overlap?: "queue" | "skip" | "cancelOther" };
  /** IANA zone for `$now`, `$today` and dates; UTC when absent. */
  timezone?: string;
  /** Paths of fields of items (`customer.email`, `*.card`, `**.password`) that drivers keep out of the history. */
  sensitive?: string[];
  /** How expressions treat missing values; imported n8n workflows are lenient. */
  expressions?: "strict" | "lenient";
};

/** Something wrong with a definition, located. */
export type Problem = {
  code: string;
  message: string;
  /** What to do about it. */
  remedy: string;
  /** JSON Pointer into the definition. */
  path: string;
  node?: string;
  field?: string;
  /** Character offset within the field's text. */
  position?: number;
  said?: Said;
};

/** The message in parts, by a key of whoever found the problem, for readers of other languages. */
export type Said = { key: string; values: Readonly<Record<string, string | number>> };
