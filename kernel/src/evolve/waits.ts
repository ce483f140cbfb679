// Open waits and the queues of signals that came before their waiter.
import type { Fact } from "../facts.ts";
import { BOUNDS } from "../program.ts";
import type { ExecutionState } from "../state.ts";
import { runOf } from "./activities.ts";

export function opened(state: ExecutionState, fact: Fact & { t: "WaitOpened" }): void {
  const { t: _, wait, ...about } = fact;
  state.waits[wait] = { ...about, openedAt: state.nowMs };
  state.waitsOpened++;
  runOf(state, fact.run).wait = wait;
}

export function escalated(state: ExecutionState, fact: Fact & { t: "WaitEscalated" }): void {
  const wait = state.waits[fact.wait];
  if (!wait) return;
  wait.assignees = fact.assignees;
  delete wait.escalateAt;
}

export function closed(state: ExecutionState, fact: Fact & { t: "WaitClosed" }): void {
  const wait = state.waits[fact.wait];
  if (!wait) return;
  delete state.waits[fact.wait];
  if (fact.signalId !== undefined && wait.signal !== undefined) {
    const queue = state.signals[wait.signal];
    if (queue?.[0]?.id === fact.signalId) {
      queue.shift();
      if (queue.length === 0) delete state.signals[wait.signal];
    } else remember(state, fact.signalId);
  }
  delete runOf(state, wait.run).wait;
}

export function buffered(state: ExecutionState, fact: Fact & { t: "SignalBuffered" }): void {
  const queue = state.signals[fact.name] ?? [];
  state.signals[fact.name] = queue;
  queue.push({ id: fact.id, payload: fact.payload });
  remember(state, fact.id);
}

export function ignored(_state: ExecutionState, _fact: Fact & { t: "SignalIgnored" }): void {
  // Recorded so that a person sees it; changes nothing.
}

function remember(state: ExecutionState, id: string): void {
  state.signalIds.push(id);
  if (state.signalIds.length > BOUNDS.signalIdsMax) state.signalIds.shift();
}
