// What each event of the world means for an execution.
import type { Event } from "../events.ts";
import { commandId, ROOT } from "../paths.ts";
import {
  activityConfirmed,
  activityFailed,
  activityProgressed,
  activitySucceeded,
  childFinished,
} from "./activity.ts";
import { endScope, terminate } from "./ending.ts";
import { parkResolved, retryDeferred } from "./parked.ts";
import { begin } from "./start.ts";
import type { Turn } from "./turn.ts";
import { backlogOf } from "./turn.ts";
import { answerWait, receiveSignal } from "./wait.ts";

export function handle(turn: Turn, event: Event, index: number): void {
  const { state } = turn;
  if (event.type === "ExecutionStarted") {
    if (state.status === "new") begin(turn, event);
    return;
  }
  if (state.status === "new" || turn.isClosed) return refuseClosed(turn, event, index);
  switch (event.type) {
    case "ActivityStarted": {
      const command = state.commands[event.command];
      if (command?.attempt === event.attempt && command.status === "scheduled" && command.kind === "activity")
        turn.emit({
          t: "ActivityStarted",
          command: event.command,
          attempt: event.attempt,
          deadline: event.deadlineMs,
        });
      return;
    }
    case "ActivityProgressed":
      return activityProgressed(turn, event, index);
    case "ActivitySucceeded":
      return activitySucceeded(turn, event);
    case "ActivityFailed":
      return activityFailed(turn, event);
    case "ActivityConfirmed":
      return activityConfirmed(turn, event);
    case "ChildFinished":
      return childFinished(turn, event);
    case "SignalReceived":
      return receiveSignal(turn, event);
    case "WaitAnswered":
      return answerWait(turn, event, index);
    case "ParkResolved":
      if (isParked(turn, event)) parkResolved(turn, event);
      else turn.refused.push({ index, code: "NOT_PARKED" });
      return;
    case "CancelRequested":
      if (state.cancel) return;
      turn.emit({
        t: "CancelRequested",
        ...(event.reason ? { reason: event.reason } : {}),
        ...(event.by ? { by: event.by } : {}),
      });
      if (!state.paused) return endScope(turn, ROOT, { kind: "cancelled" });
      turn.emit({ t: "Resumed" });
      endScope(turn, ROOT, { kind: "cancelled" });
      // Finally and compensations run on, with what was decided about them meanwhile.
      return goOn(turn);
    case "TerminateRequested":
      return terminate(turn, event.reason);
    case "PauseRequested":
      if (!state.paused) turn.emit({ t: "Paused", ...(event.by ? { by: event.by } : {}) });
      return;
    case "ResumeRequested":
      if (!state.paused) return;
      turn.emit({ t: "Resumed", ...(event.by ? { by: event.by } : {}) });
      goOn(turn);
  }
}

/** After a pause. */
function goOn(turn: Turn): void {
  retryDeferred(turn);
  backlogOf(turn.state).rescan = true;
}

/** And nobody has decided yet. */
function isParked({ state }: Turn, event: Event & { type: "ParkResolved" }): boolean {
  const parked = state.parked[commandId(event.run, event.item)];
  if (parked === undefined || parked.retry) return false;
  return event.attempt === undefined || event.attempt === parked.attempt;
}

/** Outcomes for a closed execution are normal (late); requests by people are told so. */
function refuseClosed(turn: Turn, event: Event, index: number): void {
  const isOutcome = event.type.startsWith("Activity") && event.type !== "ActivityProgressed";
  if (isOutcome || event.type === "ChildFinished") return;
  turn.refused.push({ index, code: "CLOSED" });
}
