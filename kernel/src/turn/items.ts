// Results of activities: of a node that ran once, and of single items, which are gathered over a turn and recorded
// together; then what follows for the node as a whole.

import { changesOf } from "../changes.ts";
import type { Failure } from "../failure.ts";
import type { Outputs, PortOutput } from "../item.ts";
import type { JsonObject } from "../json.ts";
import { scopeOf } from "../paths.ts";
import type { ProgramNode } from "../program.ts";
import type { ItemProgress, NodeRun, ScopeState } from "../state.ts";
import { inputItems, nodeAt, runAt } from "../wires.ts";
import { endWith } from "./ending.ts";
import { settleNode } from "./settle.ts";
import type { ItemBatch, Turn } from "./turn.ts";

export function finishList(
  turn: Turn,
  id: string,
  outputs: Outputs,
  attempt: number,
  handled?: Failure,
): void {
  const node = nodeAt(turn.program, id);
  const empty = Object.values(outputs).every((output) => output.items.length === 0);
  const given =
    empty && node.def.alwaysOutput ? { [node.ports[0] ?? "main"]: { items: [{ json: {} }] } } : outputs;
  const recorded = changesOfOne(turn, id, node, given) ?? { outputs: given };
  settleNode(turn, { t: "NodeFinished", run: id, ...recorded, attempt, ...(handled ? { handled } : {}) });
}

/**
 * One item in, one out, with some more fields: those. Not with an early join, where more may have come in meanwhile;
 * not of a sub-workflow, whose result is its own.
 */
function changesOfOne(
  turn: Turn,
  id: string,
  node: ProgramNode,
  outputs: Outputs,
): { changes: Record<string, JsonObject[]> } | undefined {
  const isEarly = node.join !== "any" && node.join !== "all";
  if (isEarly || node.type.structure === "subworkflow") return undefined;
  const [port, another] = Object.keys(outputs);
  if (port === undefined || another !== undefined) return undefined;
  const output = outputs[port] as PortOutput;
  const scope = turn.state.scopes[scopeOf(id)];
  if (output.items.length !== 1 || output.lineage !== undefined || !scope) return undefined;
  const changes = changesOf(inputItems(turn.state, scope, node), output.items);
  return changes && { changes: { [port]: changes } };
}

export function settleItem(
  turn: Turn,
  id: string,
  item: number,
  attempt: number,
  outputs: Outputs,
  handled?: Failure,
): void {
  const batch = batchOf(turn, id);
  batch.seen.add(item);
  batch.results.push([item, outputs, attempt]);
  if (handled) batch.handled.push([item, handled, attempt]);
}

export function batchOf(turn: Turn, id: string): ItemBatch {
  let batch = turn.items.get(id);
  if (!batch) {
    batch = { results: [], failures: [], handled: [], seen: new Set() };
    turn.items.set(id, batch);
  }
  return batch;
}

/** Records the item results gathered in this turn, run by run, and goes on with each run. */
export function recordItems(turn: Turn): void {
  if (turn.items.size === 0) return;
  for (const id of [...turn.items.keys()]) recordRun(turn, id);
}

export function recordRun(turn: Turn, id: string): void {
  const batch = turn.items.get(id) as ItemBatch;
  turn.items.delete(id);
  if (runAt(turn.state, id)?.status !== "running") return;
  turn.emit({
    t: "ItemsSettled",
    run: id,
    results: batch.results,
    ...(batch.failures.length > 0 ? { failures: batch.failures } : {}),
    ...(batch.handled.length > 0 ? { handled: batch.handled } : {}),
  });
  afterItems(turn, id);
}

export function afterItems(turn: Turn, id: string): void {
  const run = runAt(turn.state, id);
  const progress = run?.items;
  if (!progress || run.status !== "running") return;
  const scope = turn.state.scopes[scopeOf(id)] as ScopeState;
  if (progress.settled === progress.total && !progress.failure) return finishItems(turn, id);
  if (progress.open > 0) {
    if (!progress.failure && !scope.ending) turn.queue.push(id);
    return;
  }
  if (run.stopping) return settleNode(turn, { t: "NodeCancelled", run: id, why: "joinSatisfied" });
  if (progress.failure) return settleFailed(turn, id, progress.failure);
  if (scope.ending) return settleNode(turn, { t: "NodeCancelled", run: id, why: scope.ending.kind });
  if (progress.next < progress.total || !hasParked(turn, id)) turn.queue.push(id);
}

export function isStopping(turn: Turn, id: string): boolean {
  return runAt(turn.state, id)?.stopping === true;
}

function hasParked(turn: Turn, id: string): boolean {
  for (const key in turn.state.parked) if (turn.state.parked[key]?.run === id) return true;
  return false;
}

function finishItems(turn: Turn, id: string): void {
  const node = nodeAt(turn.program, id);
  const progress = (runAt(turn.state, id) as NodeRun).items as ItemProgress;
  const empty = progress.results.every((outputs) =>
    Object.values(outputs ?? {}).every((output) => output.items.length === 0),
  );
  const outputs: Outputs = { [node.ports[0] ?? "main"]: { items: [{ json: {} }] } };
  settleNode(
    turn,
    empty && node.def.alwaysOutput
      ? { t: "NodeFinished", run: id, outputs }
      : { t: "NodeFinished", run: id, from: "items" },
  );
}

export function settleFailed(turn: Turn, id: string, failure: Failure, attempt?: number): void {
  endWith(
    turn,
    { t: "NodeFailed", run: id, failure, ...(attempt === undefined ? {} : { attempt }) },
    { kind: "failed", failure },
  );
}
