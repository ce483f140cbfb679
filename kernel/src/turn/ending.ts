// How a scope comes to its end: complete, or drained after a failure, a cancel, a break.
//
//   open      all nodes settled     -> closed(completed)
//   open      failure, cancel, ...  -> ending: starts nothing; pure and read work is aborted, the rest is awaited
//   ending    nothing runs          -> closed(failed | cancelled | break | continue)
// Finally and compensation scopes are never drained by what happens around them.
import type { Ending, Fact, ScopeOutcome } from "../facts.ts";
import type { Failure } from "../failure.ts";
import { ROOT, runId, scopeOf } from "../paths.ts";
import type { Frame } from "../program.ts";
import type { OpenCommand, ScopeState } from "../state.ts";
import { runAt } from "../wires.ts";
import { scopeClosed } from "./block.ts";
import { finish } from "./finish.ts";
import { afterItems } from "./items.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";

export function endScope(turn: Turn, path: string, ending: Ending): void {
  const scope = turn.state.scopes[path];
  if (!scope || scope.ending) return;
  turn.emit({ t: "ScopeEnding", scope: path, ending });
  drain(turn, path);
  closeIfQuiet(turn, path);
}

/** A run settles in a way that ends its scope: recorded in this order, so that the scope never looks complete. */
export function endWith(
  turn: Turn,
  fact: Fact & { t: "NodeFailed" | "NodeCancelled" | "NodeFinished" },
  ending: Ending,
): void {
  const path = scopeOf(fact.run);
  turn.emit(fact);
  if (turn.state.scopes[path]?.ending) closeIfQuiet(turn, path);
  else endScope(turn, path, ending);
}

function drain(turn: Turn, path: string): void {
  const scope = turn.state.scopes[path];
  for (const node of Object.keys(scope?.runs ?? {}))
    if (turn.state.scopes[path]?.runs[node]?.status === "running")
      stopRun(turn, runId(path, node), "scopeEnding");
}

/** Stops what may be stopped of a running node; what must reach an outcome is left running. */
function stopRun(turn: Turn, id: string, why: string): void {
  const run = runAt(turn.state, id);
  if (run?.status !== "running") return;
  if (run.block) {
    for (const child of scopesOf(turn, id))
      if (!isProtected(turn, child)) endScope(turn, child, { kind: "cancelled" });
    turn.queue.push(id);
    return;
  }
  if (run.wait !== undefined) {
    turn.emit({ t: "WaitClosed", wait: run.wait, by: "cancel" });
    return settleNode(turn, { t: "NodeCancelled", run: id, why });
  }
  for (const command of commandsOf(turn, id)) stopCommand(turn, command, why);
  if (commandsOf(turn, id).length > 0) return;
  if (run.items?.failure) return afterItems(turn, id);
  settleNode(turn, { t: "NodeCancelled", run: id, why });
}

function stopCommand(turn: Turn, id: string, why: string): void {
  const command = turn.state.commands[id] as OpenCommand;
  const { attempt } = command;
  if (command.kind === "child" && command.status !== "retrying") {
    turn.commands.push({ type: "CancelChild", command: id, attempt });
    return;
  }
  const idle = command.status === "retrying" && command.kind !== "confirm";
  if (!idle && command.effect !== "pure" && command.effect !== "read") return;
  turn.emit({ t: "CommandDropped", command: id, why });
  if (!idle) turn.commands.push({ type: "CancelActivity", command: id, attempt });
}

function commandsOf(turn: Turn, run: string): string[] {
  return Object.keys(turn.state.commands).filter((id) => turn.state.commands[id]?.run === run);
}

function scopesOf(turn: Turn, block: string): string[] {
  return Object.keys(turn.state.scopes).filter((path) => turn.state.scopes[path]?.block === block);
}

/** Finally and compensation run to their end whatever happens around them. */
function isProtected(turn: Turn, path: string): boolean {
  const section = turn.program.frames.get(turn.state.scopes[path]?.frame ?? "")?.section;
  return section === "finally" || section === "compensation";
}

/** A loser of an early join: not started, or stopped; its in-flight effects still reach an outcome. */
export function cancelNode(turn: Turn, id: string, why: string): void {
  const run = runAt(turn.state, id);
  if (!run) settleNode(turn, { t: "NodeCancelled", run: id, why });
  else if (run.status === "running" && !run.stopping) {
    turn.emit({ t: "NodeStopping", run: id });
    stopRun(turn, id, why);
  }
}

export function closeIfQuiet(turn: Turn, path: string): void {
  const scope = turn.state.scopes[path];
  if (!scope || turn.isClosed) return;
  const frame = turn.program.frames.get(scope.frame) as Frame;
  if (!scope.ending) {
    if (scope.settled >= frame.nodes.length) close(turn, path, scope, "completed");
    return;
  }
  for (const node in scope.runs) if (scope.runs[node]?.status === "running") return;
  close(
    turn,
    path,
    scope,
    scope.ending.kind,
    scope.ending.kind === "failed" ? scope.ending.failure : undefined,
  );
}

function close(turn: Turn, path: string, scope: ScopeState, outcome: ScopeOutcome, failure?: Failure): void {
  if (path === ROOT) return finish(turn, outcome, failure);
  turn.emit({ t: "ScopeClosed", scope: path, outcome, ...(failure ? { failure } : {}) });
  scopeClosed(turn, scope.block as string);
}

/** At once, without finally or compensation; effects still out are listed. */
export function terminate(turn: Turn, reason: string | undefined): void {
  const open = Object.entries(turn.state.commands);
  for (const [id, command] of open) {
    if (command.status === "retrying") continue;
    turn.commands.push({
      type: command.kind === "child" ? "CancelChild" : "CancelActivity",
      command: id,
      attempt: command.attempt,
    });
  }
  const openEffects = open
    .filter(
      ([, command]) =>
        command.status !== "retrying" && (command.effect === "idempotent" || command.effect === "once"),
    )
    .map(([id]) => id);
  const failure: Failure = {
    code: "TERMINATED",
    class: "cancelled",
    message: reason ?? "The execution was terminated.",
  };
  turn.emit({
    t: "ExecutionFinished",
    status: "terminated",
    failure,
    ...(openEffects.length > 0 ? { openEffects } : {}),
  });
  turn.commands.push({ type: "FinishExecution", status: "terminated", failure });
}
