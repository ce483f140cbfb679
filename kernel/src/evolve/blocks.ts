// Blocks and the scopes they open. Results stay references into what the scopes produced; a closed scope is gone.
import type { Fact } from "../facts.ts";
import type { Failure } from "../failure.ts";
import type { Item } from "../item.ts";
import type { Json } from "../json.ts";
import { nodeOf, scopeOf } from "../paths.ts";
import type { Frame, Program, ProgramNode } from "../program.ts";
import type { BlockState, ExecutionState, NodeRun, PortState, ScopeState } from "../state.ts";
import { inputItems, nodeAt, outputItems } from "../wires.ts";
import { runOf } from "./activities.ts";

const NOTHING: readonly Item[] = [];

export function blockStarted(
  program: Program,
  state: ExecutionState,
  fact: Fact & { t: "BlockStarted" },
): void {
  const node = nodeAt(program, fact.run);
  const run = runOf(state, fact.run);
  run.block = newBlock(state, state.scopes[scopeOf(fact.run)] as ScopeState, node, fact);
}

function newBlock(
  state: ExecutionState,
  scope: ScopeState,
  node: ProgramNode,
  fact: Fact & { t: "BlockStarted" },
): BlockState {
  switch (node.type.structure) {
    case "foreach":
      return {
        kind: "foreach",
        ...(fact.items ? { items: fact.items } : {}),
        ...(fact.origins ? { origins: fact.origins } : {}),
        total: fact.total ?? 0,
        next: 0,
        open: 0,
        results: [],
        failed: [],
      };
    case "while":
      return { kind: "while", iteration: 0, items: inputItems(state, scope, node), open: false };
    case "try":
      return { kind: "try", phase: "body" };
    case "saga":
      return { kind: "saga", phase: "body", entries: [] };
    default:
      return { kind: "parallel" };
  }
}

export function phase(state: ExecutionState, fact: Fact & { t: "BlockPhase" }): void {
  const block = runOf(state, fact.run).block;
  if (block?.kind === "try" && fact.phase !== "compensating") block.phase = fact.phase;
  if (block?.kind === "saga") block.phase = "compensating";
}

export function opened(program: Program, state: ExecutionState, fact: Fact & { t: "ScopeOpened" }): void {
  const node = nodeAt(program, fact.block);
  const run = runOf(state, fact.block);
  const outer = state.scopes[scopeOf(fact.block)] as ScopeState;
  const block = run.block as BlockState;
  const [from, to] = fact.range ?? [0, 0];
  let items: readonly Item[] =
    fact.items ?? (block.kind === "while" ? block.items : inputItems(state, outer, node));
  if (fact.range)
    items = (block.kind === "foreach" && block.items ? block.items : inputItems(state, outer, node)).slice(
      from,
      to,
    );
  const scope: ScopeState = {
    frame: fact.frame,
    block: fact.block,
    iteration: fact.iteration,
    items,
    offset: from,
    runs: {},
    settled: 0,
  };
  if (fact.entry !== undefined) scope.entry = fact.entry;
  if (block.kind === "foreach") {
    block.open++;
    block.next = fact.iteration + 1;
    if (block.origins) scope.origins = block.origins.slice(from, to);
  }
  if (block.kind === "while") block.open = true;
  if (block.kind === "saga" && fact.entry !== undefined) {
    const entry = block.entries[fact.entry];
    if (entry) entry.state = "undoing";
  }
  state.scopes[fact.scope] = scope;
}

export function ending(state: ExecutionState, fact: Fact & { t: "ScopeEnding" }): void {
  const scope = state.scopes[fact.scope];
  if (scope) scope.ending = fact.ending;
}

export function closed(program: Program, state: ExecutionState, fact: Fact & { t: "ScopeClosed" }): void {
  const scope = state.scopes[fact.scope] as ScopeState;
  delete state.scopes[fact.scope];
  const run = runOf(state, scope.block as string);
  const block = run.block as BlockState;
  const result =
    fact.outcome === "completed" ? scopeResult(program, scope, nodeAt(program, scope.block as string)) : null;
  switch (block.kind) {
    case "foreach":
      return iterationClosed(block, scope, fact, result);
    case "while":
      block.open = false;
      block.iteration++;
      return settleOutcome(block, fact, result);
    case "parallel":
      return settleOutcome(block, fact, result);
    case "try":
      return tryClosed(block, scope, fact, result);
    case "saga":
      return sagaClosed(program, state, block, scope, fact, result);
  }
}

type Closed = Fact & { t: "ScopeClosed" };

function settleOutcome(
  block: { outcome?: Closed["outcome"]; failure?: Failure; items?: readonly Item[] },
  fact: Closed,
  result: readonly Item[] | null,
): void {
  block.outcome = fact.outcome;
  if (fact.failure) block.failure = fact.failure;
  if (result) block.items = result;
}

function iterationClosed(
  block: BlockState & { kind: "foreach" },
  scope: ScopeState,
  fact: Closed,
  result: readonly Item[] | null,
): void {
  block.open--;
  while (block.results.length <= scope.iteration) block.results.push(null);
  block.results[scope.iteration] = result;
  if (fact.outcome === "failed") block.failed.push([scope.iteration, fact.failure as Failure]);
  if (fact.outcome === "break") block.stop ??= { kind: "break" };
  if (fact.outcome === "cancelled") block.stop ??= { kind: "cancelled" };
}

/** Finally keeps the outcome it found, unless it fails itself. */
function tryClosed(
  block: BlockState & { kind: "try" },
  scope: ScopeState,
  fact: Closed,
  result: readonly Item[] | null,
): void {
  if (scope.frame.endsWith(":finally") && fact.outcome === "completed") return;
  delete block.failure;
  settleOutcome(block, fact, result);
}

function sagaClosed(
  program: Program,
  state: ExecutionState,
  block: BlockState & { kind: "saga" },
  scope: ScopeState,
  fact: Closed,
  result: readonly Item[] | null,
): void {
  if (scope.entry !== undefined) {
    return compensationClosed(state, block, scope.entry, scope.block as string, fact);
  }
  settleOutcome(block, fact, result);
  if (fact.outcome === "completed") hoist(program, state, scope.block as string, block);
}

/** A saga that went well hands what could still be undone to the saga around it. */
function hoist(
  program: Program,
  state: ExecutionState,
  run: string,
  block: BlockState & { kind: "saga" },
): void {
  const outer = outerSaga(program, state, run);
  if (!outer) return;
  for (const entry of block.entries) {
    outer.block.entries.push(entry);
    if (state.compensations[entry.run] !== undefined) state.compensations[entry.run] = outer.run;
  }
  block.entries = [];
}

function outerSaga(
  program: Program,
  state: ExecutionState,
  run: string,
): { run: string; block: BlockState & { kind: "saga" } } | undefined {
  for (let at = state.scopes[scopeOf(run)]; at && at.block !== null; at = state.scopes[scopeOf(at.block)]) {
    if (nodeAt(program, at.block).type.structure !== "saga") continue;
    const block = runOf(state, at.block).block;
    if (block?.kind === "saga" && at.entry === undefined) return { run: at.block, block };
  }
  return undefined;
}

export function registered(
  program: Program,
  state: ExecutionState,
  fact: Fact & { t: "CompensationRegistered" },
): void {
  const block = runOf(state, fact.saga).block;
  if (block?.kind !== "saga") return;
  const scope = state.scopes[scopeOf(fact.run)] as ScopeState;
  const node = nodeAt(program, fact.run);
  block.entries.push({
    run: fact.run,
    node: node.def.compensate as string,
    input: inputItems(state, scope, node),
    results: [],
    unknown: [],
    state: "pending",
  });
  state.compensations[fact.run] = fact.saga;
}

/** A compensation that failed for good waits for a person; the others go on. */
function compensationClosed(
  state: ExecutionState,
  block: BlockState & { kind: "saga" },
  index: number,
  saga: string,
  fact: Closed,
): void {
  const entry = block.entries[index];
  if (!entry) return;
  entry.state = fact.outcome === "completed" ? "undone" : "parked";
  if (entry.state === "undone") return;
  const failure: Failure = fact.failure ?? {
    code: "COMPENSATION_FAILED",
    class: "unknown",
    message: "The compensation did not complete.",
  };
  state.parked[`${saga}:${index}`] = { run: saga, item: index, at: state.nowMs, attempt: 0, failure };
}

/** The result of a body: its declared result node, else its end nodes in definition order. */
export function scopeResult(
  program: Program,
  scope: ScopeState,
  block: ProgramNode | undefined,
): readonly Item[] {
  const frame = program.frames.get(scope.frame) as Frame;
  if (block?.resultNode && frame.section === "body") return outputItems(scope.runs[block.resultNode]);
  const lists = frame.sinks.map((id) => outputItems(scope.runs[id])).filter((items) => items.length > 0);
  return lists.length <= 1 ? (lists[0] ?? NOTHING) : lists.flat();
}

/** Ports of a block that has come to its end; `done` is taken even with nothing in it. */
export function blockOutputs(
  state: ExecutionState,
  scope: ScopeState,
  node: ProgramNode,
  run: NodeRun,
): Record<string, PortState> {
  const block = run.block as BlockState;
  if (block.kind !== "foreach") {
    const items = block.items ?? NOTHING;
    return { done: { count: items.length, items } };
  }
  const batch = batchSize(node);
  const done: { items: Item[]; lineage: (number | number[])[] } = { items: [], lineage: [] };
  block.results.forEach((result, iteration) => {
    for (const item of result ?? NOTHING) {
      done.items.push(item);
      done.lineage.push(inputIndexes(block, iteration, batch));
    }
  });
  const ports: Record<string, PortState> = {
    done: { count: done.items.length, items: done.items, lineage: done.lineage },
  };
  const errors =
    node.def.config?.onError === "collect"
      ? failedItems(block, block.items ?? inputItems(state, scope, node), batch)
      : [];
  if (errors.length > 0) ports.error = { count: errors.length, items: errors };
  return ports;
}

function inputIndexes(
  block: BlockState & { kind: "foreach" },
  iteration: number,
  batch: number,
): number | number[] {
  if (batch === 1) return block.origins?.[iteration] ?? iteration;
  const indexes = Array.from({ length: batch }, (_, at) => iteration * batch + at);
  return block.origins ? indexes.flatMap((at) => block.origins?.[at] ?? []) : indexes;
}

function failedItems(block: BlockState & { kind: "foreach" }, items: readonly Item[], batch: number): Item[] {
  const failed = [...block.failed].sort((a, b) => a[0] - b[0]);
  return failed.flatMap(([iteration, failure]) =>
    items.slice(iteration * batch, (iteration + 1) * batch).map((item) => errorItem(item, failure)),
  );
}

/** How a failed item looks to the nodes that handle it. */
export function errorItem(item: Item | undefined, failure: Failure): Item {
  return {
    ...(item?.files ? { files: item.files } : {}),
    json: { item: item?.json ?? null, error: errorJson(failure) },
  };
}

export function errorJson(failure: Failure): { [key: string]: Json } {
  const { code, message, remedy, run, item, detail } = failure;
  return {
    code,
    class: failure.class,
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(run === undefined ? {} : { node: nodeOf(run) }),
    ...(item === undefined ? {} : { item }),
    ...(detail === undefined ? {} : { detail }),
  };
}

export function batchSize(node: ProgramNode): number {
  const size = node.def.config?.batchSize;
  return typeof size === "number" && size >= 1 ? Math.floor(size) : 1;
}
