// Keeps one item of those that are equal.
import type { Item, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { keyOf, valueKey } from "../keys.ts";
import { readConfig } from "../readConfig.ts";
import { z } from "../schema.ts";

const schema = z.strictObject({
  fields: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Fields that make items equal. Default: all their data."),
  keep: z.enum(["first", "last"]).default("first").describe("Which of the equal items stays."),
});

export const dedupeNode = defineNode({
  type: "dedupe",
  version: 1,
  name: "Remove duplicates",
  description: "Keeps one of the items that have the same data, or the same values in chosen fields.",
  icon: "copy-minus",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  schema,
  example: { fields: ["email"] },
  evaluate: dedupe,
});

function dedupe(call: PureCall): Outputs {
  const { fields, keep } = readConfig(schema, call.config);
  const kept = new Map<string, number>();
  call.items.forEach((item, index) => {
    const key = fields ? keyOf(item, fields) : valueKey(item.json);
    if (keep === "last" || !kept.has(key)) kept.set(key, index);
  });
  const lineage = [...kept.values()].sort((a, b) => a - b);
  return { main: { items: lineage.map((index) => call.items[index] as Item), lineage } };
}
