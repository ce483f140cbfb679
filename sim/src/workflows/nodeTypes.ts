// The node types of the simulation: the product's own structures and computations, and one activity per effect.
import type { NodeType } from "@auraos/kernel";
import { findNodeType } from "@auraos/nodes";

const work = (type: string, effect: NodeType["effect"], per: NodeType["per"], confirms?: true): NodeType => ({
  type,
  version: 1,
  category: "action",
  effect,
  per,
  timeoutMs: 3_000,
  ...(confirms ? { confirms } : {}),
});

const TYPES: NodeType[] = [
  work("sim.read", "read", "item"),
  work("sim.idempotent", "idempotent", "item"),
  work("sim.once", "once", "item"),
  work("sim.asked", "once", "item", true),
  work("sim.readList", "read", "list"),
  work("sim.idempotentList", "idempotent", "list"),
  work("sim.onceList", "once", "list"),
  work("sim.askedList", "once", "list", true),
  {
    type: "sim.join",
    version: 1,
    category: "transform",
    effect: "pure",
    per: "item",
    evaluate: (call) => ({ main: { items: [...call.items] } }),
  },
];

const byType = new Map(TYPES.map((type) => [type.type, type]));

export function simulatedNodeType(type: string): NodeType | undefined {
  return byType.get(type) ?? findNodeType(type);
}
