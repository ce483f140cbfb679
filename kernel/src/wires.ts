// What stands on the wires of a scope: states, input items and lineage. Reads only.
import type { DeadReason } from "./events.ts";
import type { Item, Lineage } from "./item.ts";
import { baseFrame, nodeOf, scopeOf } from "./paths.ts";
import type { Program, ProgramNode, Wire } from "./program.ts";
import type { ExecutionState, NodeRun, PortState, ScopeState } from "./state.ts";

export type WireState = "open" | "taken" | DeadReason;

export function wireState(scope: ScopeState, wire: Wire): WireState {
  const run = scope.runs[wire.from];
  if (!run || run.status === "running") return "open";
  if (run.status === "failed") return "failed";
  if (run.status === "cancelled") return "cancelled";
  if (run.status === "dead") return run.why ?? "notChosen";
  if (run.ports?.[wire.port]) return "taken";
  for (const port in run.ports) if ((run.ports[port] as PortState).count > 0) return "notChosen";
  return "empty";
}

const NOTHING: readonly Item[] = [];
const joined = new WeakMap<NodeRun, Map<string, readonly Item[]>>();

/** Items at one data input, in wire order. A single wire is passed by reference, never copied. */
export function inputItems(
  state: ExecutionState,
  scope: ScopeState,
  node: ProgramNode,
  input = "main",
): readonly Item[] {
  if (state.edited?.node === node.id && scope.block === null && input === "main") return state.edited.items;
  if (node.wires.length === 0) return input === "main" ? scope.items : NOTHING;
  const run = scope.runs[node.id];
  const known = run && joined.get(run)?.get(input);
  if (known) return known;
  const lists: (readonly Item[])[] = [];
  for (const wire of node.wires) {
    if (wire.input !== input) continue;
    const items = scope.runs[wire.from]?.ports?.[wire.port]?.items;
    if (items && items.length > 0) lists.push(items);
  }
  if (lists.length <= 1) return lists[0] ?? NOTHING;
  const all = lists.flat();
  if (run) {
    const cache = joined.get(run) ?? new Map<string, readonly Item[]>();
    joined.set(run, cache.set(input, all));
  }
  return all;
}

export function allInputs(
  state: ExecutionState,
  scope: ScopeState,
  node: ProgramNode,
): Record<string, readonly Item[]> {
  const inputs: Record<string, readonly Item[]> = {};
  for (const input of node.dataInputs) inputs[input.name] = inputItems(state, scope, node, input.name);
  return inputs;
}

export function runAt(state: ExecutionState, run: string): NodeRun | undefined {
  return state.scopes[scopeOf(run)]?.runs[nodeOf(run)];
}

export function nodeAt(program: Program, run: string): ProgramNode {
  return program.nodes.get(nodeOf(run)) as ProgramNode;
}

/** The innermost scope, from `path` outwards, in which `node` stands. */
export function enclosingScope(
  state: ExecutionState,
  path: string,
  node: ProgramNode,
): { path: string; scope: ScopeState } | undefined {
  for (let at = path; ; ) {
    const scope = state.scopes[at];
    if (!scope) return undefined;
    if (baseFrame(scope.frame) === node.frame) return { path: at, scope };
    if (scope.block === null) return undefined;
    at = scopeOf(scope.block);
  }
}

/** All items that `$('X')` sees; empty when X did not run. */
export function outputItems(run: NodeRun | undefined): readonly Item[] {
  if (!run?.ports) return NOTHING;
  const lists = Object.values(run.ports).map((port) => port.items ?? NOTHING);
  return lists.length === 1 ? (lists[0] as readonly Item[]) : lists.flat();
}

/** Follows lineage from item `index` at the input of `node` back to `target`. */
export function pairedItem(
  program: Program,
  state: ExecutionState,
  path: string,
  node: ProgramNode,
  index: number,
  target: ProgramNode,
): Item | "ambiguous" | undefined {
  let at = { path, node, index };
  for (let steps = 0; steps < 10_000; steps++) {
    const scope = state.scopes[at.path];
    if (!scope) return undefined;
    if (at.node.wires.length === 0) {
      const outer = climb(program, scope, at.index);
      if (outer === "ambiguous" || outer === undefined) return outer;
      at = outer;
      continue;
    }
    const source = sourceOf(scope, at.node, at.index);
    if (!source) return undefined;
    if (source.node === target.id) return source.port.items?.[source.index] ?? undefined;
    const from = program.nodes.get(source.node) as ProgramNode;
    const back = origin(source.port.lineage, source.index, inputCount(scope, from));
    if (back === "ambiguous") return back;
    at = { path: at.path, node: from, index: back };
  }
  return undefined;
}

function climb(
  program: Program,
  scope: ScopeState,
  index: number,
): { path: string; node: ProgramNode; index: number } | "ambiguous" | undefined {
  if (scope.block === null) return undefined;
  const node = nodeAt(program, scope.block);
  const path = scopeOf(scope.block);
  if (node.type.structure === "while" && scope.iteration > 0)
    return scope.items.length === 1 ? { path, node, index: 0 } : "ambiguous";
  if (scope.origins) return { path, node, index: scope.origins[index] ?? 0 };
  return { path, node, index: scope.offset + index };
}

function sourceOf(
  scope: ScopeState,
  node: ProgramNode,
  index: number,
): { node: string; port: PortState; index: number } | undefined {
  let left = index;
  for (const wire of node.wires) {
    if (wire.input !== "main") continue;
    const port = scope.runs[wire.from]?.ports?.[wire.port];
    if (!port) continue;
    if (left < port.count) return { node: wire.from, port, index: left };
    left -= port.count;
  }
  return undefined;
}

function inputCount(scope: ScopeState, node: ProgramNode): number {
  if (node.wires.length === 0) return scope.items.length;
  let count = 0;
  for (const wire of node.wires)
    if (wire.input === "main") count += scope.runs[wire.from]?.ports?.[wire.port]?.count ?? 0;
  return count;
}

function origin(lineage: Lineage | undefined, index: number, inputs: number): number | "ambiguous" {
  if (lineage === "same") return index;
  const entry = lineage?.[index];
  if (typeof entry === "number") return entry;
  if (Array.isArray(entry) && entry.length === 1) return entry[0] as number;
  return inputs === 1 ? 0 : "ambiguous";
}
