// How each node of the workflow fared, over all its runs: the worst says it, and how often it ran.
import type { NodeRunView } from "@auraos/contract";

export type NodeState = { status: NodeRunView["status"]; runs: number; run: string };

const bySeverity: readonly NodeRunView["status"][] = [
  "failed",
  "parked",
  "waiting",
  "running",
  "succeeded",
  "cancelled",
  "skipped",
];

/** `run` is the one to open: the first of the worst. */
export function nodeStates(runs: readonly NodeRunView[]): Map<string, NodeState> {
  const states = new Map<string, NodeState>();
  for (const { node, status, run } of runs) {
    const before = states.get(node);
    const count = (before?.runs ?? 0) + 1;
    const isWorse = !before || bySeverity.indexOf(status) < bySeverity.indexOf(before.status);
    states.set(node, isWorse ? { status, run, runs: count } : { ...before, runs: count });
  }
  return states;
}
