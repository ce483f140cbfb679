// Many items to few: totals per group, or all items as one list. Runs on nothing too, so that a count can be zero.
import type { ConfigProblem, JsonObject, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { groupsOf } from "../keys.ts";
import { getPath, setPath } from "../paths.ts";
import { readConfig } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";
import { operate, operations } from "./operations.ts";

const schema = z.strictObject({
  groupBy: z
    .array(z.string().min(1))
    .optional()
    .describe("Fields whose equal values make a group. Default: one group of all."),
  fields: z
    .array(
      z.strictObject({
        operation: z.enum(operations).describe("What is computed over the group."),
        field: pathField("Field it is computed from. Count without a field counts items.").optional(),
        as: pathField("Name of the result."),
        decimals: z
          .int()
          .min(0)
          .max(20)
          .optional()
          .describe("Round a computed number to this many decimals, half up."),
        percent: z
          .number()
          .min(0)
          .max(100)
          .optional()
          .describe("Percentile: which one; 50 is the median. Between two values it is interpolated."),
        separator: z
          .string()
          .optional()
          .describe("Join: what stands between the values. Default: comma and space."),
      }),
    )
    .min(1)
    .optional()
    .describe("Results per group. Sums are exact in decimal: 0.1 + 0.2 is 0.3."),
  into: pathField("Put the data of all items as one list into this field, instead of computing.").optional(),
});

export const aggregateNode = defineNode({
  type: "aggregate",
  version: 1,
  name: "Aggregate",
  description: "Counts, sums and compares items, in groups if wished, or collects all items into one list.",
  icon: "sigma",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  onEmpty: "run",
  errors: nodeErrors(["DATA_INVALID"]),
  schema,
  example: {
    groupBy: ["country"],
    fields: [
      { operation: "count", as: "orders" },
      { operation: "sum", field: "amount", as: "revenue" },
    ],
  },
  checkConfig: checkFields,
  evaluate: aggregate,
});

/** What makes sense of items as a whole. */
const wholeItems: readonly unknown[] = ["count", "list", "first", "last"];

function checkFields(config: JsonObject): ConfigProblem[] {
  if ((config.fields === undefined) === (config.into === undefined)) {
    return [{ field: "fields", code: "AGGREGATE", message: 'Give either "fields" or "into".' }];
  }
  const fields = Array.isArray(config.fields) ? (config.fields as JsonObject[]) : [];
  return fields.flatMap((one, index) => {
    const missing = [
      ...(one.field === undefined && !wholeItems.includes(one.operation) ? ["field"] : []),
      ...(one.percent === undefined && one.operation === "percentile" ? ["percent"] : []),
    ];
    return missing.map((name) => ({
      field: `fields.${index}.${name}`,
      code: "FIELD_MISSING",
      message: `"${String(one.operation)}" needs a ${name}.`,
    }));
  });
}

function aggregate(call: PureCall): Outputs {
  const { groupBy, fields = [], into } = readConfig(schema, call.config);
  const json: JsonObject[] = [];
  const lineage: number[][] = [];
  for (const members of groups(call, groupBy)) {
    const items = members.map((index) => call.items[index] as PureCall["items"][number]);
    const made: JsonObject = {};
    for (const path of groupBy ?? []) setPath(made, path, getPath(items[0]?.json, path) ?? null);
    if (into !== undefined)
      setPath(
        made,
        into,
        items.map((item) => item.json),
      );
    for (const one of fields) setPath(made, one.as, operate(one, items, members));
    json.push(made);
    lineage.push(members);
  }
  return { main: { items: json.map((one) => ({ json: one })), lineage } };
}

/** Places of the items of each group, groups in the order of their first item. Without `groupBy` always one group. */
function groups(call: PureCall, groupBy: readonly string[] | undefined): number[][] {
  if (groupBy === undefined || groupBy.length === 0) return [call.items.map((_, index) => index)];
  return groupsOf(call.items, groupBy);
}
