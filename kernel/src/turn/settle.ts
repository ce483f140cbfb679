// After a node run has come to its end: who may start now, is the scope complete?
import type { Fact } from "../facts.ts";
import { runId, scopeOf } from "../paths.ts";
import { nodeAt } from "../wires.ts";
import { closeIfQuiet } from "./ending.ts";
import type { Turn } from "./turn.ts";

type Settling = Fact & { t: "NodeFinished" | "NodeDead" | "NodeFailed" | "NodeCancelled" };

export function settleNode(turn: Turn, fact: Settling): void {
  turn.emit(fact);
  const path = scopeOf(fact.run);
  const scope = turn.state.scopes[path];
  if (!scope) return;
  if (!scope.ending)
    for (const target of nodeAt(turn.program, fact.run).targets)
      if (!scope.runs[target]) turn.queue.push(runId(path, target));
  closeIfQuiet(turn, path);
}

/** Everything in a fresh scope that may start at once. */
export function startable(turn: Turn, path: string): void {
  const scope = turn.state.scopes[path];
  if (!scope) return;
  const frame = turn.program.frames.get(scope.frame);
  for (const node of frame?.nodes ?? [])
    if (!scope.runs[node] && turn.program.nodes.get(node)?.wires.length !== 0)
      turn.queue.push(runId(path, node));
  closeIfQuiet(turn, path);
}
