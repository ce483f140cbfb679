// May a node start? Wires, joins, dead paths.
//
//   any    all wires settled, at least one taken            -> starts
//   all    every wire taken; one dead                       -> dead(joinUnmet)
//   first, n   at the n-th taken wire; no longer reachable  -> dead(joinUnmet)
//   none taken                                              -> dead, or runs empty (`onEmpty: run`)
import type { DeadReason } from "../events.ts";
import { nodeOf, ROOT, runId, scopeOf } from "../paths.ts";
import type { ProgramNode } from "../program.ts";
import type { ScopeState } from "../state.ts";
import { nodeAt, type WireState, wireState } from "../wires.ts";
import { cancelNode } from "./ending.ts";
import { settleNode } from "./settle.ts";
import { startNode } from "./startNode.ts";
import type { Turn } from "./turn.ts";

type Verdict = "wait" | "start" | { dead: DeadReason };

export function examine(turn: Turn, id: string): void {
  const path = scopeOf(id);
  const scope = turn.state.scopes[path];
  if (!scope || scope.ending || scope.runs[nodeOf(id)]) return;
  const node = nodeAt(turn.program, id);
  const verdict = judge(turn, path, scope, node);
  if (verdict === "wait") return;
  if (verdict !== "start") return settleNode(turn, { t: "NodeDead", run: id, why: verdict.dead });
  startNode(turn, id, node, scope);
  if (node.losers.length > 0) cancelLosers(turn, path, node);
}

function judge(turn: Turn, path: string, scope: ScopeState, node: ProgramNode): Verdict {
  if (turn.state.edited?.node === node.id && path === ROOT) return "start";
  if (node.wires.length === 0) return "start";
  let open = 0;
  let taken = 0;
  let dead = NO_REASON;
  for (const wire of node.wires) {
    const state: WireState = wireState(scope, wire);
    if (state === "open") open++;
    else if (state === "taken") taken++;
    else dead = new Set(dead).add(state);
  }
  const verdict = byJoin(node, open, taken, dead);
  if (verdict !== "start") return verdict;
  const unmet = node.dataInputs.some((input) => isRequired(input) && !isTaken(scope, node, input.name));
  return unmet && !runsEmpty(node, dead) ? { dead: dead.has("empty") ? "empty" : "joinUnmet" } : "start";
}

const NO_REASON: ReadonlySet<DeadReason> = new Set();

function isTaken(scope: ScopeState, node: ProgramNode, input: string): boolean {
  for (const wire of node.wires) if (wire.input === input && wireState(scope, wire) === "taken") return true;
  return false;
}

function byJoin(node: ProgramNode, open: number, taken: number, dead: ReadonlySet<DeadReason>): Verdict {
  const { join } = node;
  if (join === "all") {
    if (dead.size > 0)
      return runsEmpty(node, dead) && open === 0
        ? "start"
        : open === 0 || !dead.has("empty")
          ? { dead: "joinUnmet" }
          : "wait";
    return open === 0 ? "start" : "wait";
  }
  if (join === "any") {
    if (open > 0) return "wait";
    if (taken > 0 || runsEmpty(node, dead)) return "start";
    return { dead: reason(dead) };
  }
  const needed = join === "first" ? 1 : join.n;
  if (taken >= needed) return "start";
  if (taken + open >= needed) return "wait";
  // Whether one that is still open will be taken must not matter: which wire settles first is chance.
  return { dead: taken + open > 0 ? "joinUnmet" : reason(dead) };
}

function isRequired(input: { name: string; required?: boolean }): boolean {
  return input.required ?? input.name === "main";
}

/** "Filter, then count" can say zero; a branch that was not chosen stays silent. */
function runsEmpty(node: ProgramNode, dead: ReadonlySet<DeadReason>): boolean {
  return node.type.onEmpty === "run" && dead.has("empty");
}

function reason(dead: ReadonlySet<DeadReason>): DeadReason {
  for (const candidate of ["empty", "failed", "cancelled", "notChosen"] as const)
    if (dead.has(candidate)) return candidate;
  return "joinUnmet";
}

function cancelLosers(turn: Turn, path: string, join: ProgramNode): void {
  if (join.def.losers === "runOn") return;
  for (const loser of join.losers) {
    const scope = turn.state.scopes[path];
    if (!scope || scope.ending) return;
    cancelNode(turn, runId(path, loser), "joinSatisfied");
  }
}
