// The kernel's own compiler, in the browser: what it finds here is what the server would find.
import { compileTemplate } from "@auraos/expression";
import { compile, type NodeTypes, type Problem, type Program } from "@auraos/kernel";
import type { Graph } from "./graph.ts";

export type Validated = { problems: Problem[]; program: Program | undefined };

export function validateWorkflow(graph: Graph, nodeTypes: NodeTypes): Validated {
  // An empty workflow is a beginning, not a mistake.
  if (graph.nodes.length === 0) return { problems: [], program: undefined };
  const compiled = compile(graph, nodeTypes, { compileTemplate });
  return compiled.ok
    ? { problems: [], program: compiled.program }
    : { problems: compiled.problems, program: undefined };
}
