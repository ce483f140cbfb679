// Rows of a spreadsheet as items. Dates come as ISO text, formulas as the value they had when the file was saved.
import type { Item, Json, JsonObject, Outputs } from "@auraos/kernel";
import { zipOfFile } from "../../archive/zip.ts";
import { type ActivityCall, type ActivityContext, ActivityError, defineNode } from "../../defineNode.ts";
import { nodeErrors } from "../../errors/nodeErrors.ts";
import { readConfig, wrongData } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import { rangeOf } from "../cells.ts";
import { openWorkbook, type Row, type Sheet, type Workbook } from "../workbook.ts";

const schema = z.strictObject({
  file: z.string().min(1).default("data").describe("Name of the item's file with the workbook (.xlsx)."),
  operation: z
    .enum(["rows", "sheets"])
    .default("rows")
    .describe("Rows of a sheet, or one item per sheet with its name."),
  sheet: z
    .union([z.string().min(1), z.int().min(1)])
    .optional()
    .describe("Name of the sheet, or its number from 1. Default: the first that is not hidden."),
  header: z
    .union([z.boolean(), z.array(z.string().min(1)).min(1)])
    .default(true)
    .describe("Does the first row name the columns? A list gives the names when it does not."),
  range: z
    .string()
    .refine((text) => rangeOf(text) !== undefined, "must be a range such as B2:F100, A:C or B2.")
    .optional()
    .describe(
      "Part of the sheet, such as B2:F100, A:C, or B2 for all from there. Its first row is the header.",
    ),
  rowsMax: z.int().min(1).max(1_048_576).default(100_000).describe("More rows than this are an error."),
  bytesMax: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(200_000_000)
    .describe("More bytes than this, unpacked, are an error."),
});
type Config = z.output<typeof schema>;

export const xlsxRead = defineNode({
  type: "xlsx.read",
  version: 1,
  name: "Read spreadsheet",
  description:
    "Reads rows of an Excel workbook (.xlsx): one item per row, with numbers, texts, dates and true/false as such.",
  icon: "sheet",
  category: "action",
  effect: "read",
  computes: true,
  per: "item",
  ports: ["main"],
  concurrency: 2,
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "ROWS_BOUND", "ARCHIVE_TOO_LARGE"], "blobs"),
  schema,
  example: { file: "data", sheet: "Orders", range: "A3:F" },
  run,
});

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const file = (call.items[0] as Item).files?.[config.file];
  if (!file) throw wrongData(`The item has no file "${config.file}".`);
  const workbook = await openWorkbook(zipOfFile(context.blobs, file), config.bytesMax, context.signal);
  if (config.operation === "sheets") {
    const items = workbook.sheets.map(({ name, isHidden }, index) => ({
      json: { name, number: index + 1, hidden: isHidden },
    }));
    return { main: { items } };
  }
  return { main: { items: await rowItems(workbook, sheetOf(workbook.sheets, config), config) } };
}

function sheetOf(sheets: Sheet[], { sheet }: Config): Sheet {
  const found =
    sheet === undefined
      ? (sheets.find(({ isHidden }) => !isHidden) ?? sheets[0])
      : typeof sheet === "number"
        ? sheets[sheet - 1]
        : sheets.find(({ name }) => name.toLowerCase() === sheet.toLowerCase());
  if (found) return found;
  const names = sheets.map(({ name }) => JSON.stringify(name)).join(", ");
  throw wrongData(`The workbook has no sheet ${JSON.stringify(sheet ?? 1)}.`, `It has ${names || "none"}.`);
}

async function rowItems(workbook: Workbook, sheet: Sheet, config: Config): Promise<Item[]> {
  const range = rangeOf(config.range ?? "A1") ?? { firstRow: 0, lastRow: 0, firstColumn: 0, lastColumn: 0 };
  const items: Item[] = [];
  let names = Array.isArray(config.header) ? config.header : config.header ? undefined : [];
  const take = ({ number, cells }: Row): boolean => {
    if (number < range.firstRow) return true;
    if (number > range.lastRow) return false;
    const values = cells.slice(range.firstColumn, Math.min(cells.length, range.lastColumn + 1));
    if (values.every((value) => value === null || value === "")) return true;
    if (!names) {
      names = columnNames(values);
      return true;
    }
    if (items.length >= config.rowsMax) throw tooMany(config.rowsMax);
    items.push({ json: rowOf(values, names) });
    return true;
  };
  let failure: unknown;
  await workbook.rows(sheet, (row) => {
    try {
      return take(row);
    } catch (error) {
      failure = error;
      return false;
    }
  });
  if (failure) throw failure;
  return items;
}

/** Every named column is there, so that all items have the same fields. */
function rowOf(values: readonly Json[], names: readonly string[]): JsonObject {
  const json: JsonObject = {};
  for (let place = 0; place < Math.max(values.length, names.length); place++) {
    json[names[place] ?? `column${place + 1}`] = values[place] ?? null;
  }
  return json;
}

function columnNames(cells: readonly Json[]): string[] {
  const names: string[] = [];
  for (const [index, cell] of cells.entries()) {
    const text = cell === null ? "" : String(cell).trim();
    const name = text === "" || text === "__proto__" ? `column${index + 1}` : text;
    let unique = name;
    for (let again = 2; names.includes(unique); again++) unique = `${name}_${again}`;
    names.push(unique);
  }
  return names;
}

function tooMany(rowsMax: number): ActivityError {
  return new ActivityError({
    code: "ROWS_BOUND",
    class: "limit",
    message: `The sheet has more than ${rowsMax} rows.`,
    remedy: 'Choose a "range", or raise "rowsMax".',
    field: "rowsMax",
    certainty: "notDone",
  });
}
