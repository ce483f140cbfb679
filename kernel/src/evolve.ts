// Folds one recorded fact into the state. Decides nothing: whatever needed a decision stands in the fact.
// Invariants:
//   E1 the same facts in the same order give the same state, whatever the expressions or nodes mean today
//   E2 only `evolve` changes a state; it owns and mutates it
//   E3 nothing from a fact is copied that a reference can serve
import * as activities from "./evolve/activities.ts";
import { runOf } from "./evolve/activities.ts";
import * as blocks from "./evolve/blocks.ts";
import { cancelled, dead, failed, finished } from "./evolve/settle.ts";
import * as waits from "./evolve/waits.ts";
import type { Fact } from "./facts.ts";
import { ROOT } from "./paths.ts";
import type { Program } from "./program.ts";
import type { ExecutionState, NodeRun, PortState } from "./state.ts";

export function evolve(program: Program, state: ExecutionState, fact: Fact): void {
  state.facts++;
  switch (fact.t) {
    case "Now":
      state.nowMs = fact.at;
      return;
    case "ExecutionStarted":
      return started(state, fact);
    case "NodeFinished":
      return finished(program, state, fact);
    case "NodeFailed":
      return failed(program, state, fact);
    case "NodeDead":
      return dead(program, state, fact);
    case "NodeCancelled":
      return cancelled(program, state, fact);
    case "NodeStopping":
      runOf(state, fact.run).stopping = true;
      return;
    case "NodeParked":
      return activities.parked(state, fact);
    case "ParkResolved":
      return activities.parkResolved(state, fact);
    case "ItemsStarted":
      return activities.itemsStarted(state, fact);
    case "ActivityScheduled":
      return activities.scheduled(state, fact);
    case "ActivityStarted":
      return activities.started(state, fact);
    case "ActivityProgressed":
      return activities.progressed(state, fact);
    case "RetryScheduled":
      return activities.retryScheduled(state, fact);
    case "ConfirmScheduled":
      return activities.confirmScheduled(state, fact);
    case "CommandDropped":
      return activities.dropped(state, fact.command);
    case "ItemsSettled":
      return activities.itemsSettled(state, fact);
    case "ChildScheduled":
      return activities.childScheduled(state, fact);
    case "BlockStarted":
      return blocks.blockStarted(program, state, fact);
    case "BlockPhase":
      return blocks.phase(state, fact);
    case "ScopeOpened":
      return blocks.opened(program, state, fact);
    case "ScopeEnding":
      return blocks.ending(state, fact);
    case "ScopeClosed":
      return blocks.closed(program, state, fact);
    case "CompensationRegistered":
      return blocks.registered(program, state, fact);
    case "WaitOpened":
      return waits.opened(state, fact);
    case "WaitEscalated":
      return waits.escalated(state, fact);
    case "WaitClosed":
      return waits.closed(state, fact);
    case "SignalBuffered":
      return waits.buffered(state, fact);
    case "SignalIgnored":
      return waits.ignored(state, fact);
    case "Replied":
      state.reply = {
        status: fact.status,
        ...(fact.headers ? { headers: fact.headers } : {}),
        body: fact.body,
      };
      return;
    case "ReplyIgnored":
      return;
    case "CancelRequested":
      state.cancel = { ...(fact.reason ? { reason: fact.reason } : {}), ...(fact.by ? { by: fact.by } : {}) };
      return;
    case "Paused":
      state.paused = true;
      return;
    case "Resumed":
      state.paused = false;
      return;
    case "ExecutionFinished":
      return ended(state, fact);
  }
}

function started(state: ExecutionState, fact: Fact & { t: "ExecutionStarted" }): void {
  state.status = "running";
  state.startedMs = state.nowMs;
  state.start = fact.start;
  if (fact.timeoutAt !== undefined) state.timeoutAt = fact.timeoutAt;
  const runs: Record<string, NodeRun> = {};
  for (const kept of fact.kept ?? []) {
    const ports: Record<string, PortState> = {};
    for (const [port, output] of Object.entries(kept.outputs ?? {}))
      ports[port] = {
        count: output.items.length,
        items: output.items,
        ...(output.lineage ? { lineage: output.lineage } : {}),
      };
    runs[kept.node] =
      kept.status === "dead" ? { status: "dead", why: kept.why ?? "notChosen" } : { status: "done", ports };
  }
  if (fact.edited && fact.start.origin) state.edited = { node: fact.start.origin.node, items: fact.edited };
  state.scopes[ROOT] = {
    frame: "",
    block: null,
    iteration: 0,
    items: fact.items,
    offset: 0,
    runs,
    settled: Object.keys(runs).length,
  };
}

/** A closed execution needs nothing any more but its answer. */
function ended(state: ExecutionState, fact: Fact & { t: "ExecutionFinished" }): void {
  state.status = fact.status;
  if (fact.output !== undefined) state.output = fact.output;
  if (fact.failure) state.failure = fact.failure;
  state.scopes = {};
  state.commands = {};
  state.openCommands = 0;
  state.waits = {};
  state.parked = {};
  state.signals = {};
  state.compensations = {};
  delete state.timeoutAt;
  delete state.edited;
  delete state.steps;
}
