// Which files are in the file area: one item per file.
import type { Outputs } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, type AreaFile, defineNode } from "../../defineNode.ts";
import { nodeErrors } from "../../errors/nodeErrors.ts";
import { readConfig } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import { fileFailure } from "../failure.ts";
import { mimeTypeOf } from "../mimeType.ts";

const schema = z.strictObject({
  folder: z.string().default("").describe("Folder within the file area. Default: the area itself."),
  deep: z.boolean().default(false).describe("Also the files of the folders inside."),
  name: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Only names of this form: * stands for any text, ? for one sign, as in *.csv."),
  newerThanSeconds: z
    .number()
    .positive()
    .optional()
    .describe("Only files changed within this time before the run."),
  order: z.enum(["name", "newest", "oldest", "largest"]).default("name").describe("Which come first."),
  filesMax: z
    .int()
    .min(1)
    .max(100_000)
    .default(10_000)
    .describe("More files than this in the folder are an error."),
});

export const fileList = defineNode({
  type: "file.list",
  version: 1,
  name: "List files",
  description:
    "Lists the files of a folder in the file area: one item per file with path, name, bytes and the time of its last change.",
  icon: "folder-search",
  category: "action",
  effect: "read",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["FILE_NOT_ALLOWED", "DISK_FULL"], "files"),
  schema,
  example: { folder: "inbox", name: "*.csv", order: "oldest" },
  run,
});

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const { folder, deep, name, newerThanSeconds, order, filesMax } = readConfig(schema, call.config);
  let files: AreaFile[];
  try {
    files = await context.files.list(folder, { deep, filesMax });
  } catch (error) {
    throw fileFailure(error, folder);
  }
  const since =
    newerThanSeconds === undefined ? Number.NEGATIVE_INFINITY : call.nowMs - newerThanSeconds * 1000;
  const chosen = files.filter(
    (file) => file.modifiedMs >= since && (name === undefined || hasForm(nameOf(file), name)),
  );
  const items = chosen.sort(orders[order]).map((file) => ({
    json: {
      path: file.path,
      name: nameOf(file),
      bytes: file.bytes,
      mimeType: mimeTypeOf(file.path),
      modified: new Date(file.modifiedMs).toISOString(),
    },
  }));
  return { main: { items } };
}

const byName = (a: AreaFile, b: AreaFile) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
const orders: Record<string, (a: AreaFile, b: AreaFile) => number> = {
  name: byName,
  newest: (a, b) => b.modifiedMs - a.modifiedMs || byName(a, b),
  oldest: (a, b) => a.modifiedMs - b.modifiedMs || byName(a, b),
  largest: (a, b) => b.bytes - a.bytes || byName(a, b),
};

function nameOf({ path }: AreaFile): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Upper and lower case alike; in time proportional to text and form. */
export function hasForm(text: string, form: string): boolean {
  const [name, wanted] = [text.toLowerCase(), form.toLowerCase()];
  let [at, place, star, retry] = [0, 0, -1, 0];
  while (at < name.length) {
    if (wanted[place] === "*") {
      star = place++;
      retry = at;
    } else if (wanted[place] === "?" || wanted[place] === name[at]) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      place = star + 1;
      at = ++retry;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(place));
}
