// What an expression sees at one place of an execution.
import type { EvaluationScope, NodeView } from "./evaluator.ts";
import type { JsonObject } from "./json.ts";
import { nodeOf, scopeOf } from "./paths.ts";
import type { Program, ProgramNode } from "./program.ts";
import type { ExecutionState, ScopeState } from "./state.ts";
import { enclosingScope, inputItems, nodeAt, outputItems, pairedItem } from "./wires.ts";

const NO_VARS: JsonObject = {};

/** `itemIndex` may be changed between evaluations of one run; everything else is shared. */
export type MutableScope = EvaluationScope & { itemIndex: number };

export function evaluationScope(
  program: Program,
  state: ExecutionState,
  run: string,
  itemIndex: number,
  nowMs: number,
): MutableScope {
  const path = scopeOf(run);
  const scope = state.scopes[path] as ScopeState;
  const node = nodeAt(program, run);
  const start = state.start as NonNullable<ExecutionState["start"]>;
  return {
    items: inputItems(state, scope, node),
    itemIndex,
    runIndex: runIndex(program, state, path),
    node: (name) => nodeView(program, state, path, node, name),
    vars: start.vars ?? NO_VARS,
    get execution() {
      return { id: start.executionId, mode: start.mode, startedAt: state.startedMs };
    },
    get workflow() {
      return { id: start.workflowId, name: start.workflowName };
    },
    nowMs,
    zone: program.zone,
    get seed() {
      return `${start.seed}/${run}/${this.itemIndex}`;
    },
  };
}

/** Iteration of the innermost loop. */
function runIndex(program: Program, state: ExecutionState, path: string): number {
  for (
    let scope = state.scopes[path];
    scope && scope.block !== null;
    scope = state.scopes[scopeOf(scope.block)]
  ) {
    const structure = program.nodes.get(nodeOf(scope.block))?.type.structure;
    if (structure === "foreach" || structure === "while") return scope.iteration;
  }
  return 0;
}

function nodeView(
  program: Program,
  state: ExecutionState,
  path: string,
  reader: ProgramNode,
  name: string,
): NodeView | undefined {
  const target = program.nodes.get(program.byName.get(name) ?? "");
  if (!target) return undefined;
  const found = enclosingScope(state, path, target);
  return {
    items: outputItems(found?.scope.runs[target.id]),
    paired: (index) => pairedItem(program, state, path, reader, index, target),
  };
}
