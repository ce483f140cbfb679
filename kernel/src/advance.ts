// The one door into an execution: `advance` decides, `evolve` records, nothing else changes a state.
//
// Invariants:
//   K1 advance is a function of (program, state, events, now): no clock, no chance, no I/O
//   K2 a late, repeated or unknown event establishes no fact
//   K3 state after advance = fold of all facts so far; restoring never decides again
//   K4 every fact is in the turn that caused it; commands follow from the state (`openCommands`)
//   K5 a wire settles once, a node starts at most once per scope, a join fires at most once
//   K6 bounded work per turn: past the budget the turn ends and says `more`

import type { Command } from "./commands.ts";
import type { Event } from "./events.ts";
import type { Fact } from "./facts.ts";
import { nodeOf, runId, scopeOf } from "./paths.ts";
import { BOUNDS, type Program } from "./program.ts";
import type { ExecutionState } from "./state.ts";
import { pumpItems } from "./turn/activity.ts";
import { pumpBlock } from "./turn/block.ts";
import { closeIfQuiet } from "./turn/ending.ts";
import { handle } from "./turn/events.ts";
import { recordItems } from "./turn/items.ts";
import { examine } from "./turn/ready.ts";
import { fireTimers } from "./turn/timers.ts";
import { backlogOf, forgetBacklog, type Refusal, Turn } from "./turn/turn.ts";

export type Advanced = {
  facts: Fact[];
  commands: Command[];
  /** Events that were refused, by place in `events`. */
  refused: Refusal[];
  /** The work budget of one turn is used up: call again with no events. */
  more: boolean;
};

/** Changes `state` in place. `facts` is empty when nothing happened. */
export function advance(
  program: Program,
  state: ExecutionState,
  events: readonly Event[],
  nowMs: number,
): Advanced {
  const turn = new Turn(program, state, nowMs);
  for (let index = 0; index < events.length; index++) handle(turn, events[index] as Event, index);
  recordItems(turn);
  if (!turn.isClosed && state.status === "running") {
    fireTimers(turn);
    recordItems(turn);
    const backlog = backlogOf(state);
    if ((events.length === 0 || backlog.rescan) && !turn.isClosed) {
      backlog.rescan = false;
      scan(turn);
    }
    work(turn);
  }
  if (turn.isClosed) forgetBacklog(state);
  return { facts: turn.facts, commands: turn.commands, refused: turn.refused, more: turn.more };
}

/** Everything that could go on: after restoring, after a full turn, after a pause. */
function scan(turn: Turn): void {
  for (const path of Object.keys(turn.state.scopes)) {
    closeIfQuiet(turn, path);
    const scope = turn.state.scopes[path];
    if (!scope) continue;
    for (const node of turn.program.frames.get(scope.frame)?.nodes ?? []) {
      const run = scope.runs[node];
      // An ending scope starts nothing, but its blocks still have a way to go: finally, compensations.
      const isPending =
        run === undefined ? !scope.ending : run.status === "running" && (run.items || run.block);
      if (isPending) turn.queue.push(runId(path, node));
    }
  }
}

function work(turn: Turn): void {
  const backlog = backlogOf(turn.state);
  if (turn.state.paused) {
    if (turn.queue.length > 0) backlog.rescan = true;
    return;
  }
  takeDeferred(turn, backlog.deferred);
  for (let at = 0; at < turn.queue.length && !turn.isClosed; at++) {
    if (turn.work >= BOUNDS.workPerTurn) {
      turn.more = true;
      backlog.rescan = true;
      return;
    }
    step(turn, turn.queue[at] as string);
    if (at > 4096) {
      turn.queue.splice(0, at + 1);
      at = -1;
    }
  }
}

function takeDeferred(turn: Turn, deferred: Set<string>): void {
  let room = BOUNDS.openCommandsMax - turn.state.openCommands;
  for (const run of deferred) {
    if (room-- <= 0) return;
    deferred.delete(run);
    turn.queue.push(run);
  }
}

function step(turn: Turn, id: string): void {
  const scope = turn.state.scopes[scopeOf(id)];
  if (!scope) return;
  const run = scope.runs[nodeOf(id)];
  if (!run) examine(turn, id);
  else if (run.status !== "running") return;
  else if (run.items) pumpItems(turn, id);
  else if (run.block) pumpBlock(turn, id);
}
