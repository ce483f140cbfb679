// Restoring is folding: the recorded facts, read back, give a state that has ended as the history says, and giving a
// snapshot of the engine the turns after it gives the same state.
import type { ExecutionState, WorkflowDefinition } from "@auraos/kernel";
import { evolve, newState } from "@auraos/kernel";
import { compiled } from "../world/cluster.ts";
import type { ExecutionRecord } from "../world/history.ts";
import type { Evidence } from "./all.ts";

export function checkFold(
  { verdict, database }: Evidence,
  record: ExecutionRecord,
  definition: WorkflowDefinition,
): void {
  const program = compiled(definition);
  if (!program.ok)
    return verdict.illegal("definition", `${record.id}: ${JSON.stringify(program.problems[0])}`);
  const fold = (state: ExecutionState, afterSeq: number): ExecutionState => {
    for (const turn of record.turns)
      if (turn.seq > afterSeq) for (const fact of turn.facts) evolve(program.program, state, fact);
    return state;
  };
  try {
    const state = fold(newState(), 0);
    if (record.end === null) return;
    if (state.status !== record.end.status)
      verdict.illegal("fold", `${record.id} folds to ${state.status}, not ${record.end.status}`);
    if (JSON.stringify(state.output) !== JSON.stringify(record.end.output))
      verdict.illegal("fold", `${record.id} folds to another output`);
    const kept = database.store.tables.executions.get(record.id)?.snapshot;
    if (!kept) return;
    const snapshot = JSON.parse(Buffer.from(kept.body).toString("utf8")) as {
      blobs: string[];
      state: ExecutionState;
    };
    if (snapshot.blobs.length > 0) return;
    const restored = fold(snapshot.state, kept.seq);
    if (JSON.stringify(sorted(restored)) !== JSON.stringify(sorted(state)))
      verdict.illegal("snapshot", `${record.id}: its snapshot of turn ${kept.seq} leads to another state`);
  } catch (error) {
    verdict.illegal("fold", `${record.id} does not fold: ${error instanceof Error ? error.message : error}`);
  }
}

/** What is left of a closed execution, without the order of its fields. */
function sorted(state: ExecutionState): unknown {
  return Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
}
