// While: each iteration gets the output of the one before. The bound is mandatory: reaching it with the condition
// still true is an error, never a silent end. A condition that is false at once passes the input on.
import type { Failure } from "../failure.ts";
import { NodeError } from "../failure.ts";
import type { ProgramNode } from "../program.ts";
import { Scope } from "../scope.ts";
import type { BlockState } from "../state.ts";
import { nodeAt } from "../wires.ts";
import { isEnding, openBody, settleBlock } from "./block.ts";
import { failNode } from "./failing.ts";
import { toFailure } from "./pure.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";

type While = BlockState & { kind: "while" };

export function pumpWhile(turn: Turn, id: string, block: While): void {
  if (block.open) return;
  if (block.outcome === "failed") return settleBlock(turn, id, "failed", block.failure);
  if (block.outcome === "cancelled" || isEnding(turn, id))
    return settleNode(turn, { t: "NodeCancelled", run: id, why: "scopeEnding" });
  if (block.outcome === "break") return settleNode(turn, { t: "NodeFinished", run: id, from: "block" });
  turn.work++;
  const node = nodeAt(turn.program, id);
  let holds: boolean;
  try {
    holds = condition(turn, id, node, block);
  } catch (error) {
    return failNode(turn, id, toFailure(error));
  }
  if (!holds) return settleNode(turn, { t: "NodeFinished", run: id, from: "block" });
  if (block.iteration >= (node.def.config?.maxIterations as number))
    return failNode(turn, id, boundReached(node, block));
  openBody(turn, id, block.iteration);
}

function condition(turn: Turn, id: string, node: ProgramNode, block: While): boolean {
  const scope = new Scope(turn.program, turn.state, id, 0, turn.nowMs);
  scope.items = block.items;
  scope.runIndex = block.iteration;
  const value = node.config.lazy.condition?.(scope);
  if (typeof value !== "boolean")
    throw new NodeError({
      code: "NOT_A_BOOLEAN",
      class: "data",
      message: `The condition of "${node.name}" gave ${JSON.stringify(value) ?? "nothing"}, not true or false.`,
      remedy: "Compare something, for example {{ $json.count < 10 }}.",
      field: "condition",
      certainty: "notDone",
    });
  return value;
}

function boundReached(node: ProgramNode, block: While): Failure {
  return {
    code: "LOOP_BOUND",
    class: "limit",
    message: `"${node.name}" reached its bound of ${block.iteration} iterations and its condition still holds.`,
    remedy: "Raise `maxIterations`, or correct the condition.",
    certainty: "notDone",
  };
}
