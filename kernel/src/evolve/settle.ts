// A node run comes to its end: its ports are written once, and outputs that nobody can read any more are let go.
import { withChanges } from "../changes.ts";
import type { Fact } from "../facts.ts";
import type { Item, Lineage, Outputs, PortOutput } from "../item.ts";
import type { JsonObject } from "../json.ts";
import { nodeOf, scopeOf } from "../paths.ts";
import type { Program, ProgramNode } from "../program.ts";
import type { ExecutionState, ItemProgress, NodeRun, PortState, SagaEntry, ScopeState } from "../state.ts";
import { inputItems, nodeAt } from "../wires.ts";
import { dropCommandsOf } from "./activities.ts";
import { blockOutputs } from "./blocks.ts";

export function finished(program: Program, state: ExecutionState, fact: Fact & { t: "NodeFinished" }): void {
  const scope = state.scopes[scopeOf(fact.run)] as ScopeState;
  const node = nodeAt(program, fact.run);
  const run = scope.runs[node.id];
  const ports = portsOf(state, scope, node, run, fact);
  settle(program, state, fact.run, { status: "done", ports });
}

export function failed(program: Program, state: ExecutionState, fact: Fact & { t: "NodeFailed" }): void {
  settle(program, state, fact.run, { status: "failed", failure: fact.failure });
}

export function dead(program: Program, state: ExecutionState, fact: Fact & { t: "NodeDead" }): void {
  settle(program, state, fact.run, { status: "dead", why: fact.why });
}

export function cancelled(
  program: Program,
  state: ExecutionState,
  fact: Fact & { t: "NodeCancelled" },
): void {
  settle(program, state, fact.run, { status: "cancelled" });
}

function settle(program: Program, state: ExecutionState, runId: string, next: NodeRun): void {
  const path = scopeOf(runId);
  const scope = state.scopes[path] as ScopeState;
  const node = nodeAt(program, runId);
  const previous = scope.runs[node.id];
  if (previous) {
    dropCommandsOf(state, runId);
    for (const key of Object.keys(state.parked))
      if (state.parked[key]?.run === runId) delete state.parked[key];
  }
  if (state.compensations[runId] !== undefined) settleCompensation(state, runId, previous, next);
  scope.runs[node.id] = next;
  scope.settled++;
  if (!program.keepAll) for (const wire of node.wires) letGo(program, scope, wire.from);
}

/** Drops the items of a node once all who could read them have settled. */
function letGo(program: Program, scope: ScopeState, id: string): void {
  if (program.referenced.has(id)) return;
  const source = program.nodes.get(id) as ProgramNode;
  const run = scope.runs[id];
  if (!run?.ports) return;
  for (const target of source.targets) {
    const status = scope.runs[target]?.status;
    if (status === undefined || status === "running") return;
  }
  const block = source.def.parent === undefined ? undefined : program.nodes.get(source.def.parent);
  if (block?.resultNode === id) return;
  for (const name in run.ports) {
    const { count, lineage } = run.ports[name] as PortState;
    // A new one: deleting a field would make the object slow.
    run.ports[name] =
      program.followsLineage && lineage !== undefined
        ? { count, items: null, lineage }
        : { count, items: null };
  }
}

function portsOf(
  state: ExecutionState,
  scope: ScopeState,
  node: ProgramNode,
  run: NodeRun | undefined,
  fact: Fact & { t: "NodeFinished" },
): Record<string, PortState> {
  if (fact.from === "items") return itemOutputs(run?.items as ItemProgress);
  if (fact.from === "block") return blockOutputs(state, scope, node, run as NodeRun);
  if (fact.from === "input") {
    const items = inputItems(state, scope, node);
    return items.length === 0
      ? {}
      : { [fact.port ?? "main"]: { count: items.length, items, lineage: "same" } };
  }
  const ports: Record<string, PortState> = {};
  if (fact.picks) {
    const input = inputItems(state, scope, node);
    for (const [port, picks] of Object.entries(fact.picks))
      ports[port] = {
        count: picks.length,
        items: picks.map((index) => input[index] as Item),
        lineage: picks,
      };
  }
  if (fact.changes) {
    const input = inputItems(state, scope, node);
    for (const port in fact.changes)
      addPort(ports, port, withChanges(input, fact.changes[port] as JsonObject[]), "same");
  }
  for (const port in fact.outputs) {
    const { items, lineage } = fact.outputs[port] as PortOutput;
    addPort(ports, port, items, lineage);
  }
  return ports;
}

function addPort(
  ports: Record<string, PortState>,
  port: string,
  items: readonly Item[],
  lineage: Lineage | undefined,
): void {
  if (items.length === 0) return;
  ports[port] =
    lineage === undefined ? { count: items.length, items } : { count: items.length, items, lineage };
}

/** Results of items, put together in item order whatever order they arrived in. */
function itemOutputs(progress: ItemProgress): Record<string, PortState> {
  const gathered: Record<string, { items: Item[]; lineage: number[] }> = {};
  progress.results.forEach((outputs: Outputs | null, index) => {
    for (const [port, output] of Object.entries(outputs ?? {})) {
      let at = gathered[port];
      if (!at) {
        at = { items: [], lineage: [] };
        gathered[port] = at;
      }
      for (const item of output.items) {
        at.items.push(item);
        at.lineage.push(index);
      }
    }
  });
  const ports: Record<string, PortState> = {};
  for (const [port, { items, lineage }] of Object.entries(gathered)) {
    const same = items.length === progress.total && lineage.every((from, index) => from === index);
    addPort(ports, port, items, same ? "same" : lineage);
  }
  return ports;
}

/** What a compensation may later need to know of the run that it undoes. */
function settleCompensation(
  state: ExecutionState,
  runId: string,
  previous: NodeRun | undefined,
  next: NodeRun,
): void {
  const saga = state.compensations[runId] as string;
  delete state.compensations[runId];
  const block = state.scopes[scopeOf(saga)]?.runs[nodeOf(saga)]?.block;
  if (block?.kind !== "saga") return;
  const entry = block.entries.find((candidate) => candidate.run === runId);
  if (!entry) return;
  entry.state = "settled";
  if (previous?.items) perItem(entry, previous.items);
  else if (next.status === "done")
    entry.results = isErrorOnly(next.ports ?? {})
      ? [null]
      : [Object.values(next.ports ?? {}).flatMap((port) => [...(port.items ?? [])])];
  else if (next.status === "failed" && next.failure?.certainty === "unknown") entry.unknown = [0];
  if (entry.results.every((result) => result === null) && entry.unknown.length === 0)
    block.entries.splice(block.entries.indexOf(entry), 1);
}

function perItem(entry: SagaEntry, progress: ItemProgress): void {
  entry.results = progress.results.map((outputs) => {
    if (!outputs || isErrorOnly(outputs)) return null;
    return Object.values(outputs).flatMap((output) => output.items);
  });
  entry.unknown = progress.unknown ?? [];
}

/** It failed, and its failure became output: there is nothing to undo. */
function isErrorOnly(ports: Record<string, unknown>): boolean {
  const names = Object.keys(ports);
  return names.length === 1 && names[0] === "error";
}
