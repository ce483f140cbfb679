// Large tables: rows of a file through steps into another file, as a stream. A million rows pass in the memory of a few
// thousand; what a step must keep goes to disk. The items of a workflow are not for this many, references are.
import type { ConfigProblem, FileRef, Item, JsonObject, Outputs } from "@auraos/kernel";
import { zipOfFile } from "../archive/zip.ts";
import { csvFields } from "../csv/text.ts";
import { type ActivityCall, type ActivityContext, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { readConfig, wrongData, wrongParameter } from "../readConfig.ts";
import { z } from "../schema.ts";
import type { Batches } from "./batches.ts";
import { encodingField, inUtf8 } from "./encoding.ts";
import { formatOf, formats, readRows } from "./read.ts";
import type { Row, Sorter } from "./sorter.ts";
import { stepSchema } from "./stepSchema.ts";
import { apply } from "./steps.ts";
import { mimeTypes, outputFormats, writeRows } from "./write.ts";

const schema = z.strictObject({
  file: z.string().min(1).default("data").describe("Name of the item's file with the rows."),
  format: z
    .enum(["auto", ...formats])
    .default("auto")
    .describe("Kind of the file. Auto goes by its name: .csv, .ndjson, .json (a list), .xml, .xlsx."),
  ...csvFields,
  encoding: encodingField,
  element: z
    .string()
    .min(1)
    .optional()
    .describe("XML: path of the element that comes once per row, such as orders.order."),
  sheet: z.string().min(1).optional().describe("XLSX: name of the sheet. Default: the first that shows."),
  steps: z.array(stepSchema).max(50).default([]).describe("What happens to the rows, in order."),
  output: z.enum(outputFormats).default("csv").describe("Kind of the file that is made."),
  name: z.string().min(1).max(200).optional().describe("Name of the file that is made. Default: rows.csv."),
  into: z.string().min(1).default("data").describe("Name under which the item carries the file."),
  columns: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("CSV, XLSX: columns in order. Default: the fields of the first row."),
  escapeFormulas: z
    .boolean()
    .default(false)
    .describe("CSV: put ' before values that a spreadsheet would run as a formula."),
});
type Config = z.output<typeof schema>;

export const rowsNode = defineNode({
  type: "rows",
  version: 1,
  name: "Transform rows",
  description:
    "Filters, joins, totals, sorts and cleans tables of any size, file to file: CSV, JSON, XML or XLSX in, CSV, JSON or XLSX out.",
  icon: "table-properties",
  category: "transform",
  effect: "read",
  per: "item",
  ports: ["main"],
  concurrency: 2,
  timeoutMs: 3_600_000,
  computes: true,
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "TEXT_TOO_LONG", "ARCHIVE_TOO_LARGE"], "blobs"),
  schema,
  example: {
    file: "orders",
    types: "infer",
    steps: [
      { do: "filter", conditions: [{ field: "status", operator: "equals", value: "paid" }] },
      { do: "join", file: "customers", on: [{ field: "customerId", other: "id" }], take: ["country"] },
      {
        do: "aggregate",
        groupBy: ["country"],
        fields: [{ operation: "sum", field: "amount", as: "revenue" }],
      },
      { do: "sort", by: [{ field: "revenue", order: "descending" }] },
    ],
  },
  checkConfig,
  run,
});

function checkConfig(config: JsonObject): ConfigProblem[] {
  if (config.format !== "xml" || config.element !== undefined) return [];
  return [{ field: "element", code: "FIELD_MISSING", message: 'XML needs "element".' }];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  const sorters: Sorter[] = [];
  let read = 0;
  let written = 0;
  const { signal, scratch } = context;
  const open = (file: string) => rowsOf(fileOf(item, file), config, context, file === config.file);
  const needs = { scratch, signal, open, keep: (sorter: Sorter) => kept(sorters, sorter) };
  try {
    let rows: Batches = counted(open(config.file), signal, (count) => {
      read += count;
    });
    for (const step of config.steps) rows = apply(rows, step, needs);
    const onRows = (count: number) => {
      written += count;
    };
    const { columns, escapeFormulas, output } = config;
    const made = writeRows(output, rows, { columns, escapeFormulas, nowMs: call.nowMs, onRows });
    const data = await context.blobs.put(made, {
      name: config.name ?? `rows.${output}`,
      mimeType: mimeTypes[output],
    });
    const json = { rows: written, read, name: data.name, bytes: data.bytes };
    return { main: { items: [{ json, files: { ...item.files, [config.into]: data } }] } };
  } finally {
    for (const sorter of sorters) sorter.close();
  }
}

function kept(sorters: Sorter[], sorter: Sorter): Sorter {
  sorters.push(sorter);
  return sorter;
}

function fileOf(item: Item, name: string): FileRef {
  const file = item.files?.[name];
  if (file) return file;
  const there = Object.keys(item.files ?? {}).join(", ");
  throw wrongData(`The item has no file "${name}".`, `It has ${there === "" ? "none" : there}.`);
}

function rowsOf(file: FileRef, config: Config, context: ActivityContext, isMain: boolean): Batches {
  // A second file may be of another kind, so its own name is asked first.
  const given = config.format === "auto" ? undefined : config.format;
  const own = formatOf(file.name, file.mimeType);
  const format = isMain ? (given ?? own) : (own ?? given);
  if (format === undefined)
    throw wrongParameter("format", `cannot be told from the name "${file.name}".`, "Say which it is.");
  const zip = zipOfFile(context.blobs, file);
  const bytes = context.blobs.stream(file);
  return readRows(format, format === "xlsx" ? bytes : inUtf8(bytes, config.encoding), {
    ...config,
    zip,
    signal: context.signal,
  });
}

async function* counted(
  rows: Batches,
  signal: AbortSignal,
  count: (rows: number) => void,
): AsyncGenerator<Row[]> {
  for await (const batch of rows) {
    signal.throwIfAborted();
    count(batch.length);
    yield batch;
  }
}
