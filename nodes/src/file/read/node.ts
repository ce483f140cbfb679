// Reads a file as text, data, rows or the file itself: one of the file area, or one that came with the item. It is read as a
// stream: what becomes items is bounded, and the file itself passes on at any size.
import type { ConfigProblem, Item, JsonObject, Outputs } from "@auraos/kernel";
import { csvFields } from "../../csv/text.ts";
import { type ActivityCall, type ActivityContext, defineNode } from "../../defineNode.ts";
import { nodeErrors } from "../../errors/nodeErrors.ts";
import { readConfig, wrongData, wrongParameter } from "../../readConfig.ts";
import { encodingField, inUtf8 } from "../../rows/encoding.ts";
import type { Bytes } from "../../rows/text.ts";
import { z } from "../../schema.ts";
import { fileFailure } from "../failure.ts";
import { mimeTypeOf } from "../mimeType.ts";
import { bounded, itemsOf, textOf } from "./content.ts";

const schema = z.strictObject({
  path: z.string().min(1).optional().describe("Path within the file area."),
  file: z.string().min(1).optional().describe("Name of the item's file, such as data, to read instead."),
  as: z
    .enum(["text", "json", "ndjson", "csv", "xml", "file"])
    .default("text")
    .describe(
      "Text in the field text; data of a JSON file; one item per CSV row, line of JSON or XML element; or the file for later steps, of any size.",
    ),
  ...csvFields,
  element: z
    .string()
    .min(1)
    .optional()
    .describe("XML: path of the element that becomes an item, such as orders.order."),
  rowsMax: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(100_000)
    .describe("Most items that are made. A larger file is for Transform rows, which reads it as a stream."),
  bytesMax: z
    .int()
    .min(1)
    .max(256 * 1024 * 1024)
    .default(32 * 1024 * 1024)
    .describe("Most bytes that become text or items."),
  encoding: encodingField,
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
  errors: nodeErrors(
    ["DATA_INVALID", "DATA_MALFORMED", "TEXT_TOO_LONG", "ROWS_BOUND", "FILE_NOT_ALLOWED", "DISK_FULL"],
    "files",
    "blobs",
  ),
  schema,
  example: { path: "reports/orders.csv", as: "csv", types: "infer" },
  checkConfig: checkSource,
  run,
});

function checkSource(config: JsonObject): ConfigProblem[] {
  if ((config.path === undefined) === (config.file === undefined))
    return [{ field: "path", code: "FIELD_MISSING", message: 'Give either "path" or "file".' }];
  if (config.as !== "xml" || config.element !== undefined) return [];
  return [{ field: "element", code: "FIELD_MISSING", message: 'XML needs "element".' }];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const { path, bytes } = source(config, call.items[0] as Item, context);
  return { main: { items: await read(path, bytes, config, context) } };
}

async function read(path: string, bytes: Bytes, config: Config, context: ActivityContext): Promise<Item[]> {
  const { as } = config;
  if (as === "file") {
    const name = path.split("/").at(-1) ?? path;
    const data = await context.blobs.put(bytes, { name, mimeType: mimeTypeOf(name) });
    return [{ json: { path, name, mimeType: data.mimeType, bytes: data.bytes }, files: { data } }];
  }
  const part = inUtf8(bounded(bytes, path, config.bytesMax), config.encoding);
  if (as === "text") return [{ json: { path, text: await textOf(part) } }];
  return itemsOf(as, part, path, { ...config, signal: context.signal });
}

function source(config: Config, item: Item, context: ActivityContext): { path: string; bytes: Bytes } {
  const { path, file: name } = config;
  if (name !== undefined) {
    const file = item.files?.[name];
    if (!file) throw wrongData(`The item has no file "${name}".`);
    return { path: file.name, bytes: context.blobs.stream(file) };
  }
  if (path === undefined) throw wrongParameter("path", "is missing.");
  return { path, bytes: ofArea(path, context) };
}

async function* ofArea(path: string, { files }: ActivityContext): AsyncGenerator<Uint8Array> {
  try {
    yield* files.stream(path);
  } catch (error) {
    throw fileFailure(error, path);
  }
}
