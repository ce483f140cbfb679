// Gives fields other names. All names change at once, so two fields can swap theirs.
import { type Item, isObject, type Json, type JsonObject, type Outputs, type PureCall } from "@auraos/kernel";
import { type Casing, casings, inCasing } from "../casing.ts";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { getPath, removePath, setPath } from "../paths.ts";
import { readConfig, show, wrongData, wrongParameter } from "../readConfig.ts";
import { z } from "../schema.ts";

const schema = z.strictObject({
  fields: z
    .record(z.string().min(1), z.string().min(1))
    .default({})
    .describe("Present name or path, and the new one."),
  casing: z
    .enum(casings)
    .optional()
    .describe("Write all other names this way: firstName, FirstName, first_name, first-name or FIRST_NAME."),
  deep: z.boolean().default(false).describe("Casing: also the names inside objects and lists."),
  prefix: z.string().optional().describe("Put this before every other name on the top level."),
  whenMissing: z.enum(["ignore", "fail"]).default("ignore").describe("When a field to rename is not there."),
  whenTaken: z
    .enum(["fail", "replace"])
    .default("fail")
    .describe("When the new name already belongs to another field."),
});
type Config = z.output<typeof schema>;

export const renameNode = defineNode({
  type: "rename",
  version: 1,
  name: "Rename fields",
  description: "Gives fields of each item other names: one by one, or all in one way of writing.",
  icon: "text-cursor-input",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID"]),
  schema,
  example: { fields: { "cust.nm": "customerName", amt: "amount" }, casing: "camel" },
  evaluate: rename,
});

function rename(call: PureCall): Outputs {
  const config = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  if (!isObject(item.json)) throw wrongData(`The item is ${show(item.json)}, which has no fields.`);
  const json = renamed(item.json as JsonObject, config);
  return { main: { items: [item.files ? { json, files: item.files } : { json }] } };
}

/** Fields of the top level keep their place; those that move in or out of an object come last. */
function renamed(given: JsonObject, config: Config): JsonObject {
  const moves: { to: string; value: Json }[] = [];
  const plain = new Map<string, string>();
  const rest = { ...given };
  for (const [from, to] of Object.entries(config.fields)) {
    const value = getPath(given, from);
    if (value === undefined) {
      if (config.whenMissing === "fail") throw wrongData(`There is no field "${from}".`);
    } else if (Object.hasOwn(given, from) && !to.includes(".")) {
      plain.set(from, to);
    } else {
      moves.push({ to, value });
      removePath(rest, from);
    }
  }

  const made: JsonObject = {};
  for (const [name, value] of Object.entries(rest)) {
    const to = plain.get(name);
    const other = config.deep && config.casing ? deeply(value as Json, config.casing) : (value as Json);
    put(made, to ?? otherName(name, config), to === undefined ? other : (value as Json), config);
  }
  for (const { to, value } of moves) put(made, to, value, config);
  return made;
}

function otherName(name: string, { casing, prefix = "" }: Config): string {
  return prefix + (casing ? inCasing(name, casing) : name);
}

function deeply(value: Json, casing: Casing): Json {
  if (Array.isArray(value)) return value.map((one) => deeply(one, casing));
  if (!isObject(value)) return value;
  const made: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    const to = inCasing(name, casing);
    if (Object.hasOwn(made, to)) throw taken(to);
    made[to] = deeply(inner as Json, casing);
  }
  return made;
}

function put(made: JsonObject, to: string, value: Json, { whenTaken }: Config): void {
  if (whenTaken === "fail" && getPath(made, to) !== undefined) throw taken(to);
  setPath(made, to, value);
}

function taken(name: string) {
  return wrongParameter(
    "fields",
    `gives the name "${name}" to two fields.`,
    'Choose another name, or set "whenTaken" to "replace".',
  );
}
