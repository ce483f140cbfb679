// What a commit sets free, turn by turn and in commit order: answers, commands, `once` activities whose intent is now
// durable, the live stream, and the end of executions.
// Invariant: nothing in here has happened before the commit, and everything in here happens after a crash too,
// because it follows from the history (recovery issues open commands again, parents look for their children).
import type { Command } from "@auraos/kernel";
import { answerAcks } from "./acks.ts";
import { releaseSlot } from "./admission.ts";
import { cancelChild, startChild, tellParent } from "./children.ts";
import { cancelActivity, dropActivities, issueActivity, sendIntended } from "./dispatch.ts";
import { messageOf } from "./errors.ts";
import { fellQuiet, maybeQuiet } from "./evict.ts";
import type { LiveExecution } from "./execution.ts";
import { emptyItem, type LaneItem } from "./laneItem.ts";
import { countClosed } from "./openCounts.ts";
import { countTurn, hasRate } from "./orgRates.ts";
import { onParked, parkPoisoned } from "./park.ts";
import { askTick, limitsOf, type Reign } from "./reign.ts";
import { maybeSnapshot } from "./snapshot.ts";
import type { TurnRow } from "./store.ts";
import { disarm } from "./wake.ts";

export function onCommitted(reign: Reign, items: readonly LaneItem[]): void {
  for (const item of items) {
    if (item.parks !== null) {
      onParked(reign, item);
      continue;
    }
    answerAcks(item);
    const { exec } = item;
    if (exec === null) continue;
    try {
      if (item.turn === null) maybeQuiet(reign, exec);
      else afterTurn(reign, exec, item, item.turn);
    } catch (error) {
      // A mistake of ours: the others must not suffer from it.
      parkPoisoned(reign, exec, messageOf(error), []);
    }
  }
}

function afterTurn(reign: Reign, exec: LiveExecution, item: LaneItem, turn: TurnRow): void {
  exec.committedSeq = turn.seq;
  const { orgId } = exec.about;
  const limits = limitsOf(reign, orgId);
  if (hasRate(limits)) {
    const nowMs = reign.deps.clock.monotonic();
    countTurn(reign.rates, orgId, limits, { bytes: turn.body.byteLength, nowMs });
  }
  publish(reign, exec, item);
  if (item.settled !== null) reign.waiters.settle(exec.id, item.settled);
  for (const command of item.commands) carryOut(reign, exec, command);
  for (const activity of item.sends ?? []) sendIntended(reign, activity);
  if (item.finished !== null) return close(reign, exec, item);
  if (exec.committedSeq !== exec.seq) return;
  maybeSnapshot(reign, exec);
  fellQuiet(reign, exec);
}

function publish(reign: Reign, exec: LiveExecution, item: LaneItem): void {
  reign.offset++;
  reign.turns++;
  if (reign.listeners.size === 0 || item.turn === null) return;
  const { orgId, workflowId, executionId } = exec.about;
  const { seq, atMs } = item.turn;
  const { facts, status } = item;
  const turn = { offset: reign.offset, orgId, workflowId, executionId, seq, atMs, facts, status };
  for (const listener of reign.listeners) {
    try {
      listener(turn);
    } catch (error) {
      reign.deps.log("error", "a listener of the live stream failed", { error: String(error) });
    }
  }
}

function carryOut(reign: Reign, exec: LiveExecution, command: Command): void {
  switch (command.type) {
    case "RunActivity":
      if (command.effect !== "read" || command.confirm) issueActivity(reign, exec, command);
      return;
    case "CancelActivity":
      return cancelActivity(reign, exec, command.command, command.attempt);
    case "StartChild":
      return startChild(reign, exec, command, false);
    case "CancelChild":
      return cancelChild(reign, exec, command.command, command.attempt);
    case "Reply":
    case "FinishExecution":
      // Answered from the facts (`settled`, `finished`).
      return;
  }
}

function close(reign: Reign, exec: LiveExecution, item: LaneItem): void {
  if (item.finished === null) return;
  exec.isDropped = true;
  disarm(exec);
  reign.live.delete(exec.id);
  dropActivities(reign, exec);
  const { reply } = exec.state;
  reign.waiters.settle(exec.id, reply === undefined ? item.finished : { kind: "replied", ...reply });
  countClosed(reign, exec.about.orgId);
  releaseSlot(reign, exec);
  refuseRest(reign, exec);
  const parent = exec.state.start?.parent;
  if (parent !== undefined && item.result !== null) tellParent(reign, parent, item.result);
}

/** What arrived between the last turn and its commit: nobody will take it any more. */
function refuseRest(reign: Reign, exec: LiveExecution): void {
  exec.mailbox = [];
  for (const ack of exec.acks.splice(0)) ack.resolve({ kind: "refused", code: "CLOSED" });
  if (exec.inboxIds.length === 0) return;
  const rows = emptyItem(null);
  rows.inboxDone = exec.inboxIds.splice(0);
  reign.lane.push(rows);
  askTick(reign);
}
