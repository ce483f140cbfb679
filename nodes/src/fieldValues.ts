// Nodes that change values of chosen fields: which fields, where the result goes, what is done about missing ones.
import { type Item, isObject, type Json, type JsonObject, type Outputs } from "@auraos/kernel";
import { getPath, setPath } from "./paths.ts";
import { show, wrongData, wrongParameter } from "./readConfig.ts";
import { pathField, z } from "./schema.ts";

export const fieldChoice = {
  fields: z.array(pathField("Field to change.")).min(1).describe("Fields whose values are changed."),
  into: pathField("Write the result into this field instead (with a single field).").optional(),
  whenMissing: z
    .enum(["ignore", "fail"])
    .default("ignore")
    .describe("When a field is not there or null: leave it, or stop."),
};

type Choice = { fields: string[]; into?: string | undefined; whenMissing: "ignore" | "fail" };

/** One item with its chosen fields changed. */
export function changeFields(
  item: Item,
  choice: Choice,
  change: (value: Json, field: string) => Json,
): Outputs {
  if (!isObject(item.json)) throw wrongData(`The item is ${show(item.json)}, which has no fields.`);
  if (choice.into !== undefined && choice.fields.length > 1) {
    throw wrongParameter("into", "is for a single field.", 'Take "into" away, or name one field only.');
  }
  const json: JsonObject = { ...(item.json as JsonObject) };
  for (const field of choice.fields) {
    const value = getPath(item.json, field);
    if (value === undefined || value === null) {
      if (choice.whenMissing === "fail") throw wrongData(`There is no "${field}".`);
    } else {
      setPath(json, choice.into ?? field, change(value, field));
    }
  }
  return { main: { items: [withData(item, json)] } };
}

/** The item with other data and the same files. */
export function withData(item: Item, json: Json): Item {
  return item.files ? { json, files: item.files } : { json };
}

/** The item with one more field; data without fields is replaced. */
export function withField(item: Item, path: string, value: Json): Item {
  const json: JsonObject = isObject(item.json) ? { ...(item.json as JsonObject) } : {};
  setPath(json, path, value);
  return withData(item, json);
}

/** The text at a field, or an error that says what stands there. */
export function textAt(item: Item, field: string): string {
  const value = getPath(item.json, field);
  if (typeof value === "string") return value;
  throw wrongData(`"${field}" is ${show(value)}, not text.`, `Set "field" to where the text stands.`);
}
