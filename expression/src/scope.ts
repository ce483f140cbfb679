// What a template may see. The caller builds it from recorded facts, so that evaluating again gives the same value.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type Item = { json: Json; files?: Record<string, unknown>; from?: unknown };

/** Another step's output as seen from the current item. */
export type NodeView = {
  items: readonly Item[];
  /** The item of that step which the current item descends from. */
  paired(itemIndex: number): Item | "ambiguous" | undefined;
};

export type EvaluationScope = {
  items: readonly Item[];
  itemIndex: number;
  runIndex: number;
  node(name: string): NodeView | undefined;
  vars: Record<string, Json>;
  execution: Record<string, Json>;
  workflow: Record<string, Json>;
  nowMs: number;
  zone: string;
  seed: string;
};
