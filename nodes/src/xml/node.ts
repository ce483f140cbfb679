// XML text to data and back.
import { type Item, isObject, type Json, type JsonObject, type Outputs, type PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { textAt, withField } from "../fieldValues.ts";
import { boundText } from "../malformed.ts";
import { getPath } from "../paths.ts";
import { readConfig, show, wrongData } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";
import { dataOf, xmlOf } from "./asData.ts";
import { parseXml } from "./parseXml.ts";

const schema = z.strictObject({
  operation: z.enum(["parse", "format"]).describe("Text to data, or data to text."),
  field: pathField(
    "Parse: field with the text (default text). Format: field to write out (default: the whole item).",
  ).optional(),
  into: pathField(
    "Parse: field for the data (default: it becomes the item). Format: field for the text (default text).",
  ).optional(),
  items: pathField(
    "Parse: give one item per element of this list in the data, such as feed.entry. One element counts as a list.",
  ).optional(),
  lists: z
    .array(z.string().min(1))
    .default([])
    .describe("Parse: names of elements that are always lists, even when one comes alone."),
  attributes: z
    .string()
    .max(10)
    .default("@")
    .describe("What the names of attributes begin with in the data."),
  namespaces: z.boolean().default(true).describe("Parse: keep prefixes such as soap: in names, and xmlns."),
  root: z
    .string()
    .min(1)
    .optional()
    .describe("Format: name of the outer element, when the data is not one itself."),
  declaration: z.boolean().default(true).describe("Format: begin with <?xml ...?>."),
  indent: z.int().min(0).max(8).default(2).describe("Format: spaces per level; 0 writes one line."),
});
type Config = z.output<typeof schema>;

export const xmlNode = defineNode({
  type: "xml",
  version: 1,
  name: "XML",
  description:
    "Makes data of XML text, or XML text of data. Values stay text; document types and their entities are refused.",
  icon: "code-xml",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "TEXT_TOO_LONG"]),
  schema,
  example: { operation: "parse", field: "body", items: "orders.order", lists: ["line"] },
  evaluate: convert,
});

function convert(call: PureCall): Outputs {
  const config = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  return { main: { items: config.operation === "parse" ? parsed(item, config) : [formatted(item, config)] } };
}

function parsed(item: Item, config: Config): Item[] {
  const { field = "text", into, items, lists, attributes, namespaces } = config;
  const data = dataOf(parseXml(boundText(textAt(item, field), field)), { attributes, lists, namespaces });
  if (items === undefined) return [into === undefined ? { json: data } : withField(item, into, data)];
  const list = getPath(data, items) ?? [];
  return (Array.isArray(list) ? list : [list]).map((json) =>
    into === undefined ? { json } : withField(item, into, json),
  );
}

function formatted(
  item: Item,
  { field, into = "text", attributes, root, declaration, indent }: Config,
): Item {
  const value: Json = field === undefined ? item.json : (getPath(item.json, field) ?? null);
  const data: Json = root === undefined ? value : { [root]: value };
  if (!isObject(data)) throw wrongData(`There is ${show(data)} to write, not an object.`, 'Set "root".');
  const text =
    (declaration ? `<?xml version="1.0" encoding="UTF-8"?>\n` : "") + xmlOf(data, attributes, indent);
  return field === undefined
    ? { ...item, json: { [into]: text } as JsonObject }
    : withField(item, into, text);
}
