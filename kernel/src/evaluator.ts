// The expression language as the kernel sees it. The kernel receives it as a parameter and knows nothing else of it.
import type { Item } from "./item.ts";
import type { Json, JsonObject } from "./json.ts";

export type Evaluator = {
  compileTemplate(
    source: string,
    options: { mode: "strict" | "lenient" },
  ): { ok: true; template: Template } | { ok: false; problems: TemplateProblem[] };
};

export type Template = {
  /** Literal names used in `$('Name')`. */
  nodes: readonly string[];
  isConstant: boolean;
  /** Depends on the current item, so it must be evaluated per item. */
  usesItem: boolean;
  /** Throws an error with `code`, `message`, `hint` and `start`. */
  evaluate(scope: EvaluationScope): Json | undefined;
};

export type TemplateProblem = { code: string; message: string; hint: string; start: number };

export type EvaluationScope = {
  items: readonly Item[];
  itemIndex: number;
  runIndex: number;
  node(name: string): NodeView | undefined;
  vars: JsonObject;
  execution: JsonObject;
  workflow: JsonObject;
  nowMs: number;
  zone: string;
  seed: string;
};

export type NodeView = { items: readonly Item[]; paired(itemIndex: number): Item | "ambiguous" | undefined };
