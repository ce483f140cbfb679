// A compiled definition: what `advance` runs. Derived from definition, node types and expression language, all of
// which an execution pins, so a program can always be made again. Never serialised.
import type { Join, NodeDefinition, Section, WorkflowDefinition } from "./definition.ts";
import type { EvaluationScope } from "./evaluator.ts";
import type { Json, JsonObject } from "./json.ts";
import type { NodeInput, NodeType } from "./nodeType.ts";

export type Program = {
  definition: WorkflowDefinition;
  nodes: Map<string, ProgramNode>;
  /** Frame key -> graph of one body; the root is `""`, others `block:section` (`block:compensation:node`). */
  frames: Map<string, Frame>;
  /** Nodes that some `$('Name')` reads: their outputs are kept while their scope is open. */
  referenced: Set<string>;
  /** Some expression follows lineage, so it is kept. */
  followsLineage: boolean;
  byName: Map<string, string>;
  zone: string;
  /** Keep every output while folding (re-run, inspection) instead of dropping what nobody reads any more. */
  keepAll?: boolean;
};

export type ProgramNode = {
  id: string;
  name: string;
  def: NodeDefinition;
  type: NodeType;
  frame: string;
  /** Enclosing blocks, innermost first. */
  blocks: readonly string[];
  config: CompiledConfig;
  dataInputs: readonly NodeInput[];
  /** Incoming data wires in connection order. */
  wires: readonly Wire[];
  /** Connected targets in this frame (node ids, unique). */
  targets: readonly string[];
  ports: readonly string[];
  join: Join;
  /** Nodes whose every path leads through this early join. */
  losers: readonly string[];
  /** Ancestors by wires in the same frame. */
  ancestors: ReadonlySet<string>;
  /** Frame keys by section, for blocks. */
  sections: Partial<Record<Section, string>>;
  resultNode: string | null;
};

export type Wire = { from: string; port: string; input: string; index: number };

export type Frame = {
  key: string;
  block: string | null;
  section: Section;
  nodes: readonly string[];
  /** Nodes without incoming wires: they receive the scope's items. */
  roots: readonly string[];
  /** Nodes without outgoing wires, in definition order: their items are the scope's result. */
  sinks: readonly string[];
};

/** Evaluates a node's config for one item. Constant parts are shared, never copied. */
export type CompiledConfig = {
  isConstant: boolean;
  usesItem: boolean;
  resolve(scope: EvaluationScope): JsonObject;
  /** Lazy fields by name: evaluated on demand. */
  lazy: Record<string, (scope: EvaluationScope) => Json | undefined>;
};

export const BOUNDS = {
  nodesMax: 2_000,
  connectionsMax: 10_000,
  depthMax: 16,
  definitionDepthMax: 64,
  /** Open commands of one execution. */
  openCommandsMax: 100,
  itemConcurrency: 10,
  iterationsMax: 1_000_000,
  signalsMax: 100,
  signalIdsMax: 200,
  /** Items and node runs computed in one turn before it is committed. */
  workPerTurn: 20_000,
  /** Facts of one execution. */
  factsMax: 20_000_000,
  activityTimeoutMs: 300_000,
} as const;
