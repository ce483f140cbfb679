// Unpacks ZIP archives and gzip files; one item per file. What kind it is, its first bytes tell.
import type { FileRef, Item, Outputs } from "@auraos/kernel";
import { broken, tooMuch } from "../archive/failures.ts";
import { gunzipped } from "../archive/gzip.ts";
import { readZip } from "../archive/readZip.ts";
import { zipOfFile } from "../archive/zip.ts";
import { type ActivityCall, type ActivityContext, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { hasForm } from "../file/list/node.ts";
import { mimeTypeOf } from "../file/mimeType.ts";
import { readConfig, wrongData } from "../readConfig.ts";
import { peek } from "../rows/peek.ts";
import { z } from "../schema.ts";

const schema = z.strictObject({
  file: z.string().min(1).default("data").describe("Name of the item's file to unpack."),
  name: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Only files of this form of name: * stands for any text, as in *.csv."),
  into: z.string().min(1).default("data").describe("Name of the unpacked file in the new items."),
  filesMax: z.int().min(1).max(60_000).default(1000).describe("More files than this are an error."),
  bytesMax: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(200_000_000)
    .describe("More bytes than this, unpacked and together, are an error."),
});
type Config = z.output<typeof schema>;

export const decompressNode = defineNode({
  type: "decompress",
  version: 1,
  name: "Unpack files",
  description:
    "Unpacks a ZIP archive or a gzip file: one item per file in it. Archives that unpack to more than allowed are stopped.",
  icon: "package-open",
  category: "action",
  effect: "read",
  computes: true,
  per: "item",
  ports: ["main"],
  concurrency: 2,
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "ARCHIVE_TOO_LARGE"], "blobs"),
  schema,
  example: { file: "data", name: "*.csv" },
  run,
});

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  const file = item.files?.[config.file];
  if (!file) throw wrongData(`The item has no file "${config.file}".`);
  // A ZIP has its table of contents at the end, so it is read by parts; gzip passes through.
  const { begin, all } = await peek(context.blobs.stream(file), 2);
  const isGzip = begin[0] === 0x1f && begin[1] === 0x8b;
  if (!isGzip) {
    await all.return(undefined);
    if (begin[0] !== 0x50 || begin[1] !== 0x4b) throw broken("it is neither ZIP nor gzip");
    return { main: { items: await unzipped(file, config, context) } };
  }
  const path = file.name.replace(/\.gz$/i, "") || "file";
  return { main: { items: [await itemOf(path, gunzipped(all, config.bytesMax), config, context)] } };
}

async function unzipped(file: FileRef, config: Config, context: ActivityContext): Promise<Item[]> {
  const items: Item[] = [];
  let left = config.bytesMax;
  for (const entry of await readZip(zipOfFile(context.blobs, file), config.filesMax)) {
    const path = safePath(entry.path);
    if (config.name !== undefined && !hasForm(nameOf(path), config.name)) continue;
    if (context.signal.aborted) throw context.signal.reason;
    if (entry.size > left) throw tooMuch(config.bytesMax);
    items.push(await itemOf(path, entry.stream(left), config, context));
    left -= entry.size;
  }
  return items;
}

async function itemOf(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  config: Config,
  context: ActivityContext,
): Promise<Item> {
  const name = nameOf(path);
  const data = await context.blobs.put(bytes, { name, mimeType: mimeTypeOf(name) });
  return { json: { path, name, mimeType: data.mimeType, bytes: data.bytes }, files: { [config.into]: data } };
}

/** A path that stays where it is put, should someone write the file to it. */
function safePath(path: string): string {
  const parts = path
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== "..");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they have no place in a name.
  return parts.join("/").replace(/[\u0000-\u001f\u007f]/g, "_") || "file";
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
