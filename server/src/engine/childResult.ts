// What a called workflow hands to the one that called it.
import { type Fact, type Failure, type Item, resultItems } from "@auraos/kernel";

export type ChildResult = { items: Item[] } | { failure: Failure };

export function childResult(end: Fact & { t: "ExecutionFinished" }): ChildResult {
  if (end.status === "succeeded") return { items: resultItems(end) };
  return { failure: end.failure ?? endedAs(end.status) };
}

function endedAs(status: string): Failure {
  return { code: "CHILD_ENDED", class: "cancelled", message: `The called workflow was ${status}.` };
}
