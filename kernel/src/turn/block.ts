// Blocks: which scope opens next, and what a closed one means.
//
//   foreach   iterations by order, up to `concurrency` at once; error mode stop | continue | collect
//   while     one iteration after the other while the condition holds, up to `maxIterations`
//   parallel  one scope; its roots run at the same time
//   try       body, then catch (failed), then finally (always)
//   saga      body, then compensations in reverse order (failed or cancelled)

import { errorJson } from "../evolve/blocks.ts";
import type { ScopeOutcome } from "../facts.ts";
import type { Failure } from "../failure.ts";
import type { Item } from "../item.ts";
import type { Json } from "../json.ts";
import { childScope, runId, scopeOf } from "../paths.ts";
import type { ProgramNode } from "../program.ts";
import type { BlockState, ScopeState } from "../state.ts";
import { inputItems, nodeAt, runAt } from "../wires.ts";
import { endWith } from "./ending.ts";
import { failNode } from "./failing.ts";
import { pumpForeach, startForeach } from "./foreach.ts";
import { pumpSaga } from "./saga.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";
import { pumpWhile } from "./while.ts";

export function startBlock(turn: Turn, id: string, node: ProgramNode): void {
  if (node.type.structure === "foreach") return startForeach(turn, id, node);
  turn.emit({ t: "BlockStarted", run: id });
  pumpBlock(turn, id);
}

/** Opens what may open now. Called at the start, after each closed scope, and after restoring. */
export function pumpBlock(turn: Turn, id: string): void {
  const block = runAt(turn.state, id)?.block;
  if (!block || turn.state.paused) return;
  switch (block.kind) {
    case "foreach":
      return pumpForeach(turn, id, block);
    case "while":
      return pumpWhile(turn, id, block);
    case "parallel":
      return pumpParallel(turn, id, block);
    case "try":
      return pumpTry(turn, id, block);
    case "saga":
      return pumpSaga(turn, id, block);
  }
}

/** The next move of a block goes through the queue, so a long loop never deepens the stack. */
export function scopeClosed(turn: Turn, block: string): void {
  turn.queue.push(block);
}

export function isEnding(turn: Turn, block: string): boolean {
  return (
    turn.state.scopes[scopeOf(block)]?.ending !== undefined || runAt(turn.state, block)?.stopping === true
  );
}

export function openScope(
  turn: Turn,
  block: string,
  about: {
    label: string | number;
    frame: string;
    iteration?: number;
    items?: Item[];
    range?: [number, number];
    entry?: number;
  },
): void {
  const path = childScope(block, about.label);
  turn.emit({
    t: "ScopeOpened",
    scope: path,
    block,
    frame: about.frame,
    iteration: about.iteration ?? 0,
    ...(about.items ? { items: about.items } : {}),
    ...(about.range ? { range: about.range } : {}),
    ...(about.entry === undefined ? {} : { entry: about.entry }),
  });
  for (const root of turn.program.frames.get(about.frame)?.roots ?? []) turn.queue.push(runId(path, root));
}

export function hasOpenScope(turn: Turn, block: string): boolean {
  for (const path in turn.state.scopes) if (turn.state.scopes[path]?.block === block) return true;
  return false;
}

function pumpParallel(turn: Turn, id: string, block: BlockState & { kind: "parallel" }): void {
  if (block.outcome) return settleBlock(turn, id, block.outcome, block.failure);
  if (hasOpenScope(turn, id)) return;
  if (isEnding(turn, id)) return settleNode(turn, { t: "NodeCancelled", run: id, why: "scopeEnding" });
  openBody(turn, id, 0);
}

export function openBody(turn: Turn, id: string, iteration: number): void {
  const node = nodeAt(turn.program, id);
  const frame = node.sections.body as string;
  openScope(turn, id, { label: iteration, frame, iteration });
  closeEmpty(turn, id, iteration);
}

/** A body without nodes is complete at once. */
export function closeEmpty(turn: Turn, id: string, label: string | number): void {
  const path = childScope(id, label);
  const scope = turn.state.scopes[path];
  if (!scope || turn.program.frames.get(scope.frame)?.nodes.length !== 0) return;
  turn.emit({ t: "ScopeClosed", scope: path, outcome: "completed" });
  scopeClosed(turn, id);
}

/** What the outcome of a body means for the block's own run, and for the scope around it. */
export function settleBlock(
  turn: Turn,
  id: string,
  outcome: ScopeOutcome,
  failure: Failure | undefined,
): void {
  if (outcome === "completed") return settleNode(turn, { t: "NodeFinished", run: id, from: "block" });
  if (outcome === "failed") return failNode(turn, id, failure as Failure);
  if (outcome === "cancelled") return settleNode(turn, { t: "NodeCancelled", run: id, why: outcome });
  endWith(turn, { t: "NodeCancelled", run: id, why: outcome }, { kind: outcome });
}

function pumpTry(turn: Turn, id: string, block: BlockState & { kind: "try" }): void {
  if (hasOpenScope(turn, id)) return;
  const node = nodeAt(turn.program, id);
  if (block.outcome === undefined) {
    if (isEnding(turn, id)) return settleNode(turn, { t: "NodeCancelled", run: id, why: "scopeEnding" });
    openScope(turn, id, { label: "body", frame: node.sections.body as string });
    return closeEmpty(turn, id, "body");
  }
  if (block.phase === "body" && block.outcome === "failed" && node.sections.catch && !isEnding(turn, id)) {
    turn.emit({ t: "BlockPhase", run: id, phase: "catch" });
    return openScope(turn, id, {
      label: "catch",
      frame: node.sections.catch,
      items: [caught(turn, id, block.failure as Failure)],
    });
  }
  if (block.phase !== "finally" && node.sections.finally) {
    turn.emit({ t: "BlockPhase", run: id, phase: "finally" });
    return openScope(turn, id, {
      label: "finally",
      frame: node.sections.finally,
      items: [outcomeItem(block)],
    });
  }
  settleBlock(turn, id, block.outcome, block.failure);
}

function caught(turn: Turn, id: string, failure: Failure): Item {
  const scope = turn.state.scopes[scopeOf(id)] as ScopeState;
  const input = inputItems(turn.state, scope, nodeAt(turn.program, id)).map((item) => item.json);
  return { json: { error: errorJson(failure), input: input.length === 1 ? (input[0] as Json) : input } };
}

function outcomeItem(block: BlockState & { kind: "try" }): Item {
  return {
    json: { outcome: block.outcome as string, ...(block.failure ? { error: errorJson(block.failure) } : {}) },
  };
}
