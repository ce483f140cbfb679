// Brings the items of several wires together: one after another, side by side, by equal fields, or each with each.
import type { ConfigProblem, Item, JsonObject, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { readConfig } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";
import { cross, type Joined, joinByKey, joinByPosition } from "./joins.ts";

const inputNames = ["main", "second", "third", "fourth"] as const;

const schema = z.strictObject({
  mode: z
    .enum(["append", "position", "key", "cross"])
    .default("append")
    .describe(
      "One input after the other; side by side by place; side by side by equal fields; each with each.",
    ),
  fields: z
    .array(
      z.union([
        pathField("Field with the same name on both sides."),
        z.strictObject({
          main: pathField("Field of the items of main."),
          second: pathField("Field of the items of second."),
        }),
      ]),
    )
    .min(1)
    .optional()
    .describe("Fields that must be equal (mode key)."),
  join: z
    .enum(["inner", "left", "outer"])
    .default("inner")
    .describe("Keep only what has a partner; also all of main; also all of second (modes position and key)."),
  into: pathField("Put the data of second into this field instead of mixing the fields.").optional(),
  prefer: z.enum(["main", "second"]).default("second").describe("Whose value counts when both have a field."),
  itemsMax: z.int().min(1).max(1_000_000).default(100_000).describe("More items than this are an error."),
});
export type MergeConfig = z.output<typeof schema>;

export const mergeNode = defineNode({
  type: "merge",
  version: 1,
  name: "Merge",
  description:
    "Brings the items of up to four inputs together, or combines main and second side by side, by equal fields, or each with each.",
  icon: "merge",
  category: "transform",
  effect: "pure",
  per: "list",
  inputs: inputNames.map((name) => ({ name, required: false })),
  ports: ["main"],
  onEmpty: "run",
  errors: nodeErrors(["DATA_INVALID", "ITEMS_BOUND"]),
  schema,
  example: { mode: "key", fields: [{ main: "customerId", second: "id" }], join: "left" },
  checkConfig: checkFields,
  evaluate: merge,
});

function checkFields(config: JsonObject): ConfigProblem[] {
  if ((config.mode === "key") === (config.fields !== undefined)) return [];
  const message = config.mode === "key" ? 'Mode key needs "fields".' : '"fields" are for mode key only.';
  return [{ field: "fields", code: "MERGE", message }];
}

function merge(call: PureCall): Outputs {
  const config = readConfig(schema, call.config);
  const main = call.inputs.main ?? call.items;
  const second = call.inputs.second ?? [];
  if (config.mode === "append")
    return append([main, second, call.inputs.third ?? [], call.inputs.fourth ?? []]);

  const joined = pair(config, main, second);
  return { main: { items: joined.map((one) => one.item), lineage: joined.map((one) => one.from) } };
}

function pair(config: MergeConfig, main: readonly Item[], second: readonly Item[]): Joined[] {
  if (config.mode === "position") return joinByPosition(config, main, second);
  return config.mode === "key" ? joinByKey(config, main, second) : cross(config, main, second);
}

/** Lineage counts within main; items of other inputs have none. */
function append(lists: readonly (readonly Item[])[]): Outputs {
  const [main = [], ...others] = lists;
  const added = others.flat();
  const lineage = [...main.map((_, index) => index), ...added.map(() => null)];
  return { main: { items: [...main, ...added], lineage } };
}
