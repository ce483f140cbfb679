// Puts items in order. Equal items keep their order; what is missing comes last either way.
import type { Item, Json, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { getPath } from "../paths.ts";
import { readConfig } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";

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
      const result = compare(a.values[place], b.values[place], by[place]?.order === "descending");
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

function compare(a: Json | undefined, b: Json | undefined, isDescending: boolean): number {
  const kind = kindOf(a) - kindOf(b);
  if (kind !== 0) return missing(a) || missing(b) || !isDescending ? kind : -kind;
  const result = within(a, b);
  return isDescending ? -result : result;
}

function within(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return 0;
}

function missing(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

function kindOf(value: Json | undefined): number {
  if (missing(value)) return 4;
  if (typeof value === "number") return 0;
  if (typeof value === "string") return 1;
  return typeof value === "boolean" ? 2 : 3;
}
