// Setting an execution aside: its definition makes the kernel throw, or the storage cannot hold its data. It is
// marked `parked` with the error, leaves memory, and only a person moves it again. The others go on.
//
// It stays findable in memory (poisoned, so that it takes nothing) until the mark is durable: loading it again
// before that would repeat what went wrong.
import { rejectAcks } from "./acks.ts";
import { releaseSlot } from "./admission.ts";
import { dropActivities } from "./dispatch.ts";
import { parked } from "./errors.ts";
import type { Ack, LiveExecution } from "./execution.ts";
import { emptyItem, type LaneItem } from "./laneItem.ts";
import { countClosed } from "./openCounts.ts";
import { askTick, type Reign } from "./reign.ts";
import type { ExecutionUpdate } from "./store.ts";
import { disarm } from "./wake.ts";

/** The kernel threw. Turns already in the lane are sound and are written first. */
export function parkPoisoned(reign: Reign, exec: LiveExecution, message: string, acks: Ack[]): void {
  const item = markOf(reign, exec, message, exec.seq);
  item.exec = exec;
  item.acks = acks;
  reign.lane.push(item);
}

/** The storage cannot hold this turn: it and all later ones of the execution are lost. */
export function parkOffender(reign: Reign, items: readonly LaneItem[], error: Error): void {
  const seen = new Set<LiveExecution>();
  for (const item of items) {
    const { exec } = item;
    rejectAcks(item, parked(exec?.id ?? "", error.message));
    if (exec === null || seen.has(exec)) continue;
    seen.add(exec);
    exec.isDropped = true;
    reign.lane.push(markOf(reign, exec, error.message, exec.committedSeq));
  }
  askTick(reign);
}

/** What is still in the lane for an execution that was set aside. */
export function skipItem(item: LaneItem): void {
  rejectAcks(item, parked(item.exec?.id ?? "", "an earlier turn could not be written"));
}

function markOf(reign: Reign, exec: LiveExecution, message: string, seq: number): LaneItem {
  reign.deps.log("error", "an execution was set aside", { executionId: exec.id, error: message });
  exec.isPoisoned = true;
  disarm(exec);
  dropActivities(reign, exec);
  for (const ack of exec.acks.splice(0)) ack.reject(parked(exec.id, message));
  exec.mailbox = [];
  const item = emptyItem(null);
  item.parks = { exec, message };
  // One that was never written has no row; if there is one, it is that of another birth.
  if (seq > 0) item.update = parkedRow(exec.id, seq, message);
  return item;
}

/** It could not even be restored. */
export function markBroken(reign: Reign, executionId: string, message: string): void {
  reign.deps.log("error", "an execution cannot be restored and was set aside", {
    executionId,
    error: message,
  });
  const item = emptyItem(null);
  item.update = parkedRow(executionId, 0, message);
  reign.lane.push(item);
  reign.waiters.fail(executionId, parked(executionId, message));
  askTick(reign);
}

function parkedRow(executionId: string, seq: number, message: string): ExecutionUpdate {
  return {
    executionId,
    orgId: null,
    status: "parked",
    seq,
    wakeAtMs: null,
    completedAtMs: null,
    output: null,
    outputBlob: null,
    errorCode: "PARKED",
    errorMessage: message,
    durationMs: null,
    usage: null,
  };
}

/** The mark is durable. */
export function onParked(reign: Reign, item: LaneItem): void {
  if (item.parks === null) return;
  const { exec, message } = item.parks;
  exec.isDropped = true;
  reign.live.delete(exec.id);
  rejectAcks(item, parked(exec.id, message));
  reign.waiters.fail(exec.id, parked(exec.id, message));
  countClosed(reign, exec.about.orgId);
  releaseSlot(reign, exec);
}
