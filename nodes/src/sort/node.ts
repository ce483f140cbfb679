// Puts items in order. Equal items keep their order; what is missing comes last either way.
import type { Item, Json, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { getPath } from "../paths.ts";
import { readConfig } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";
import { compareValues } from "./order.ts";

const schema = z.strictObject({
  by: z
    .array(
      z.strictObject({
        field: pathField("Field to sort by."),
        order: z
          .enum(["ascending", "descending"])
          .default("ascending")
          .describe("Smallest or largest first."),
        ignoreCase: z.boolean().default(false).describe("Treat upper and lower case alike."),
      }),
    )
    .min(1)
    .describe("Fields, the most important first. Numbers come before texts."),
});
type By = z.output<typeof schema>["by"][number];

export const sortNode = defineNode({
  type: "sort",
  version: 1,
  name: "Sort",
  description: "Puts items in order by one or more fields.",
  icon: "arrow-down-up",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  schema,
  example: { by: [{ field: "amount", order: "descending" }, { field: "name" }] },
  evaluate: sort,
});

function sort(call: PureCall): Outputs {
  const { by } = readConfig(schema, call.config);
  const rows = call.items.map((item, index) => ({ index, values: by.map((one) => sortValue(item, one)) }));
  rows.sort((a, b) => {
    for (let place = 0; place < by.length; place++) {
      const result = compareValues(a.values[place], b.values[place], by[place]?.order === "descending");
      if (result !== 0) return result;
    }
    return a.index - b.index;
  });
  const lineage = rows.map((row) => row.index);
  return { main: { items: lineage.map((index) => call.items[index] as Item), lineage } };
}

function sortValue(item: Item, by: By): Json | undefined {
  const value = getPath(item.json, by.field);
  return by.ignoreCase && typeof value === "string" ? value.toLowerCase() : value;
}
