// Commands follow from the state: what is open after restoring, when to wake, what one command looks like.
import type { Command, RunActivity, StartChild } from "./commands.ts";
import type { JsonObject } from "./json.ts";
import { nodeOf, ROOT, scopeOf } from "./paths.ts";
import { BOUNDS, type Program } from "./program.ts";
import { Scope } from "./scope.ts";
import type { ExecutionState, OpenCommand, ScopeState } from "./state.ts";
import { allInputs, inputItems, nodeAt } from "./wires.ts";

/** Everything the world owes this execution: issued again after restoring. */
export function openCommands(program: Program, state: ExecutionState): Command[] {
  const commands: Command[] = [];
  for (const [id, command] of Object.entries(state.commands)) {
    if (command.status === "retrying") continue;
    commands.push(
      command.kind === "child"
        ? startChild(program, state, id, command)
        : runActivity(program, state, id, command),
    );
  }
  return commands;
}

/** Earliest time at which `advance` has something to do by itself; null = only an event moves it. */
export function nextWake(state: ExecutionState): number | null {
  // The time limit has done its work once the top level is ending.
  const limit = state.scopes[ROOT]?.ending ? undefined : state.timeoutAt;
  let wake = limit ?? Number.POSITIVE_INFINITY;
  for (const id in state.commands) {
    const command = state.commands[id] as OpenCommand;
    if (command.status === "retrying" && !state.paused) wake = Math.min(wake, command.retryAt as number);
  }
  for (const id in state.waits) {
    const wait = state.waits[id];
    wake = Math.min(wake, wait?.at ?? wake, wait?.escalateAt ?? wake);
  }
  return wake === Number.POSITIVE_INFINITY ? null : wake;
}

/** Nothing runs outside: it may leave memory until an event or `nextWake`. */
export function isIdle(state: ExecutionState): boolean {
  for (const id in state.commands) if (state.commands[id]?.status !== "retrying") return false;
  return true;
}

/** `config` is what was just resolved; after restoring it is the recorded one, or (`read`) resolved again as of then. */
export function runActivity(
  program: Program,
  state: ExecutionState,
  id: string,
  command: OpenCommand,
  config?: JsonObject,
): RunActivity {
  const scope = state.scopes[scopeOf(command.run)] as ScopeState;
  const node = nodeAt(program, command.run);
  const start = state.start as NonNullable<ExecutionState["start"]>;
  const items = inputItems(state, scope, node);
  const index = command.item ?? 0;
  const resolved =
    config ??
    command.params ??
    node.config.resolve(new Scope(program, state, command.run, index, command.at));
  return {
    type: "RunActivity",
    command: id,
    run: command.run,
    node: nodeOf(command.run),
    nodeType: node.type.type,
    attempt: command.attempt,
    effect: command.effect,
    confirm: command.kind === "confirm",
    key: `${start.effectRoot}/${id}/${start.generation}`,
    config: resolved,
    items: command.item === undefined ? items : items.slice(index, index + 1),
    inputs: command.item === undefined ? allInputs(state, scope, node) : {},
    index,
    ...(command.steps ? { steps: [...command.steps] } : {}),
    timeoutMs: node.def.errorHandling?.timeoutMs ?? node.type.timeoutMs ?? BOUNDS.activityTimeoutMs,
    worker: node.def.worker,
    nowMs: command.at,
    seed: `${start.seed}/${id}`,
    zone: program.zone,
  };
}

export function startChild(
  program: Program,
  state: ExecutionState,
  id: string,
  command: OpenCommand,
): StartChild {
  const scope = state.scopes[scopeOf(command.run)] as ScopeState;
  const items = inputItems(state, scope, nodeAt(program, command.run));
  return {
    type: "StartChild",
    command: id,
    run: command.run,
    attempt: command.attempt,
    workflow: command.workflow as string,
    items: command.item === undefined ? items : items.slice(command.item, command.item + 1),
    depth: (state.start?.depth ?? 0) + 1,
    atMs: command.at,
  };
}
