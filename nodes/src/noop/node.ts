// Passes items on unchanged: a place to join wires or to end a branch.
import { defineNode } from "../defineNode.ts";
import { z } from "../schema.ts";

export const noopNode = defineNode({
  type: "noop",
  version: 1,
  name: "No operation",
  description: "Passes its items on unchanged. Useful to bring branches together.",
  icon: "circle-dashed",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  schema: z.strictObject({}),
  example: {},
  evaluate: (call) => ({ main: { items: [...call.items], lineage: "same" } }),
});
