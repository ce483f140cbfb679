// What an execution says about each node of the graph. A node inside a loop ran several times: its states are put
// together, the one that needs attention first.
import type { ReplyOf } from "../../api/request.ts";

export type Execution = ReplyOf<"get /api/v1/executions/:id">;
export type NodeRun = Execution["timeline"][number];

export type NodeState = {
  status: NodeRun["status"];
  runs: number;
  durationMs: number | null;
  itemsIn: number;
  /** Items per port, of all runs together. */
  out: Readonly<Record<string, number>>;
  /** The run whose data is shown first. */
  last: NodeRun;
};

const order: NodeRun["status"][] = [
  "running",
  "waiting",
  "parked",
  "failed",
  "cancelled",
  "succeeded",
  "skipped",
];

export function nodeStates(execution: Execution | undefined): ReadonlyMap<string, NodeState> {
  const states = new Map<string, NodeState>();
  for (const [node, runs] of Map.groupBy(execution?.timeline ?? [], (run) => run.node))
    states.set(node, together(runs));
  return states;
}

function together(runs: readonly NodeRun[]): NodeState {
  const status = order.find((one) => runs.some((run) => run.status === one)) ?? "succeeded";
  const out: Record<string, number> = {};
  for (const run of runs)
    for (const [port, count] of Object.entries(run.itemsOut)) out[port] = (out[port] ?? 0) + count;
  const durations = runs.map((run) => run.durationMs).filter((ms) => ms !== null);
  return {
    status,
    runs: runs.length,
    durationMs: durations.length === 0 ? null : durations.reduce((sum, ms) => sum + ms, 0),
    itemsIn: runs.reduce((sum, run) => sum + (run.itemsIn ?? 0), 0),
    out,
    last: runs.findLast((run) => run.status === status) ?? (runs.at(-1) as NodeRun),
  };
}
