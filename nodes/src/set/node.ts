// Writes, keeps and removes fields of each item. Hot: checks by hand instead of by schema.
import { type Item, isObject, type JsonObject, type Outputs, type PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { removePath, setPath } from "../paths.ts";
import { show, wrongData, wrongParameter } from "../readConfig.ts";
import { z } from "../schema.ts";

export const setNode = defineNode({
  type: "set",
  version: 1,
  name: "Set fields",
  description:
    "Writes fields of each item, keeps or drops the others. Names with dots write inside: customer.city.",
  icon: "pencil",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID"]),
  schema: z.strictObject({
    fields: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("Fields to write: name or path, and value."),
    keep: z.boolean().default(true).describe("Keep the other fields and the files of the item."),
    remove: z.array(z.string()).optional().describe("Fields to take away."),
  }),
  example: {
    fields: { total: "{{ $json.price * $json.quantity }}", "customer.vip": true },
    remove: ["internal"],
  },
  evaluate: setFields,
});

function setFields(call: PureCall): Outputs {
  const { fields = {}, keep = true, remove } = call.config;
  const item = call.items[0] as Item;
  if (!isObject(fields)) throw wrongParameter("fields", `must be an object, not ${show(fields)}.`);
  if (typeof keep !== "boolean") throw wrongParameter("keep", `must be true or false, not ${show(keep)}.`);

  const json: JsonObject = keep ? copyOf(item) : {};
  for (const path in fields) {
    const value = fields[path];
    if (value !== undefined) setPath(json, path, value as JsonObject);
  }
  if (remove !== undefined && remove !== null) removeFields(json, remove);
  return { main: { items: [keep && item.files ? { json, files: item.files } : { json }] } };
}

function copyOf(item: Item): JsonObject {
  if (item.json === null) return {};
  if (isObject(item.json)) return { ...(item.json as JsonObject) };
  throw wrongData(
    `The item is ${show(item.json)}, which has no fields.`,
    'Turn "keep" off, or make objects of the items first.',
  );
}

function removeFields(json: JsonObject, remove: unknown): void {
  if (!Array.isArray(remove))
    throw wrongParameter("remove", `must be a list of fields, not ${show(remove)}.`);
  for (const path of remove) removePath(json, String(path));
}
