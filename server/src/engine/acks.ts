// Answers to those who delivered events: after the commit of the turn that took the event in.
import type { DeliverResult } from "./engine.types.ts";
import type { LiveExecution } from "./execution.ts";
import { emptyItem, type LaneItem } from "./laneItem.ts";
import { askTick, type Reign } from "./reign.ts";

const ACCEPTED: DeliverResult = { kind: "accepted" };

export function answerAcks(item: LaneItem): void {
  if (item.acks === null) return;
  for (const ack of item.acks) {
    const refusal = item.refused.find((refused) => refused.index === ack.index);
    ack.resolve(refusal === undefined ? ACCEPTED : { kind: "refused", code: refusal.code });
  }
  item.acks = null;
}

export function rejectAcks(item: LaneItem, error: Error): void {
  for (const ack of item.acks ?? []) ack.reject(error);
  item.acks = null;
}

/**
 * A turn that established nothing writes nothing, and yet its answer goes through the lane: what it says (closed, not
 * parked, no such wait) may itself not be durable yet, and of a leader that was deposed without knowing it is hearsay.
 */
export function closeEarly(reign: Reign, exec: LiveExecution, item: LaneItem): void {
  const isNothing = item.acks === null && item.inboxDone === null && item.update === null;
  if (isNothing) return;
  const rows = emptyItem(exec);
  rows.acks = item.acks;
  rows.refused = item.refused;
  rows.inboxDone = item.inboxDone;
  rows.update = item.update;
  // The lane keeps the order of an execution, so this comes after what it waits for.
  reign.lane.push(rows);
  askTick(reign);
}

/**
 * Resolves with the next flush under our epoch: for answers that no turn stands for, which must come from a leader and
 * not from one who was deposed without knowing it.
 */
export function stillLeading(reign: Reign): Promise<void> {
  return new Promise((resolve, reject) => {
    const item = emptyItem(null);
    item.acks = [{ index: 0, resolve: () => resolve(), reject }];
    reign.lane.push(item);
    askTick(reign);
  });
}
