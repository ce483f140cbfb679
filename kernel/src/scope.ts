// What an expression sees at one place of an execution.
import type { EvaluationScope, NodeView } from "./evaluator.ts";
import type { StartRecord } from "./events.ts";
import type { Item } from "./item.ts";
import type { JsonObject } from "./json.ts";
import { nodeOf, ROOT, scopeOf } from "./paths.ts";
import type { Program, ProgramNode } from "./program.ts";
import type { ExecutionState, ScopeState } from "./state.ts";
import { enclosingScope, inputItems, nodeAt, outputItems, pairedItem } from "./wires.ts";

const NO_VARS: JsonObject = {};

/** A class for speed alone: one is made per node run, and accessors on a literal are slow to make. */
export class Scope implements EvaluationScope {
  items: readonly Item[];
  /** May be changed between evaluations of one run; everything else is shared. */
  itemIndex: number;
  runIndex: number;
  readonly nowMs: number;
  readonly #program: Program;
  readonly #state: ExecutionState;
  readonly #run: string;

  constructor(program: Program, state: ExecutionState, run: string, itemIndex: number, nowMs: number) {
    const path = scopeOf(run);
    this.#program = program;
    this.#state = state;
    this.#run = run;
    this.items = inputItems(state, state.scopes[path] as ScopeState, nodeAt(program, run));
    this.itemIndex = itemIndex;
    this.runIndex = path === ROOT ? 0 : runIndex(program, state, path);
    this.nowMs = nowMs;
  }

  node(name: string): NodeView | undefined {
    const path = scopeOf(this.#run);
    return nodeView(this.#program, this.#state, path, nodeAt(this.#program, this.#run), name);
  }

  get vars(): JsonObject {
    return this.#start.vars ?? NO_VARS;
  }

  get execution(): JsonObject {
    const { executionId, mode } = this.#start;
    return { id: executionId, mode, startedAt: this.#state.startedMs };
  }

  get workflow(): JsonObject {
    return { id: this.#start.workflowId, name: this.#start.workflowName };
  }

  get zone(): string {
    return this.#program.zone;
  }

  get seed(): string {
    return `${this.#start.seed}/${this.#run}/${this.itemIndex}`;
  }

  get #start(): StartRecord {
    return this.#state.start as StartRecord;
  }
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
