// A person decides about a run that was parked: again, fail, an output, or nothing.

import type { Event } from "../events.ts";
import type { Outputs } from "../item.ts";
import { commandId, nodeOf, scopeOf } from "../paths.ts";
import { nodeAt } from "../wires.ts";
import { issue } from "./activity.ts";
import { batchOf, finishList, settleFailed, settleItem } from "./items.ts";
import type { Turn } from "./turn.ts";

/** A person decides about a parked run. Compensations are resolved by their saga. */
export function parkResolved(turn: Turn, event: Event & { type: "ParkResolved" }): void {
  const { type: _, ...about } = event;
  const key = commandId(event.run, event.item);
  const parked = turn.state.parked[key];
  if (!parked) return;
  const node = nodeAt(turn.program, event.run);
  const isCompensation = node.type.structure === "saga" && event.item !== undefined;
  if (event.action === "retry" && turn.state.paused && !isCompensation)
    return turn.emit({ t: "ParkResolved", ...about, deferred: true });
  turn.emit({ t: "ParkResolved", ...about });
  if (isCompensation) {
    turn.queue.push(event.run);
    return;
  }
  if (event.action === "retry") return retryParked(turn, event.run, event.item, parked.attempt + 1);
  if (event.action === "fail") {
    if (event.item === undefined) return settleFailed(turn, event.run, parked.failure);
    batchOf(turn, event.run).failures.push([event.item, parked.failure, parked.attempt]);
    return;
  }
  const outputs: Outputs =
    event.action === "output"
      ? { [node.ports[0] ?? "main"]: { items: [{ json: event.output ?? null }] } }
      : {};
  if (event.item === undefined) finishList(turn, event.run, outputs, parked.attempt);
  else settleItem(turn, event.run, event.item, parked.attempt, outputs);
}

/** The execution goes on: what was decided while it was paused. */
export function retryDeferred(turn: Turn): void {
  for (const { run, item, attempt, retry } of Object.values(turn.state.parked))
    if (retry) retryParked(turn, run, item, attempt + 1);
}

function retryParked(turn: Turn, id: string, item: number | undefined, attempt: number): void {
  // An ending scope starts nothing any more: its run ends with what is still under way.
  if (turn.state.scopes[scopeOf(id)]?.ending) return;
  const node = nodeAt(turn.program, id);
  if (node.type.evaluate || (node.type.structure !== undefined && node.type.structure !== "subworkflow")) {
    return settleFailed(turn, id, {
      code: "CANNOT_RETRY",
      class: "data",
      message: `"${nodeOf(id)}" cannot be retried by itself.`,
      remedy: "Re-run the execution from this node.",
    });
  }
  issue(turn, id, item, attempt);
}
