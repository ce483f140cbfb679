// Ends the innermost loop. The kernel does it; here it is only described.
import { defineNode } from "../defineNode.ts";
import { z } from "../schema.ts";

export const breakNode = defineNode({
  type: "break",
  version: 1,
  name: "Break",
  description: "Ends the loop it stands in; the round it stands in gives no result.",
  icon: "octagon-x",
  category: "condition",
  structure: "break",
  effect: "pure",
  per: "list",
  ports: [],
  schema: z.strictObject({}),
  example: {},
});
