// Keeps some items from the start or the end.
import type { Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { readConfig } from "../readConfig.ts";
import { z } from "../schema.ts";

const schema = z.strictObject({
  count: z.int().min(0).describe("Items to keep at most."),
  skip: z.int().min(0).default(0).describe("Items to leave out before that."),
  from: z.enum(["start", "end"]).default("start").describe("Count from the first or from the last item."),
});

export const limitNode = defineNode({
  type: "limit",
  version: 1,
  name: "Limit",
  description: "Keeps the first or last items.",
  icon: "list-end",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  schema,
  example: { count: 10 },
  evaluate: limit,
});

function limit(call: PureCall): Outputs {
  const { count, skip, from } = readConfig(schema, call.config);
  const end = from === "start" ? skip + count : call.items.length - skip;
  const begin = from === "start" ? skip : Math.max(0, end - count);
  const items = call.items.slice(begin, Math.max(begin, end));
  return { main: { items, lineage: items.map((_, index) => begin + index) } };
}
