// Reads a file of the file area, as text, data, rows or the file itself.
import type { Item, Json, Outputs } from "@auraos/kernel";
import { csvFields, parseCsv } from "../../csv/text.ts";
import { type ActivityCall, type ActivityContext, ActivityError, defineNode } from "../../defineNode.ts";
import { readConfig } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import { fileFailure } from "../failure.ts";
import { mimeTypeOf } from "../mimeType.ts";

const schema = z.strictObject({
  path: z.string().min(1).describe("Path within the file area."),
  as: z
    .enum(["text", "json", "csv", "file"])
    .default("text")
    .describe(
      "Text in the field text; data of a JSON file; one item per CSV row; or the file for later steps.",
    ),
  ...csvFields,
});
type Config = z.output<typeof schema>;

export const fileRead = defineNode({
  type: "file.read",
  version: 1,
  name: "Read file",
  description: "Reads a file: as text, as JSON or CSV data, or to pass the file on.",
  icon: "file-input",
  category: "action",
  effect: "read",
  per: "item",
  ports: ["main"],
  schema,
  example: { path: "reports/orders.csv", as: "csv", types: "infer" },
  run,
});

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  let bytes: Uint8Array;
  try {
    bytes = await context.files.read(config.path);
  } catch (error) {
    throw fileFailure(error, config.path);
  }
  return { main: { items: await itemsOf(bytes, config, context) } };
}

async function itemsOf(bytes: Uint8Array, config: Config, context: ActivityContext): Promise<Item[]> {
  const { path } = config;
  if (config.as === "file") {
    const name = path.split("/").at(-1) ?? path;
    const data = await context.blobs.put(bytes, { name, mimeType: mimeTypeOf(name) });
    return [{ json: { path, name, mimeType: data.mimeType, bytes: data.bytes }, files: { data } }];
  }
  // The decoder drops a byte order mark.
  const text = new TextDecoder().decode(bytes);
  if (config.as === "text") return [{ json: { path, text } }];
  if (config.as === "csv") return parseCsv(text, config).map((json) => ({ json }));
  const value = parseJson(text, path);
  return Array.isArray(value) ? value.map((json) => ({ json })) : [{ json: value }];
}

function parseJson(text: string, path: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new ActivityError({
      code: "DATA_MALFORMED",
      class: "data",
      message: `The file "${path}" is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      certainty: "notDone",
    });
  }
}
