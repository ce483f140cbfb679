// A workflow with a limit of open executions never has more of them, whoever leads, once a flush has committed. One
// that takes the place of another is not counted: the other may still be on its way to its end.
import type { Evidence } from "./all.ts";

export function checkPlaces({ history, plans, verdict }: Evidence): void {
  for (const { name, concurrency } of plans.values()) {
    if (concurrency === undefined || concurrency.overlap === "cancelOther") continue;
    const changes = new Map<number, number>();
    const change = (commit: number, by: number): void => {
      changes.set(commit, (changes.get(commit) ?? 0) + by);
    };
    for (const { start, turns, end } of history.executions.values()) {
      // Children and those that are run again take no place.
      if (start.workflowId !== name || start.parentId !== null || start.originId !== null) continue;
      change(turns[0]?.commit ?? 0, 1);
      if (end !== null) change(turns.at(-1)?.commit ?? 0, -1);
    }
    let open = 0;
    for (const [commit, by] of [...changes].sort(([a], [b]) => a - b)) {
      open += by;
      if (open > concurrency.limit)
        verdict.illegal(
          "too-many-open",
          `${open} executions of ${name} are open after commit ${commit}, and ${concurrency.limit} may be`,
        );
    }
  }
}
