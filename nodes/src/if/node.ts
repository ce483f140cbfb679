// Sends each item to `true` or `false`.
import type { Item } from "@auraos/kernel";
import { checkConditions, conditionFields, holds } from "../conditions.ts";
import { defineNode } from "../defineNode.ts";
import { z } from "../schema.ts";

export const ifNode = defineNode({
  type: "if",
  version: 1,
  name: "If",
  description:
    "Sends each item to true or false, by a condition. The condition must give true or false, nothing else.",
  icon: "split",
  category: "condition",
  effect: "pure",
  per: "item",
  ports: ["true", "false"],
  schema: z.strictObject(conditionFields),
  example: { condition: "{{ $json.amount > 100 }}" },
  checkConfig: checkConditions,
  evaluate: (call) => ({ [holds(call.config) ? "true" : "false"]: { items: [call.items[0] as Item] } }),
});
