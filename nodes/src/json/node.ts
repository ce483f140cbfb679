// JSON text to data and back.
import type { Item, Json, JsonObject, Outputs, PureCall } from "@auraos/kernel";
import { ActivityError, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { boundText } from "../malformed.ts";
import { fieldsOf, getPath, setPath } from "../paths.ts";
import { readConfig, show, wrongData } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";

const schema = z.strictObject({
  operation: z.enum(["parse", "format"]).describe("Text to data, or data to text."),
  field: pathField(
    "Parse: field with the text (default text). Format: field to write out (default: the whole item).",
  ).optional(),
  into: pathField(
    "Parse: field for the data (default: it becomes the item; a list gives one item per element). " +
      "Format: field for the text (default text).",
  ).optional(),
  indent: z.int().min(0).max(8).default(0).describe("Spaces per level when formatting; 0 writes one line."),
});

export const jsonNode = defineNode({
  type: "json",
  version: 1,
  name: "JSON",
  description: "Makes data of JSON text, or JSON text of data.",
  icon: "braces",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "TEXT_TOO_LONG"]),
  schema,
  example: { operation: "parse", field: "payload", into: "data" },
  evaluate: convert,
});

function convert(call: PureCall): Outputs {
  const { operation, field, into, indent } = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  if (operation === "parse") return { main: { items: parsed(item, field ?? "text", into) } };
  const value = field === undefined ? item.json : (getPath(item.json, field) ?? null);
  const json: JsonObject = field === undefined ? {} : { ...fieldsOf(item.json) };
  setPath(json, into ?? "text", JSON.stringify(value, null, indent));
  return { main: { items: [item.files ? { json, files: item.files } : { json }] } };
}

function parsed(item: Item, field: string, into: string | undefined): Item[] {
  const text = getPath(item.json, field);
  if (typeof text !== "string") throw wrongData(`"${field}" is ${show(text)}, not text.`);
  const value = parse(boundText(text, field), field);
  if (into === undefined) return Array.isArray(value) ? value.map((json) => ({ json })) : [{ json: value }];
  const json: JsonObject = { ...fieldsOf(item.json) };
  setPath(json, into, value);
  return [item.files ? { json, files: item.files } : { json }];
}

function parse(text: string, field: string): Json {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as Json;
  } catch (error) {
    throw new ActivityError({
      code: "DATA_MALFORMED",
      class: "data",
      message: `"${field}" is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      certainty: "notDone",
    });
  }
}
