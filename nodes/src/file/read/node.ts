// Reads a file as text, data, rows or the file itself: one of the file area, or one that came with the item.
import type { ConfigProblem, Item, Json, JsonObject, Outputs } from "@auraos/kernel";
import { csvFields, parseCsv } from "../../csv/text.ts";
import { type ActivityCall, type ActivityContext, ActivityError, defineNode } from "../../defineNode.ts";
import { nodeErrors } from "../../errors/nodeErrors.ts";
import { readConfig, wrongData, wrongParameter } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import { fileFailure } from "../failure.ts";
import { mimeTypeOf } from "../mimeType.ts";

const schema = z.strictObject({
  path: z.string().min(1).optional().describe("Path within the file area."),
  file: z.string().min(1).optional().describe("Name of the item's file, such as data, to read instead."),
  as: z
    .enum(["text", "json", "csv", "file"])
    .default("text")
    .describe(
      "Text in the field text; data of a JSON file; one item per CSV row; or the file for later steps.",
    ),
  ...csvFields,
  concurrency: z.int().min(1).max(100).optional().describe("Files read at the same time."),
});
type Config = z.output<typeof schema>;

export const fileRead = defineNode({
  type: "file.read",
  version: 1,
  name: "Read file",
  description:
    "Reads a file of the file area, or one that came with the item: as text, as JSON or CSV data, or to pass it on.",
  icon: "file-input",
  category: "action",
  effect: "read",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "FILE_NOT_ALLOWED", "DISK_FULL"], "files", "blobs"),
  schema,
  example: { path: "reports/orders.csv", as: "csv", types: "infer" },
  checkConfig: checkSource,
  run,
});

function checkSource(config: JsonObject): ConfigProblem[] {
  if ((config.path === undefined) !== (config.file === undefined)) return [];
  return [{ field: "path", code: "FIELD_MISSING", message: 'Give either "path" or "file".' }];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const { path, bytes } = await source(config, call.items[0] as Item, context);
  return { main: { items: await itemsOf(path, bytes, config, context) } };
}

async function source(
  config: Config,
  item: Item,
  context: ActivityContext,
): Promise<{ path: string; bytes: Uint8Array }> {
  const { path, file: name } = config;
  if (name !== undefined) {
    const file = item.files?.[name];
    if (!file) throw wrongData(`The item has no file "${name}".`);
    return { path: file.name, bytes: await context.blobs.get(file) };
  }
  if (path === undefined) throw wrongParameter("path", "is missing.");
  try {
    return { path, bytes: await context.files.read(path) };
  } catch (error) {
    throw fileFailure(error, path);
  }
}

async function itemsOf(
  path: string,
  bytes: Uint8Array,
  config: Config,
  context: ActivityContext,
): Promise<Item[]> {
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
