// Starts an execution for files that appear or change in the file area.
import { isObject, type JsonObject } from "@auraos/kernel";
import { defineNode, type ListenContext, type TakenMessage } from "../../defineNode.ts";
import { readConfig } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import { everySeconds, fromField, inOrder } from "../fields.ts";
import { noTemplates } from "../plainFields.ts";

const FILES_MAX = 10_000;

const schema = z.strictObject({
  folder: z.string().max(1000).default("").describe("Folder of the file area; empty is the area itself."),
  deep: z.boolean().default(false).describe("With its folders."),
  names: z.string().max(200).default("*").describe("Names that count, such as *.csv; * stands for anything."),
  on: z
    .enum(["created", "changed"])
    .default("created")
    .describe("created: new files. changed: new and changed ones."),
  everySeconds: everySeconds(2, 0.2),
  from: fromField,
  inOrder,
});

export const fileTrigger = defineNode({
  type: "trigger.file",
  version: 1,
  name: "File",
  description:
    "Starts the workflow for each file that appears in a folder of the file area, or changes. Gives path, name, bytes and modifiedAt; read it with the file node.",
  icon: "folder-input",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema,
  example: { folder: "inbox", names: "*.csv", on: "created" },
  checkConfig: (config) => noTemplates(config),
  listen,
});

type Seen = Record<string, string>;

/** A file counts once it looks the same twice: what is still being written is left alone. */
async function listen(given: JsonObject, context: ListenContext): Promise<void> {
  const { folder, deep, names, on, from, everySeconds: every } = readConfig(schema, given);
  const fits = new RegExp(`^${names.split("*").map(escaped).join(".*")}$`, "s");
  let seen = isObject(context.cursor) ? ({ ...(context.cursor.seen as Seen) } as Seen) : undefined;
  let before: Seen = {};
  do {
    const files = await context.files.list(folder, { deep, filesMax: FILES_MAX });
    const now: Seen = {};
    for (const { path, bytes, modifiedMs } of files)
      if (fits.test(path.split("/").at(-1) ?? "")) now[path] = `${modifiedMs}:${bytes}`;
    if (seen === undefined) {
      seen = from === "new" ? now : {};
      await context.take([], { seen });
      await context.listening();
    } else if (Object.keys(before).length === 0) await context.listening();
    const known = seen;
    const messages: TakenMessage[] = [];
    for (const { path, bytes, modifiedMs } of files) {
      const mark = now[path];
      const isOver = known[path] !== undefined && (on === "created" || known[path] === mark);
      if (mark === undefined || isOver || before[path] !== mark) continue;
      const name = path.split("/").at(-1) ?? path;
      const data = { path, name, bytes, modifiedAt: new Date(modifiedMs).toISOString() };
      messages.push({ id: `${path}@${mark}`.slice(-250), data });
    }
    const taken = new Set(messages.map(({ data }) => data.path as string));
    // Of files that are gone nothing is kept: when they come again they are new.
    const kept = Object.entries(now).filter(([path]) => taken.has(path) || known[path] !== undefined);
    const next = Object.fromEntries(
      kept.map(([path, mark]) => [path, taken.has(path) || on === "created" ? mark : (known[path] ?? mark)]),
    );
    if (messages.length > 0 || JSON.stringify(next) !== JSON.stringify(known))
      await context.take(messages, { seen: next });
    seen = next;
    before = now;
  } while (await context.pause(every * 1000));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
