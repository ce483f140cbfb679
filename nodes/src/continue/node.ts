// Ends a round of the innermost loop. The kernel does it; here it is only described.
import { defineNode } from "../defineNode.ts";
import { z } from "../schema.ts";

export const continueNode = defineNode({
  type: "continue",
  version: 1,
  name: "Continue",
  description: "Goes on with the next round of the loop it stands in; this round gives no result.",
  icon: "skip-forward",
  category: "condition",
  structure: "continue",
  effect: "pure",
  per: "list",
  ports: [],
  schema: z.strictObject({}),
  example: {},
});
