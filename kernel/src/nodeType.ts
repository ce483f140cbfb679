// What the kernel knows of a node type. The node library builds on it (`defineNode` adds texts, schema, `run`).
import type { Said } from "./definition.ts";
import type { Item, Outputs } from "./item.ts";
import type { Json, JsonObject } from "./json.ts";
import type { PortsByConfig } from "./portRules.ts";

/**
 * pure        computed inside the turn that caused it
 * read        asks the world, may be repeated freely
 * idempotent  changes the world; repeated with the same idempotency key
 * once        changes the world and must never be repeated blindly
 */
export type Effect = "pure" | "read" | "idempotent" | "once";

export type NodeCategory = "trigger" | "action" | "condition" | "transform";

/** What the kernel itself does with the node; absent = it evaluates (`pure`) or runs as an activity. */
export type Structure =
  | "trigger"
  | "foreach"
  | "while"
  | "parallel"
  | "try"
  | "saga"
  | "break"
  | "continue"
  | "wait"
  | "approval"
  | "subworkflow"
  | "respond"
  | "stop"
  /** Configures the node it is attached to; never runs by itself. */
  | "attachment";

export type NodeInput = {
  name: string;
  /** Without a taken wire here the node does not run. Default: true for `main`, false otherwise. */
  required?: boolean;
  /** Takes sub-nodes (model, memory, tool...), not data. */
  attachment?: boolean;
};

export type NodeType = {
  type: string;
  version: number;
  category: NodeCategory;
  effect: Effect;
  /** `item`: runs once per item. `list`: once over all items. */
  per: "item" | "list";
  structure?: Structure;
  /** Of an attachment: the input it fits. */
  attaches?: string;
  /** Default: one data input `main`. */
  inputs?: readonly NodeInput[];
  /** Output ports, possibly depending on the config. Default: `main`. `error` is added by `onError: errorPort`. */
  ports?: readonly string[] | PortsByConfig;
  /** Run with an empty list when every input is empty (but not when it was not chosen). */
  onEmpty?: "run" | "skip";
  /** Config fields whose text is not a template (code, SQL text with its own parameters...). */
  rawFields?: readonly string[];
  /** Config fields evaluated later, item by item, through `call.at(field, index)`. */
  lazyFields?: readonly string[];
  /** Activities per node run that may be open at once (`per: item`). Default 10. */
  concurrency?: number;
  /** Default time limit of one attempt, in ms. */
  timeoutMs?: number;
  /** Effect that depends on the config (an HTTP GET reads, a POST does not). */
  effectOf?: (config: JsonObject) => Effect;
  /** Located problems of a config as written (templates stand as text). Paths are field names, `a.b.0.c`. */
  checkConfig?: (config: JsonObject, attached?: Attached) => ConfigProblem[];
  /** Pure node types, and pure parts of others: computed inside the turn. */
  evaluate?: (call: PureCall) => Outputs;
  /** Can the outside world be asked whether a `once` activity happened? It may depend on the config as written. */
  confirms?: boolean | ((config: JsonObject) => boolean);
};

/** Sub-nodes by the input they are attached to, in the order of the connections. */
export type Attached = Record<string, AttachedNode[]>;
export type AttachedNode = { id: string; name: string; type: string; config: JsonObject };

export type ConfigProblem = { field: string; code?: string; message: string; remedy?: string; said?: Said };

/**
 * One computation of a pure node.
 * `per: item`: `items` holds the one item, `index` its place in the input. `per: list`: all items, index 0.
 * Must not keep or change anything it is given.
 */
export type PureCall = {
  config: JsonObject;
  items: readonly Item[];
  /** Data inputs by name; `inputs.main` is `items` for list nodes. */
  inputs: Record<string, readonly Item[]>;
  index: number;
  /** A lazy field, evaluated for the item at `index` of `items`. Throws NodeError. */
  at(field: string, index: number): Json | undefined;
  nowMs: number;
  seed: string;
  zone: string;
};
