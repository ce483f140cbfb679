// Lets items pass for which the condition holds.
import type { Item } from "@auraos/kernel";
import { checkConditions, conditionFields, holds } from "../conditions.ts";
import { defineNode } from "../defineNode.ts";
import { z } from "../schema.ts";

export const filterNode = defineNode({
  type: "filter",
  version: 1,
  name: "Filter",
  description: "Keeps the items for which the condition holds and drops the others.",
  icon: "filter",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  schema: z.strictObject(conditionFields),
  example: {
    conditions: [
      { left: "{{ $json.status }}", operator: "equals", right: "open" },
      { left: "{{ $json.amount }}", operator: "greater", right: 100 },
    ],
    combine: "and",
  },
  checkConfig: checkConditions,
  evaluate: (call) => ({ main: { items: holds(call.config) ? [call.items[0] as Item] : [] } }),
});
