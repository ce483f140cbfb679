// Saga: what a node began is registered when it starts, and undone in reverse order when the body fails.
//
//   body           completed            -> done (entries go to the saga around it)
//   body           failed, cancelled    -> compensating
//   compensating   one entry after the other, newest first; one that fails is parked, the others go on (`evolve` records it)
//   compensating   nothing left         -> the body's own outcome
import type { Item } from "../item.ts";
import type { Json } from "../json.ts";
import { nodeOf, scopeOf } from "../paths.ts";
import type { ProgramNode } from "../program.ts";
import type { BlockState, SagaEntry } from "../state.ts";
import { hasOpenScope, isEnding, openBody, openScope, settleBlock } from "./block.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";

type Saga = BlockState & { kind: "saga" };

/** Before the first effect of a node that can be undone. */
export function registerCompensation(turn: Turn, id: string, node: ProgramNode): void {
  const undo = node.def.compensate;
  if (undo === undefined || turn.state.compensations[id] !== undefined) return;
  const owner = turn.program.nodes.get(undo)?.def.parent;
  for (
    let scope = turn.state.scopes[scopeOf(id)];
    scope && scope.block !== null;
    scope = turn.state.scopes[scopeOf(scope.block)]
  ) {
    if (nodeOf(scope.block) !== owner) continue;
    turn.emit({ t: "CompensationRegistered", saga: scope.block, run: id });
    return;
  }
}

export function pumpSaga(turn: Turn, id: string, block: Saga): void {
  if (hasOpenScope(turn, id)) return;
  if (block.outcome === undefined) {
    if (isEnding(turn, id)) return settleNode(turn, { t: "NodeCancelled", run: id, why: "scopeEnding" });
    return openBody(turn, id, 0);
  }
  if (block.outcome !== "failed" && block.outcome !== "cancelled")
    return settleBlock(turn, id, block.outcome, block.failure);
  if (block.phase === "body") turn.emit({ t: "BlockPhase", run: id, phase: "compensating" });
  compensate(turn, id, block);
}

function compensate(turn: Turn, id: string, block: Saga): void {
  for (let at = block.entries.length - 1; at >= 0; at--) {
    const entry = block.entries[at] as SagaEntry;
    if (entry.state === "undone") continue;
    if (entry.state === "parked") continue;
    return undo(turn, id, entry, at);
  }
  if (block.entries.some((entry) => entry.state === "parked")) return;
  settleBlock(turn, id, block.outcome as "failed" | "cancelled", block.failure);
}

function undo(turn: Turn, id: string, entry: SagaEntry, at: number): void {
  const owner = turn.program.nodes.get(entry.node)?.def.parent;
  const frame = `${owner}:compensation:${entry.node}`;
  openScope(turn, id, { label: `undo${at}`, frame, items: undoItems(entry), entry: at });
}

/** One item per thing that was or may have been done: `{input, output, outcome}`. */
function undoItems(entry: SagaEntry): Item[] {
  const items: Item[] = [];
  const perItem = entry.results.length > 1 || entry.input.length === 1;
  entry.results.forEach((result, index) => {
    const input: Json = perItem ? (entry.input[index]?.json ?? null) : entry.input.map((item) => item.json);
    if (result) items.push({ json: { input, output: outputJson(result), outcome: "done" } });
  });
  for (const index of entry.unknown)
    items.push({ json: { input: entry.input[index]?.json ?? null, output: null, outcome: "unknown" } });
  return items;
}

function outputJson(result: readonly Item[]): Json {
  return result.length === 1 ? (result[0] as Item).json : result.map((item) => item.json);
}
