// A node starts: by structure, as a computation inside the turn, or as an activity.
import type { Item } from "../item.ts";
import type { ProgramNode } from "../program.ts";
import type { ScopeState } from "../state.ts";
import { inputItems } from "../wires.ts";
import { startActivity } from "./activity.ts";
import { startBlock } from "./block.ts";
import { endWith } from "./ending.ts";
import { evaluateNode } from "./pure.ts";
import { respond, stop } from "./reply.ts";
import { registerCompensation } from "./saga.ts";
import { settleNode } from "./settle.ts";
import { backlogOf, type Turn } from "./turn.ts";
import { startWait } from "./wait.ts";

export function startNode(turn: Turn, id: string, node: ProgramNode, scope: ScopeState): void {
  turn.work++;
  if (node.def.disabled)
    return settleNode(turn, { t: "NodeFinished", run: id, from: "input", port: node.ports[0] ?? "main" });
  if (node.def.pinned && turn.state.start?.mode === "test")
    return usePinned(
      turn,
      id,
      node,
      node.def.pinned.map((json): Item => ({ json })),
    );
  switch (node.type.structure) {
    case "trigger":
      return settleNode(turn, { t: "NodeFinished", run: id, from: "input", port: node.ports[0] ?? "main" });
    case "foreach":
    case "while":
    case "parallel":
    case "try":
    case "saga":
      registerCompensation(turn, id, node);
      return startBlock(turn, id, node);
    case "break":
    case "continue":
      return endWith(turn, { t: "NodeFinished", run: id, outputs: {} }, { kind: node.type.structure });
    case "wait":
    case "approval":
      return startWait(turn, id, node);
    case "respond":
      return respond(turn, id, node);
    case "stop":
      return stop(turn, id);
  }
  if (node.type.evaluate) {
    registerCompensation(turn, id, node);
    return evaluateNode(turn, id, node, scope);
  }
  if (turn.isFull) {
    backlogOf(turn.state).deferred.add(id);
    return;
  }
  registerCompensation(turn, id, node);
  startActivity(turn, id, node, inputItems(turn.state, scope, node).length);
}

function usePinned(turn: Turn, id: string, node: ProgramNode, items: Item[]): void {
  settleNode(turn, { t: "NodeFinished", run: id, outputs: { [node.ports[0] ?? "main"]: { items } } });
}
