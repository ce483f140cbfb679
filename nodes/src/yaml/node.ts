// YAML text to data and back. Of YAML 1.2 with its core kinds only; aliases cannot multiply without end.
import type { Item, Json, JsonObject, Outputs, PureCall } from "@auraos/kernel";
import { parseAllDocuments, stringify } from "yaml";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { textAt, withData, withField } from "../fieldValues.ts";
import { boundText, malformedText } from "../malformed.ts";
import { fieldsOf, getPath, setPath } from "../paths.ts";
import { readConfig } from "../readConfig.ts";
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
  indent: z.int().min(1).max(8).default(2).describe("Format: spaces per level."),
});

export const yamlNode = defineNode({
  type: "yaml",
  version: 1,
  name: "YAML",
  description:
    "Makes data of YAML text, or YAML text of data. Text with several documents gives one item for each.",
  icon: "file-code",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "TEXT_TOO_LONG"]),
  schema,
  example: { operation: "parse", field: "text", into: "settings" },
  evaluate: convert,
});

function convert(call: PureCall): Outputs {
  const { operation, field, into, indent } = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  if (operation === "parse") return { main: { items: parsed(item, field ?? "text", into) } };
  const value = field === undefined ? item.json : (getPath(item.json, field) ?? null);
  const json: JsonObject = field === undefined ? {} : { ...fieldsOf(item.json) };
  setPath(json, into ?? "text", stringify(value, { indent, aliasDuplicateObjects: false }));
  return { main: { items: [withData(item, json)] } };
}

function parsed(item: Item, field: string, into: string | undefined): Item[] {
  const documents = documentsOf(boundText(textAt(item, field), field), field);
  if (into !== undefined) return documents.map((value) => withField(item, into, value));
  return documents.flatMap((value) => (Array.isArray(value) ? value : [value])).map((json) => ({ json }));
}

function documentsOf(text: string, field: string): Json[] {
  const documents = parseAllDocuments(text, {
    schema: "core",
    merge: false,
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: true,
  });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error) throw malformedText(`"${field}" is not YAML: ${error.message.split("\n")[0]}`);
    try {
      return plain(document.toJS({ maxAliasCount: 100 }), field);
    } catch (error) {
      if (error instanceof ReferenceError) throw malformedText(`"${field}" repeats too much by aliases.`);
      throw error;
    }
  });
}

/** What JSON can hold; aliases become copies. */
function plain(value: unknown, field: string): Json {
  if (Array.isArray(value)) return value.map((one) => plain(one, field));
  if (typeof value === "object" && value !== null) {
    const json: JsonObject = {};
    for (const [name, inner] of Object.entries(value)) {
      if (name === "__proto__") throw malformedText(`"${field}" has a field "__proto__".`);
      json[name] = plain(inner, field);
    }
    return json;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw malformedText(`"${field}" holds ${value}, which data cannot.`, "Put it in quotes.");
  }
  return value === undefined ? null : (value as Json);
}
