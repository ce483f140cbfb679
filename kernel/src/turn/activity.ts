// Activities and sub-workflows: issuing them, and taking in what became of them. What a failure becomes: failing.ts.

import { runActivity, startChild } from "../commandsOf.ts";
import type { Event } from "../events.ts";
import type { Failure } from "../failure.ts";
import type { Outputs } from "../item.ts";
import type { JsonObject } from "../json.ts";
import { commandId, scopeOf } from "../paths.ts";
import { BOUNDS, type ProgramNode } from "../program.ts";
import { Scope } from "../scope.ts";
import type { OpenCommand } from "../state.ts";
import { nodeAt, runAt } from "../wires.ts";
import { applyFailure } from "./failing.ts";
import { finishList, isStopping, recordRun, settleItem } from "./items.ts";
import { toFailure } from "./pure.ts";
import { settleNode } from "./settle.ts";
import { backlogOf, type Turn } from "./turn.ts";

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
  if (event.failure) {
    // What a step of the child wanted to be decided is not a question about the child.
    const { needsDecision: _, ...failure } = event.failure;
    applyFailure(turn, command.run, command.item, command.attempt, failure, command);
  } else succeed(turn, command, { main: { items: event.items ?? [] } });
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
