// For-each: over the input items, or over a list that an expression gives per input item.
// Order of results is the order of iterations, whatever order they ended in.

import { batchSize } from "../evolve/blocks.ts";
import { type Failure, NodeError } from "../failure.ts";
import type { Item } from "../item.ts";
import type { Json } from "../json.ts";
import { childScope, scopeOf } from "../paths.ts";
import { BOUNDS, type ProgramNode } from "../program.ts";
import { Scope } from "../scope.ts";
import type { BlockState, ScopeState } from "../state.ts";
import { inputItems, nodeAt, runAt } from "../wires.ts";
import { closeEmpty, isEnding, openScope } from "./block.ts";
import { endScope } from "./ending.ts";
import { failNode } from "./failing.ts";
import { toFailure } from "./pure.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";

type Foreach = BlockState & { kind: "foreach" };

export function startForeach(turn: Turn, id: string, node: ProgramNode): void {
  const scope = turn.state.scopes[scopeOf(id)] as ScopeState;
  const input = inputItems(turn.state, scope, node);
  try {
    const elements = node.config.lazy.items ? elementsOf(turn, id, node, input) : undefined;
    const count = elements?.items.length ?? input.length;
    const total = Math.ceil(count / batchSize(node));
    if (total > BOUNDS.iterationsMax)
      throw new NodeError({
        code: "LOOP_BOUND",
        class: "limit",
        message: `A for-each takes at most ${BOUNDS.iterationsMax} iterations; this has ${total}.`,
        remedy: "Raise `batchSize`.",
        certainty: "notDone",
      });
    turn.emit({ t: "BlockStarted", run: id, total, ...(elements ?? {}) });
  } catch (error) {
    return failNode(turn, id, toFailure(error));
  }
  turn.queue.push(id);
}

function elementsOf(
  turn: Turn,
  id: string,
  node: ProgramNode,
  input: readonly Item[],
): { items: Item[]; origins: number[] } {
  const evaluation = new Scope(turn.program, turn.state, id, 0, turn.nowMs);
  const items: Item[] = [];
  const origins: number[] = [];
  for (let index = 0; index < input.length; index++) {
    evaluation.itemIndex = index;
    const list = node.config.lazy.items?.(evaluation);
    if (!Array.isArray(list))
      throw new NodeError({
        code: "NOT_A_LIST",
        class: "data",
        message: `\`items\` of "${node.name}" must give a list, not ${describe(list)}.`,
        remedy: "Point the expression at a list.",
        field: "items",
        item: index,
        certainty: "notDone",
      });
    for (const json of list) {
      items.push({ json });
      origins.push(index);
    }
  }
  return { items, origins };
}

function describe(value: Json | undefined): string {
  if (value === undefined || value === null) return "nothing";
  return typeof value === "object" ? "an object" : `${typeof value} ${JSON.stringify(value)}`.slice(0, 80);
}

export function pumpForeach(turn: Turn, id: string, first: Foreach): void {
  const node = nodeAt(turn.program, id);
  applyErrorMode(turn, id, node, first);
  let block: Foreach | undefined = first;
  for (;;) {
    if (!block || !mayOpen(turn, id, node, block)) break;
    if (turn.work >= BOUNDS.workPerTurn) {
      turn.queue.push(id);
      return;
    }
    turn.work++;
    const iteration = block.next;
    const batch = batchSize(node);
    openScope(turn, id, {
      label: iteration,
      frame: node.sections.body as string,
      iteration,
      range: [iteration * batch, (iteration + 1) * batch],
    });
    closeEmpty(turn, id, iteration);
    block = foreachAt(turn, id);
  }
  if (block && block.open === 0) settleForeach(turn, id, node, block);
}

function foreachAt(turn: Turn, id: string): Foreach | undefined {
  const block = runAt(turn.state, id)?.block;
  return block?.kind === "foreach" ? block : undefined;
}

function mayOpen(turn: Turn, id: string, node: ProgramNode, block: Foreach): boolean {
  return (
    block.next < block.total &&
    block.open < concurrencyOf(node) &&
    !stopReason(node, block) &&
    !isEnding(turn, id)
  );
}

function concurrencyOf(node: ProgramNode): number {
  const value = node.def.config?.concurrency;
  return typeof value === "number" && value >= 1 ? Math.floor(value) : 1;
}

/** Why no further iteration starts. */
function stopReason(
  node: ProgramNode,
  block: Foreach,
): { kind: "break" | "cancelled" } | { kind: "failed"; failure: Failure } | undefined {
  const failed = block.failed[0];
  // Before `stop`: the siblings that this failure drained were cancelled by it.
  if (failed && errorMode(node) === "stop") return { kind: "failed", failure: failed[1] };
  return block.stop;
}

function errorMode(node: ProgramNode): string {
  return typeof node.def.config?.onError === "string" ? node.def.config.onError : "stop";
}

/** In mode `stop` the other iterations under way are drained. */
function applyErrorMode(turn: Turn, id: string, node: ProgramNode, block: Foreach): void {
  if (block.open === 0 || stopReason(node, block)?.kind !== "failed") return;
  for (let iteration = 0; iteration < block.next; iteration++) {
    const path = childScope(id, iteration);
    if (turn.state.scopes[path] && !turn.state.scopes[path].ending)
      endScope(turn, path, { kind: "cancelled" });
  }
}

function settleForeach(turn: Turn, id: string, node: ProgramNode, block: Foreach): void {
  const stop = stopReason(node, block);
  if (stop?.kind === "failed") return failNode(turn, id, stop.failure);
  if (stop?.kind === "cancelled" || (isEnding(turn, id) && block.next < block.total))
    return settleNode(turn, { t: "NodeCancelled", run: id, why: "scopeEnding" });
  if (stop?.kind === "break" || block.next >= block.total)
    settleNode(turn, { t: "NodeFinished", run: id, from: "block" });
}
