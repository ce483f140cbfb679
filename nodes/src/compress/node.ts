// Packs files of items: each for itself (gzip), or together (ZIP).
import type { ConfigProblem, FileRef, Item, JsonObject, Outputs } from "@auraos/kernel";
import { gzipped } from "../archive/gzip.ts";
import { type ZipEntry, zipStream } from "../archive/writeZip.ts";
import { type ActivityCall, type ActivityContext, ActivityError, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { readConfig, wrongData } from "../readConfig.ts";
import { z } from "../schema.ts";

const schema = z.strictObject({
  format: z.enum(["zip", "gzip"]).default("zip").describe("zip holds many files, gzip one."),
  files: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Names of the item's files. Default: all of them; for gzip the file data."),
  together: z
    .boolean()
    .default(false)
    .describe("Zip: one archive of all items' files, instead of one per item."),
  name: z.string().min(1).max(255).default("files.zip").describe("Zip: name of the archive."),
  into: z.string().min(1).default("data").describe("Name of the packed file in the item."),
  bytesMax: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(200_000_000)
    .describe("More bytes than this to pack are an error."),
});
type Config = z.output<typeof schema>;

export const compressNode = defineNode({
  type: "compress",
  version: 1,
  name: "Compress files",
  description:
    "Packs files into a ZIP archive, per item or of all items together, or a single file with gzip.",
  icon: "file-archive",
  category: "action",
  effect: "read",
  computes: true,
  per: "list",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID", "ARCHIVE_TOO_LARGE"], "blobs"),
  schema,
  example: { format: "zip", together: true, name: "reports.zip" },
  checkConfig: ({ format, together, files }: JsonObject): ConfigProblem[] => {
    if (format !== "gzip") return [];
    if (together === true)
      return [{ field: "together", code: "COMPRESS", message: "gzip packs one file; several need zip." }];
    return Array.isArray(files) && files.length > 1
      ? [{ field: "files", code: "COMPRESS", message: "gzip packs one file." }]
      : [];
  },
  run,
});

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  if (config.format === "gzip") {
    const items: Item[] = [];
    for (const item of call.items) items.push(await gzipOf(item, config, context));
    return { main: { items, lineage: "same" } };
  }
  if (!config.together) {
    const items: Item[] = [];
    for (const item of call.items) items.push(await zipped([item], item, config, call, context));
    return { main: { items, lineage: "same" } };
  }
  const made = await zipped(call.items, { json: {} }, config, call, context);
  return { main: { items: [made], lineage: [call.items.map((_, index) => index)] } };
}

async function zipped(
  items: readonly Item[],
  onto: Item,
  config: Config,
  call: ActivityCall,
  context: ActivityContext,
): Promise<Item> {
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  const files = items.flatMap((item) => filesOf(item, config.files));
  bound(files, config.bytesMax);
  for (const file of files) {
    const path = unique(file.name.replace(/^\/+|\.\.\/|\\/g, "") || "file", names);
    entries.push({ path, bytes: context.blobs.stream(file) });
  }
  const about = { name: config.name, mimeType: "application/zip" };
  const packed = await context.blobs.put(zipStream(entries, call.nowMs), about);
  return {
    json: { name: config.name, bytes: packed.bytes, files: entries.length },
    files: { ...onto.files, [config.into]: packed },
  };
}

async function gzipOf(item: Item, config: Config, context: ActivityContext): Promise<Item> {
  const [file] = filesOf(item, config.files ?? ["data"]);
  if (!file) throw wrongData("The item has no file.");
  bound([file], config.bytesMax);
  const name = `${file.name}.gz`;
  const packed = await context.blobs.put(gzipped(context.blobs.stream(file)), {
    name,
    mimeType: "application/gzip",
  });
  return { json: { name, bytes: packed.bytes, files: 1 }, files: { ...item.files, [config.into]: packed } };
}

function filesOf(item: Item, names: readonly string[] | undefined): FileRef[] {
  if (!names) return Object.values(item.files ?? {});
  return names.map((name) => {
    const file = item.files?.[name];
    if (!file) throw wrongData(`The item has no file "${name}".`);
    return file;
  });
}

/** A name that comes again gets a number: a.txt, a (2).txt. */
function unique(name: string, names: Set<string>): string {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  let made = name;
  for (let again = 2; names.has(made); again++) made = `${stem} (${again})${ending}`;
  names.add(made);
  return made;
}

function bound(files: readonly FileRef[], bytesMax: number): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= bytesMax) return;
  throw new ActivityError({
    code: "ARCHIVE_TOO_LARGE",
    class: "limit",
    message: `The files have ${bytes} bytes; at most ${bytesMax} are packed.`,
    remedy: 'Pack fewer files, or raise "bytesMax".',
    field: "bytesMax",
    certainty: "notDone",
  });
}
