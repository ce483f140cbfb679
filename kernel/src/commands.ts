// What a turn asks of the world. Commands are never recorded: they follow from the state (`openCommands`).

import type { FinalStatus } from "./facts.ts";
import type { Failure } from "./failure.ts";
import type { Item } from "./item.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Effect } from "./nodeType.ts";

export type Command =
  | RunActivity
  | { type: "CancelActivity"; command: string; attempt: number }
  | StartChild
  | { type: "CancelChild"; command: string; attempt: number }
  | { type: "Reply"; status: number; headers?: Record<string, string>; body: Json }
  | { type: "FinishExecution"; status: FinalStatus; output?: Json; failure?: Failure };

export type RunActivity = {
  type: "RunActivity";
  command: string;
  run: string;
  /** Node id. */
  node: string;
  nodeType: string;
  attempt: number;
  effect: Effect;
  /** Ask whether the attempt happened instead of doing it (`once`, outcome unknown). */
  confirm: boolean;
  /** Stable over attempts and re-issues of one effect. */
  key: string;
  config: JsonObject;
  items: readonly Item[];
  inputs: Record<string, readonly Item[]>;
  index: number;
  /** Steps that earlier attempts have recorded. */
  steps?: readonly Json[];
  timeoutMs: number;
  /** Label of the workers it must run on. */
  worker?: string | undefined;
  nowMs: number;
  seed: string;
  zone: string;
};

export type StartChild = {
  type: "StartChild";
  command: string;
  run: string;
  attempt: number;
  /** Workflow id or name as written in the node. */
  workflow: string;
  items: readonly Item[];
  depth: number;
  /** Recorded time at which the command was issued: part of the child's deterministic id. */
  atMs: number;
};
