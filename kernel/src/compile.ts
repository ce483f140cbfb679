// Turns a definition into a program, or says everything that is wrong with it and where.
import { checkConnections } from "./compile/connections.ts";
import { checkFrames } from "./compile/frames.ts";
import { checkNodes } from "./compile/nodes.ts";
import { checkReferences } from "./compile/references.ts";
import { checkShape } from "./compile/shape.ts";
import type { Problem, WorkflowDefinition } from "./definition.ts";
import type { Evaluator } from "./evaluator.ts";
import type { NodeType } from "./nodeType.ts";
import type { Program, ProgramNode } from "./program.ts";

export type NodeTypes = (type: string) => NodeType | undefined;

export type Compiled = { ok: true; program: Program } | { ok: false; problems: Problem[] };

/** Work in progress of one compilation, handed from check to check. */
export type Compilation = {
  definition: WorkflowDefinition;
  nodeTypes: NodeTypes;
  evaluator: Evaluator;
  problems: Problem[];
  nodes: Map<string, Mutable<ProgramNode>>;
  program: Program;
  /** Nodes whose place in the workflow is unsound: later checks pass over them and what touches them. */
  unsound: Set<string>;
  /** `$('Name')` uses: node that reads, name, field, and the sub-node it is written in. */
  reads: { node: string; name: string; field: string; written?: string }[];
};

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function compile(definition: unknown, nodeTypes: NodeTypes, evaluator: Evaluator): Compiled {
  const problems = checkShape(definition);
  if (problems.length > 0) return { ok: false, problems };
  const sound = definition as WorkflowDefinition;
  const nodes = new Map<string, Mutable<ProgramNode>>();
  const compilation: Compilation = {
    definition: sound,
    nodeTypes,
    evaluator,
    problems,
    nodes,
    unsound: new Set(),
    reads: [],
    program: {
      definition: sound,
      nodes,
      frames: new Map(),
      referenced: new Set(),
      followsLineage: false,
      byName: new Map(),
      zone: sound.settings?.timezone ?? "UTC",
    },
  };
  checkNodes(compilation);
  checkFrames(compilation);
  checkConnections(compilation);
  checkReferences(compilation);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, program: compilation.program };
}
