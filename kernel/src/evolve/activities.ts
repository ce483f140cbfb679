// Open commands and the progress of per-item nodes.
//
//   scheduled  ActivityStarted (once)   -> started
//   scheduled, started  RetryScheduled  -> retrying     ConfirmScheduled -> retrying (kind confirm)
//   retrying   ActivityScheduled        -> scheduled
//   any        ActivityProgressed       -> unchanged, one step more; steps outlive retries and parking
//   any        settled, dropped, parked -> gone
import type { Fact } from "../facts.ts";
import { commandId, nodeOf, scopeOf } from "../paths.ts";
import type { ExecutionState, ItemProgress, NodeRun, OpenCommand } from "../state.ts";

export function itemsStarted(state: ExecutionState, fact: Fact & { t: "ItemsStarted" }): void {
  const run = runOf(state, fact.run);
  run.items = { total: fact.total, next: 0, open: 0, settled: 0, results: [] };
}

export function scheduled(state: ExecutionState, fact: Fact & { t: "ActivityScheduled" }): void {
  const known = state.commands[fact.command];
  const steps = known?.steps ?? state.parked[fact.command]?.steps ?? state.steps?.[fact.command];
  if (state.steps) delete state.steps[fact.command];
  const command: OpenCommand = {
    run: fact.run,
    attempt: fact.attempt,
    kind: fact.confirm ? "confirm" : "activity",
    effect: fact.effect,
    status: "scheduled",
    at: known?.at ?? state.nowMs,
  };
  // Fields one by one: spreading what may be missing costs more than all the rest, and this is the hottest fact.
  const params = fact.params ?? known?.params;
  if (fact.item !== undefined) command.item = fact.item;
  if (params) command.params = params;
  if (fact.confirm && known?.failure) command.failure = known.failure;
  if (steps) command.steps = steps;
  open(state, fact, command);
}

export function childScheduled(state: ExecutionState, fact: Fact & { t: "ChildScheduled" }): void {
  open(state, fact, {
    run: fact.run,
    ...(fact.item === undefined ? {} : { item: fact.item }),
    attempt: fact.attempt,
    kind: "child",
    effect: "idempotent",
    status: "scheduled",
    at: state.nowMs,
    workflow: fact.workflow,
  });
}

function open(
  state: ExecutionState,
  fact: { command: string; run: string; item?: number },
  command: OpenCommand,
): void {
  const run = runOf(state, fact.run);
  if (!state.commands[fact.command]) {
    state.openCommands++;
    if (run.items) run.items.open++;
  }
  if (run.items && fact.item !== undefined && fact.item >= run.items.next) run.items.next = fact.item + 1;
  state.commands[fact.command] = command;
  if (state.parked[fact.command]) delete state.parked[fact.command];
}

export function started(state: ExecutionState, fact: Fact & { t: "ActivityStarted" }): void {
  const command = state.commands[fact.command];
  if (!command) return;
  command.status = "started";
  command.deadline = fact.deadline;
}

export function progressed(state: ExecutionState, fact: Fact & { t: "ActivityProgressed" }): void {
  const command = state.commands[fact.command];
  if (!command) return;
  command.steps ??= [];
  command.steps.push(fact.entry);
}

export function retryScheduled(state: ExecutionState, fact: Fact & { t: "RetryScheduled" }): void {
  const command = state.commands[fact.command];
  if (!command) return;
  command.status = "retrying";
  command.attempt = fact.attempt;
  command.retryAt = fact.at;
  command.failure = fact.failure;
  if (command.kind === "confirm") command.kind = "activity";
  delete command.deadline;
}

export function confirmScheduled(state: ExecutionState, fact: Fact & { t: "ConfirmScheduled" }): void {
  const command = state.commands[fact.command];
  if (!command) return;
  command.status = "retrying";
  command.kind = "confirm";
  command.retryAt = fact.at;
  command.failure = fact.failure;
}

export function dropped(state: ExecutionState, command: string): void {
  const known = state.commands[command];
  if (!known) return;
  delete state.commands[command];
  state.openCommands--;
  const items = state.scopes[scopeOf(known.run)]?.runs[nodeOf(known.run)]?.items;
  if (items) items.open--;
}

/** A settled run has no command left. */
export function dropCommandsOf(state: ExecutionState, run: string): void {
  const items = runOf(state, run).items;
  if (!items) return dropped(state, run);
  if (items.open > 0)
    for (const id of Object.keys(state.commands)) if (state.commands[id]?.run === run) dropped(state, id);
}

export function itemsSettled(state: ExecutionState, fact: Fact & { t: "ItemsSettled" }): void {
  const progress = runOf(state, fact.run).items as ItemProgress;
  for (const [index, outputs] of fact.results) settleItem(state, fact.run, progress, index, outputs);
  for (const [index, failure] of fact.failures ?? []) {
    settleItem(state, fact.run, progress, index, null);
    progress.failure ??= failure;
    if (failure.certainty === "unknown") progress.unknown = [...(progress.unknown ?? []), index];
  }
}

function settleItem(
  state: ExecutionState,
  run: string,
  progress: ItemProgress,
  index: number,
  outputs: ItemProgress["results"][number],
): void {
  const id = commandId(run, index);
  dropped(state, id);
  if (state.parked[id]) delete state.parked[id];
  while (progress.results.length < index) progress.results.push(null);
  progress.results[index] = outputs;
  progress.settled++;
  if (index >= progress.next) progress.next = index + 1;
}

export function parked(state: ExecutionState, fact: Fact & { t: "NodeParked" }): void {
  const run = runOf(state, fact.run);
  if (run.items && fact.item !== undefined && fact.item >= run.items.next) run.items.next = fact.item + 1;
  const id = commandId(fact.run, fact.item);
  const steps = state.commands[id]?.steps;
  dropped(state, id);
  state.parked[id] = {
    run: fact.run,
    ...(fact.item === undefined ? {} : { item: fact.item }),
    at: state.nowMs,
    attempt: fact.attempt ?? 0,
    failure: fact.failure,
    ...(steps ? { steps } : {}),
  };
}

export function parkResolved(state: ExecutionState, fact: Fact & { t: "ParkResolved" }): void {
  const id = commandId(fact.run, fact.item);
  const parked = state.parked[id];
  // An activity that asked for a decision finds it among its steps.
  if (parked?.steps && fact.action === "retry")
    parked.steps = [
      ...parked.steps,
      { decision: "retry", ...(fact.by === undefined ? {} : { by: fact.by }) },
    ];
  if (fact.deferred) {
    if (parked) parked.retry = true;
    return;
  }
  if (parked?.steps && fact.action === "retry") {
    state.steps ??= {};
    state.steps[id] = parked.steps;
  }
  delete state.parked[id];
  const block = runOf(state, fact.run).block;
  const entry = block?.kind === "saga" && fact.item !== undefined ? block.entries[fact.item] : undefined;
  if (entry) entry.state = fact.action === "retry" ? "settled" : "undone";
}

/** The run's entry, made when its first fact arrives. */
export function runOf(state: ExecutionState, run: string): NodeRun {
  const scope = state.scopes[scopeOf(run)];
  if (!scope) throw new Error(`no scope for run ${run}`);
  const node = nodeOf(run);
  let entry = scope.runs[node];
  if (!entry) {
    entry = { status: "running" };
    scope.runs[node] = entry;
  }
  return entry;
}
