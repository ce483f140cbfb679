// Activities and sub-workflows: issuing, outcomes, retries, and what a failure becomes.
//
// The order of error handling: retries -> the node's own mode (fallback, error port, park; per item) -> its scope.
// A `once` activity is tried again only when it certainly did not happen.

import { changesOf } from "../changes.ts";
import { runActivity, startChild } from "../commandsOf.ts";
import type { ErrorHandling, RetryPolicy } from "../definition.ts";
import type { Event } from "../events.ts";
import { errorItem } from "../evolve/blocks.ts";
import type { Failure } from "../failure.ts";
import type { Item, Outputs, PortOutput } from "../item.ts";
import type { JsonObject } from "../json.ts";
import { commandId, nodeOf, scopeOf } from "../paths.ts";
import { BOUNDS, type ProgramNode } from "../program.ts";
import { Scope } from "../scope.ts";
import type { ItemProgress, NodeRun, OpenCommand, ScopeState } from "../state.ts";
import { inputItems, nodeAt, runAt } from "../wires.ts";
import { endWith } from "./ending.ts";
import { toFailure } from "./pure.ts";
import { retryAt } from "./retry.ts";
import { settleNode } from "./settle.ts";
import { backlogOf, type ItemBatch, type Turn } from "./turn.ts";

export function startActivity(turn: Turn, id: string, node: ProgramNode, count: number): void {
  if (isPerItem(node) && count === 0) return settleNode(turn, { t: "NodeFinished", run: id, outputs: {} });
  // One item needs no bookkeeping of items: three facts less per step of the most common kind of workflow.
  if (!isPerItem(node) || count === 1) return issue(turn, id, undefined, 1);
  turn.emit({ t: "ItemsStarted", run: id, total: count });
  pumpItems(turn, id);
}

function isPerItem(node: ProgramNode): boolean {
  if (node.type.structure === "subworkflow") return node.def.config?.mode === "each";
  return node.type.per === "item";
}

/** Issues items up to the node's own limit and that of the execution. */
export function pumpItems(turn: Turn, id: string): void {
  const node = nodeAt(turn.program, id);
  const limit = concurrencyOf(node);
  for (;;) {
    const progress = runAt(turn.state, id)?.items;
    const scope = turn.state.scopes[scopeOf(id)];
    if (!progress || !scope || scope.ending || progress.failure || turn.state.paused) return;
    if (isStopping(turn, id)) return;
    if (progress.next >= progress.total || progress.open >= limit) return;
    if (turn.items.get(id)?.failures.length) return;
    if (turn.isFull || turn.work >= BOUNDS.workPerTurn) {
      if (turn.isFull) backlogOf(turn.state).deferred.add(id);
      else turn.queue.push(id);
      return;
    }
    turn.work++;
    issue(turn, id, progress.next, 1);
    if (turn.items.has(id)) recordRun(turn, id);
  }
}

function concurrencyOf(node: ProgramNode): number {
  const own = node.def.config?.concurrency;
  return typeof own === "number" && own >= 1
    ? Math.floor(own)
    : (node.type.concurrency ?? BOUNDS.itemConcurrency);
}

/** Opens the command of a list node or of one item. Parameters that cannot be computed fail it before it starts. */
export function issue(turn: Turn, id: string, item: number | undefined, attempt: number): void {
  const node = nodeAt(turn.program, id);
  const command = commandId(id, item);
  let config: JsonObject;
  try {
    config = node.config.resolve(new Scope(turn.program, turn.state, id, item ?? 0, turn.nowMs));
  } catch (error) {
    return applyFailure(turn, id, item, attempt, { ...toFailure(error), certainty: "notDone" }, undefined);
  }
  const at = item === undefined ? {} : { item };
  if (node.type.structure === "subworkflow") {
    turn.emit({
      t: "ChildScheduled",
      command,
      run: id,
      ...at,
      attempt,
      workflow: String(config.workflow ?? ""),
    });
    turn.commands.push(
      startChild(turn.program, turn.state, command, turn.state.commands[command] as OpenCommand),
    );
    return;
  }
  const effect = node.type.effectOf?.(config) ?? node.type.effect;
  const recorded = effect === "idempotent" || effect === "once" ? { params: config } : {};
  turn.emit({ t: "ActivityScheduled", command, run: id, ...at, attempt, effect, ...recorded });
  turn.commands.push(
    runActivity(turn.program, turn.state, command, turn.state.commands[command] as OpenCommand, config),
  );
}

/** A retry or a confirmation whose time has come: sends what was recorded. */
export function reissue(turn: Turn, id: string): void {
  const command = turn.state.commands[id] as OpenCommand;
  const at = command.item === undefined ? {} : { item: command.item };
  if (command.workflow !== undefined) {
    turn.emit({
      t: "ChildScheduled",
      command: id,
      run: command.run,
      ...at,
      attempt: command.attempt,
      workflow: command.workflow,
    });
    turn.commands.push(startChild(turn.program, turn.state, id, turn.state.commands[id] as OpenCommand));
    return;
  }
  const confirm = command.kind === "confirm" ? { confirm: true as const } : {};
  turn.emit({
    t: "ActivityScheduled",
    command: id,
    run: command.run,
    ...at,
    attempt: command.attempt,
    effect: command.effect,
    ...confirm,
  });
  turn.commands.push(runActivity(turn.program, turn.state, id, turn.state.commands[id] as OpenCommand));
}

/** A step of a long activity. One that is not the next in line was recorded already, or comes from a ghost. */
export function activityProgressed(
  turn: Turn,
  event: Event & { type: "ActivityProgressed" },
  index: number,
): void {
  const command = current(turn, event);
  if (command?.kind === "activity" && (command.steps?.length ?? 0) === event.step)
    return turn.emit({ t: "ActivityProgressed", command: event.command, entry: event.entry });
  turn.refused.push({ index, code: "CLOSED" });
}

export function activitySucceeded(turn: Turn, event: Event & { type: "ActivitySucceeded" }): void {
  const command = current(turn, event);
  if (command) succeed(turn, command, event.outputs);
}

export function activityFailed(turn: Turn, event: Event & { type: "ActivityFailed" }): void {
  const command = current(turn, event);
  if (command) applyFailure(turn, command.run, command.item, command.attempt, event.failure, command);
}

export function activityConfirmed(turn: Turn, event: Event & { type: "ActivityConfirmed" }): void {
  const command = current(turn, event);
  if (command?.kind !== "confirm") return;
  if (event.outcome === "done") return succeed(turn, command, event.outputs ?? {});
  const failure = command.failure as Failure;
  const known: Failure =
    event.outcome === "notDone"
      ? { ...failure, certainty: "notDone", retryable: true }
      : { ...failure, certainty: "unknown" };
  applyFailure(turn, command.run, command.item, command.attempt, known, command, true);
}

export function childFinished(turn: Turn, event: Event & { type: "ChildFinished" }): void {
  const command = current(turn, event);
  if (command?.kind !== "child") return;
  if (event.failure) applyFailure(turn, command.run, command.item, command.attempt, event.failure, command);
  else succeed(turn, command, { main: { items: event.items ?? [] } });
}

/** The open command that an outcome belongs to; undefined when it is late, repeated or unknown. */
function current(turn: Turn, event: { command: string; attempt: number }): OpenCommand | undefined {
  const command = turn.state.commands[event.command];
  if (!command || command.attempt !== event.attempt || command.status === "retrying") return undefined;
  if (command.item !== undefined && turn.items.get(command.run)?.seen.has(command.item)) return undefined;
  return command;
}

function succeed(turn: Turn, command: OpenCommand, outputs: Outputs): void {
  if (command.item !== undefined)
    return settleItem(turn, command.run, command.item, command.attempt, outputs);
  finishList(turn, command.run, outputs, command.attempt);
}

function finishList(turn: Turn, id: string, outputs: Outputs, attempt: number, handled?: Failure): void {
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

function settleItem(
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

function batchOf(turn: Turn, id: string): ItemBatch {
  let batch = turn.items.get(id);
  if (!batch) {
    batch = { results: [], failures: [], handled: [], seen: new Set() };
    turn.items.set(id, batch);
  }
  return batch;
}

/** Records the item results gathered in this turn, run by run, and goes on with each run. */
export function recordItems(turn: Turn): void {
  for (const id of [...turn.items.keys()]) recordRun(turn, id);
}

function recordRun(turn: Turn, id: string): void {
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

function isStopping(turn: Turn, id: string): boolean {
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

/** What a failure becomes: another attempt, a question to the outside world, an output, a parked run, or a failed node. */
export function applyFailure(
  turn: Turn,
  id: string,
  item: number | undefined,
  attempt: number,
  failure: Failure,
  command: OpenCommand | undefined,
  confirmed = false,
): void {
  const node = nodeAt(turn.program, id);
  const scope = turn.state.scopes[scopeOf(id)] as ScopeState;
  const located: Failure = { ...failure, run: id, ...(item === undefined ? {} : { item }) };
  if (command?.effect === "once") located.certainty ??= "unknown";
  const isUnknown = command?.effect === "once" && located.certainty === "unknown";
  if (isUnknown && canConfirm(node) && !confirmed) {
    const at = Math.max(turn.nowMs, (command.deadline ?? turn.nowMs) + CONFIRM_SKEW_MS);
    return turn.emit({ t: "ConfirmScheduled", command: commandId(id, item), at, failure: located });
  }
  const isOver = scope.ending !== undefined || isStopping(turn, id);
  if (located.needsDecision && !isOver) return park(turn, id, item, attempt, located);
  if (!isOver && !isUnknown && command) {
    const at = retryAt(turn, policyOf(node), command, attempt, located);
    if (at !== null)
      return turn.emit({
        t: "RetryScheduled",
        command: commandId(id, item),
        attempt: attempt + 1,
        at,
        failure: located,
      });
  }
  if (isUnknown && !isOver && unknownMode(node, located) === "park")
    return park(turn, id, item, attempt, located);
  byMode(turn, id, item, attempt, located, isOver);
}

function canConfirm({ type, def }: ProgramNode): boolean {
  return typeof type.confirms === "function" ? type.confirms(def.config ?? {}) : type.confirms === true;
}

/** How long after its deadline an activity may still be on the wire. */
const CONFIRM_SKEW_MS = 1_000;

function unknownMode(node: ProgramNode, failure: Failure): "park" | "fail" {
  return node.def.errorHandling?.onUnknown ?? (failure.lost ? "park" : "fail");
}

const RETRY_DEFAULT: RetryPolicy = {
  attempts: 3,
  backoff: "exponential",
  delayMs: 1_000,
  factor: 2,
  delayMsMax: 30_000,
  jitter: 0.2,
};
const RETRY_NEVER: RetryPolicy = { attempts: 1 };

function policyOf(node: ProgramNode): RetryPolicy {
  return (
    node.def.errorHandling?.retry ?? (node.type.structure === "subworkflow" ? RETRY_NEVER : RETRY_DEFAULT)
  );
}

function byMode(
  turn: Turn,
  id: string,
  item: number | undefined,
  attempt: number,
  failure: Failure,
  ending: boolean,
): void {
  const node = nodeAt(turn.program, id);
  const handling: ErrorHandling = node.def.errorHandling ?? {};
  const mode = handling.onError ?? "fail";
  if (mode === "park" && !ending) return park(turn, id, item, attempt, failure);
  if (mode === "fallback" || mode === "errorPort") {
    const scope = turn.state.scopes[scopeOf(id)] as ScopeState;
    const input = inputItems(turn.state, scope, node);
    const outputs: Outputs =
      mode === "fallback"
        ? { [node.ports[0] ?? "main"]: { items: [{ json: handling.fallback ?? null }] } }
        : {
            error: {
              items:
                item === undefined
                  ? input.map((each) => errorItem(each, failure))
                  : [errorItem(input[item] as Item, failure)],
            },
          };
    return item === undefined
      ? finishList(turn, id, outputs, attempt, failure)
      : settleItem(turn, id, item, attempt, outputs, failure);
  }
  if (item === undefined) return settleFailed(turn, id, failure, attempt);
  const batch = batchOf(turn, id);
  batch.seen.add(item);
  batch.failures.push([item, failure, attempt]);
}

/** A failure of a node as a whole (pure nodes, structural nodes, blocks): its own mode, then its scope. */
export function failNode(turn: Turn, id: string, failure: Failure): void {
  applyFailure(turn, id, undefined, 1, failure, undefined);
}

function settleFailed(turn: Turn, id: string, failure: Failure, attempt?: number): void {
  endWith(
    turn,
    { t: "NodeFailed", run: id, failure, ...(attempt === undefined ? {} : { attempt }) },
    { kind: "failed", failure },
  );
}

function park(turn: Turn, id: string, item: number | undefined, attempt: number, failure: Failure): void {
  turn.emit({ t: "NodeParked", run: id, ...(item === undefined ? {} : { item }), failure, attempt });
}

/** A person decides about a parked run. Compensations are resolved by their saga. */
export function parkResolved(turn: Turn, event: Event & { type: "ParkResolved" }): void {
  const { type: _, ...about } = event;
  const key = commandId(event.run, event.item);
  const parked = turn.state.parked[key];
  if (!parked) return;
  const node = nodeAt(turn.program, event.run);
  const isCompensation = node.type.structure === "saga" && event.item !== undefined;
  if (event.action === "retry" && turn.state.paused && !isCompensation)
    return turn.emit({ t: "ParkResolved", ...about, deferred: true });
  turn.emit({ t: "ParkResolved", ...about });
  if (isCompensation) {
    turn.queue.push(event.run);
    return;
  }
  if (event.action === "retry") return retryParked(turn, event.run, event.item, parked.attempt + 1);
  if (event.action === "fail") {
    if (event.item === undefined) return settleFailed(turn, event.run, parked.failure);
    batchOf(turn, event.run).failures.push([event.item, parked.failure, parked.attempt]);
    return;
  }
  const outputs: Outputs =
    event.action === "output"
      ? { [node.ports[0] ?? "main"]: { items: [{ json: event.output ?? null }] } }
      : {};
  if (event.item === undefined) finishList(turn, event.run, outputs, parked.attempt);
  else settleItem(turn, event.run, event.item, parked.attempt, outputs);
}

/** The execution goes on: what was decided while it was paused. */
export function retryDeferred(turn: Turn): void {
  for (const { run, item, attempt, retry } of Object.values(turn.state.parked))
    if (retry) retryParked(turn, run, item, attempt + 1);
}

function retryParked(turn: Turn, id: string, item: number | undefined, attempt: number): void {
  const node = nodeAt(turn.program, id);
  if (node.type.evaluate || (node.type.structure !== undefined && node.type.structure !== "subworkflow")) {
    return settleFailed(turn, id, {
      code: "CANNOT_RETRY",
      class: "data",
      message: `"${nodeOf(id)}" cannot be retried by itself.`,
      remedy: "Re-run the execution from this node.",
    });
  }
  issue(turn, id, item, attempt);
}
