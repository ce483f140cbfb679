// The colour of a node's icon: what starts, what decides, what reaches the world, what thinks. Computing stays grey. None is
// a colour of a status, so that a canvas tells at a glance both what is there and how it went.
import { isAttachment, isBlock, type NodeTypeView } from "./nodeTypes.ts";

const tints = {
  trigger: "bg-accent-soft text-accent-text",
  condition: "bg-kind-flow/12 text-kind-flow",
  action: "bg-kind-action/12 text-kind-action",
  transform: "bg-sunken text-muted",
};

export function tintOf(view: NodeTypeView | undefined): string {
  if (view === undefined) return tints.transform;
  if (view.type.startsWith("ai.") || isAttachment(view)) return "bg-kind-ai/12 text-kind-ai";
  return isBlock(view) ? tints.condition : tints[view.category];
}
