// Writes a file of the file area. Writing the whole file again does no harm; appending again would.
import type { ConfigProblem, Item, Json, JsonObject, Outputs } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, defineNode } from "../../defineNode.ts";
import { nodeErrors } from "../../errors/nodeErrors.ts";
import { readConfig, wrongData, wrongParameter } from "../../readConfig.ts";
import { anyValue, z } from "../../schema.ts";
import { fileFailure } from "../failure.ts";

const schema = z.strictObject({
  path: z.string().min(1).describe("Path within the file area; folders are made when missing."),
  content: anyValue().optional().describe("What to write: text as it is, other data as indented JSON."),
  file: z.string().min(1).optional().describe("Name of the item's file to write instead."),
  append: z.boolean().default(false).describe("Add to the end instead of replacing. No line break is added."),
});
type Config = z.output<typeof schema>;

export const fileWrite = defineNode({
  type: "file.write",
  version: 1,
  name: "Write file",
  description: "Writes text, data or a file of the item into the file area.",
  icon: "file-output",
  category: "action",
  effect: "idempotent",
  per: "item",
  ports: ["main"],
  // Items may name the same path, and then the last one must win.
  concurrency: 1,
  errors: nodeErrors(["DATA_INVALID", "FILE_NOT_ALLOWED", "DISK_FULL"], "files", "blobs"),
  schema,
  example: { path: "reports/week.md", content: "# Orders\n\n{{ $json.total }} in total\n" },
  // `append: false` is the only way to be sure; a template may give true.
  effectOf: (config) => (config.append === undefined || config.append === false ? "idempotent" : "once"),
  checkConfig: checkSource,
  run,
});

function checkSource(config: JsonObject): ConfigProblem[] {
  if ((config.content === undefined) !== (config.file === undefined)) return [];
  return [{ field: "content", code: "FIELD_MISSING", message: 'Give either "content" or "file".' }];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const bytes = bytesOf(config, call.items[0] as Item, context);
  try {
    const written = await context.files.write(config.path, bytes, { append: config.append });
    return { main: { items: [{ json: { path: written.path, bytes: written.bytes } }] } };
  } catch (error) {
    throw fileFailure(error, config.path);
  }
}

function bytesOf(
  config: Config,
  item: Item,
  context: ActivityContext,
): Uint8Array | AsyncIterable<Uint8Array> {
  if (config.file !== undefined) {
    const file = item.files?.[config.file];
    if (!file) throw wrongData(`The item has no file "${config.file}".`);
    return context.blobs.stream(file);
  }
  const content = config.content as Json | undefined;
  if (content === undefined) throw wrongParameter("content", "is missing.");
  const text = typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`;
  return new TextEncoder().encode(text);
}
