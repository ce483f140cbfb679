// One item per element of a list inside an item.
import { type Item, isObject, type Json, type JsonObject, type Outputs, type PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { fieldsOf, getPath, removePath, setPath } from "../paths.ts";
import { readConfig, show, wrongData } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";

const schema = z.strictObject({
  field: pathField("Field that holds the list. Missing or null counts as an empty list."),
  into: pathField(
    "Put the element into this field. Default: an object's fields become the item's fields.",
  ).optional(),
  keep: z.boolean().default(false).describe("Keep the other fields of the item."),
});

export const splitNode = defineNode({
  type: "split",
  version: 1,
  name: "Split out",
  description: "Makes one item of each element of a list inside an item.",
  icon: "ungroup",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID"]),
  schema,
  example: { field: "lines", keep: true },
  evaluate: split,
});

function split(call: PureCall): Outputs {
  const { field, into, keep } = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  const list = getPath(item.json, field) ?? [];
  if (!Array.isArray(list)) throw wrongData(`"${field}" is ${show(list)}, not a list.`);

  const rest: JsonObject = keep ? { ...fieldsOf(item.json) } : {};
  if (keep) removePath(rest, field);
  return { main: { items: list.map((element) => ({ json: elementJson(element, rest, into, keep) })) } };
}

function elementJson(element: Json, rest: JsonObject, into: string | undefined, keep: boolean): Json {
  if (into !== undefined) {
    const json = { ...rest };
    setPath(json, into, element);
    return json;
  }
  if (!keep) return element;
  if (isObject(element)) return { ...rest, ...(element as JsonObject) };
  throw wrongData(`The element ${show(element)} has no fields.`, 'Set "into" to the field it should go to.');
}
