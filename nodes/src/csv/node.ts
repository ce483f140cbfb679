// CSV text or files to items and back. Text is converted inside the engine's turn; files are an activity.
import type { Item, JsonObject, Outputs } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, defineNode } from "../defineNode.ts";
import { getPath } from "../paths.ts";
import { readConfig, show, wrongData } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";
import { csvFields, formatCsv, parseCsv } from "./text.ts";

const schema = z.strictObject({
  operation: z.enum(["parse", "format"]).describe("Rows of text to items, or items to rows of text."),
  field: pathField("Parse: field with the text. Format: field for the text.").default("text"),
  file: z.string().min(1).optional().describe("Parse: name of the item's file to read instead of a field."),
  fileName: z
    .string()
    .min(1)
    .optional()
    .describe("Format: gives a file of this name (as data) instead of text."),
  ...csvFields,
  columns: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Format: columns in order. Default: all fields that occur."),
  escapeFormulas: z
    .boolean()
    .default(false)
    .describe(
      "Format: put ' before values that a spreadsheet would run as a formula. Wise for data from strangers.",
    ),
});
type Config = z.output<typeof schema>;

export const csvNode = defineNode({
  type: "csv",
  version: 1,
  name: "CSV",
  description: "Makes items of the rows of a CSV text or file, or a CSV text or file of all items.",
  icon: "table",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  onEmpty: "run",
  schema,
  example: { operation: "parse", field: "text", types: "infer" },
  effectOf: usesFile,
  evaluate: (call) => {
    const config = readConfig(schema, call.config);
    if (config.operation === "format") return { main: formatted(config, call.items) };
    return rows(
      config,
      call.items,
      call.items.map((item) => textOf(item, config.field)),
    );
  },
  run,
});

function usesFile(config: JsonObject): "read" | "pure" {
  return config.file === undefined && config.fileName === undefined ? "pure" : "read";
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  if (config.operation === "parse") {
    const texts = await Promise.all(call.items.map((item) => fileText(item, config, context)));
    return rows(config, call.items, texts);
  }
  if (config.fileName === undefined) return { main: formatted(config, call.items) };
  const bytes = new TextEncoder().encode(format(config, call.items));
  const data = await context.blobs.put(bytes, { name: config.fileName, mimeType: "text/csv" });
  const item: Item = {
    json: { name: data.name, bytes: data.bytes, rows: call.items.length },
    files: { data },
  };
  return { main: { items: [item], lineage: [call.items.map((_, index) => index)] } };
}

async function fileText(item: Item, config: Config, context: ActivityContext): Promise<string> {
  if (config.file === undefined) return textOf(item, config.field);
  const file = item.files?.[config.file];
  if (!file) throw wrongData(`The item has no file "${config.file}".`);
  return new TextDecoder().decode(await context.blobs.get(file));
}

function textOf(item: Item, field: string): string {
  const text = getPath(item.json, field);
  if (typeof text === "string") return text;
  throw wrongData(`"${field}" is ${show(text)}, not text.`, 'Set "field" to where the CSV text stands.');
}

function rows(config: Config, items: readonly Item[], texts: readonly string[]): Outputs {
  const parsed = texts.map((text) => parseCsv(text, config));
  return {
    main: {
      items: parsed.flat().map((json) => ({ json })),
      lineage: items.flatMap((_, index) => (parsed[index] ?? []).map(() => index)),
    },
  };
}

function formatted(config: Config, items: readonly Item[]): { items: Item[]; lineage: number[][] } {
  const json = { [config.field]: format(config, items), rows: items.length };
  return { items: [{ json }], lineage: [items.map((_, index) => index)] };
}

function format(config: Config, items: readonly Item[]): string {
  return formatCsv(
    items.map((item) => item.json),
    config,
  );
}
