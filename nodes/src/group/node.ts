// Items with equal fields come together: one item per group with its members as a list, or one object with a list
// per value.
import type { Item, Json, JsonObject, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { groupsOf } from "../keys.ts";
import { getPath, setPath } from "../paths.ts";
import { readConfig, show, wrongData } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";

const schema = z.strictObject({
  by: z
    .array(pathField("Field whose equal values belong together."))
    .min(1)
    .describe("Fields that make a group."),
  into: pathField("Field for the list of members.").default("items"),
  count: pathField("Field for the number of members. Default: it is not written.").optional(),
  take: z
    .array(pathField("Field of the members to keep."))
    .min(1)
    .optional()
    .describe(
      "Fields of the members to keep. One field gives a plain list of its values. Default: all their data.",
    ),
  shape: z
    .enum(["items", "object"])
    .default("items")
    .describe(
      "One item per group, or a single item with one list per value, such as {DE: [...], FR: [...]}.",
    ),
});
type Config = z.output<typeof schema>;

export const groupNode = defineNode({
  type: "group",
  version: 1,
  name: "Group",
  description: "Brings items with equal fields together: one item per group with its members as a list.",
  icon: "group",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID"]),
  schema,
  example: { by: ["customer.id"], into: "orders", count: "orderCount" },
  checkConfig: (config) =>
    config.shape === "object" && Array.isArray(config.by) && config.by.length > 1
      ? [{ field: "by", code: "GROUP", message: "One object has room for one field; give a single one." }]
      : [],
  evaluate: group,
});

function group(call: PureCall): Outputs {
  const config = readConfig(schema, call.config);
  const groups = groupsOf(call.items, config.by);
  if (config.shape === "object") return asObject(call, groups, config);
  const items = groups.map((members) => {
    const json: JsonObject = {};
    for (const path of config.by) setPath(json, path, getPath(first(call, members).json, path) ?? null);
    if (config.count !== undefined) setPath(json, config.count, members.length);
    setPath(json, config.into, membersOf(call, members, config));
    return { json };
  });
  return { main: { items, lineage: groups } };
}

function asObject(call: PureCall, groups: number[][], config: Config): Outputs {
  const json: JsonObject = {};
  const [by = ""] = config.by;
  for (const members of groups) {
    const value = getPath(first(call, members).json, by) ?? null;
    if (typeof value === "object" && value !== null) {
      throw wrongData(`"${by}" of item ${members[0]} is ${show(value)}, which cannot name a group.`);
    }
    const name = String(value);
    if (Object.hasOwn(json, name))
      throw wrongData(`"${by}" is ${JSON.stringify(name)} in two kinds, such as a number and text.`);
    if (name === "__proto__") throw wrongData(`"${by}" of item ${members[0]} cannot name a group.`);
    json[name] = membersOf(call, members, config);
  }
  return { main: { items: [{ json }], lineage: [groups.flat()] } };
}

function first(call: PureCall, members: readonly number[]): Item {
  return call.items[members[0] ?? 0] as Item;
}

function membersOf(call: PureCall, members: readonly number[], { take }: Config): Json[] {
  const all = members.map((index) => (call.items[index] as Item).json);
  if (!take) return all;
  const [only] = take;
  if (take.length === 1 && only !== undefined) return all.map((json) => getPath(json, only) ?? null);
  return all.map((json) => {
    const kept: JsonObject = {};
    for (const path of take) setPath(kept, path, getPath(json, path) ?? null);
    return kept;
  });
}
