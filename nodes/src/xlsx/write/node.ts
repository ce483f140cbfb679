// Items as a spreadsheet: one row per item. Text is always written as text, so none of it is run as a formula.
import { type Item, isObject, type Json, type Outputs } from "@auraos/kernel";
import { zipStream } from "../../archive/writeZip.ts";
import { type ActivityCall, type ActivityContext, defineNode } from "../../defineNode.ts";
import { nodeErrors } from "../../errors/nodeErrors.ts";
import { getPath } from "../../paths.ts";
import { readConfig, show, wrongData, wrongParameter } from "../../readConfig.ts";
import { pathField, z } from "../../schema.ts";
import { type Column, rowsMax, sheetXml, tooManyRows, widthsOf, workbookFiles } from "../sheetXml.ts";

const schema = z.strictObject({
  columns: z
    .array(
      z.union([
        pathField("Field, which is the title too."),
        z.strictObject({
          field: pathField("Field of the item."),
          title: z.string().optional().describe("Title of the column. Default: the field."),
          type: z
            .enum(["auto", "text", "date", "dateTime", "money", "percent"])
            .default("auto")
            .describe(
              "auto writes values as what they are. date and dateTime take ISO text; money and percent numbers.",
            ),
          width: z
            .number()
            .min(1)
            .max(255)
            .optional()
            .describe("Width in characters. Default: by the longest value."),
        }),
      ]),
    )
    .min(1)
    .optional()
    .describe("Columns in order. Default: all fields that occur."),
  name: z.string().min(1).max(255).default("items.xlsx").describe("Name of the file."),
  sheet: z.string().min(1).default("Sheet1").describe("Name of the sheet."),
  sheetBy: pathField("Field whose values name the sheets: items with the same value share one.").optional(),
  header: z
    .boolean()
    .default(true)
    .describe("Begin with a row of titles, which stays in sight and has filters."),
  into: z.string().min(1).default("data").describe("Name of the file in the item."),
});
type Config = z.output<typeof schema>;

export const xlsxWrite = defineNode({
  type: "xlsx.write",
  version: 1,
  name: "Write spreadsheet",
  description:
    "Writes all items as rows of an Excel workbook (.xlsx), in one sheet or one per value of a field.",
  icon: "file-spreadsheet",
  category: "action",
  effect: "read",
  computes: true,
  per: "list",
  ports: ["main"],
  onEmpty: "run",
  errors: nodeErrors(["DATA_INVALID", "ARCHIVE_TOO_LARGE"], "blobs"),
  schema,
  example: {
    name: "orders.xlsx",
    sheetBy: "country",
    columns: [
      "number",
      { field: "createdAt", title: "Created", type: "date" },
      { field: "total", type: "money" },
    ],
  },
  run,
});

/** Rows that become XML at a time. */
const batchRows = 500;

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const sheets: { name: string; xml: AsyncIterable<Uint8Array> }[] = [];
  for (const [name, items] of sheetsOf(call.items, config)) {
    if (items.length > rowsMax) throw tooManyRows();
    const columns = columnsOf(items, config);
    const rows = items.map(({ json }) => json);
    const xml = sheetXml({
      columns,
      widths: widthsOf(columns, rows, getPath),
      hasHeader: config.header,
      rows: batchesOf(rows),
      rowCount: rows.length,
      valueAt: getPath,
    });
    sheets.push({ name, xml });
  }
  const mimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const file = zipStream(workbookFiles(sheets), call.nowMs);
  const data = await context.blobs.put(file, { name: config.name, mimeType });
  const json = {
    name: config.name,
    bytes: data.bytes,
    rows: call.items.length,
    sheets: sheets.map(({ name }) => name),
  };
  return {
    main: {
      items: [{ json, files: { [config.into]: data } }],
      lineage: [call.items.map((_, index) => index)],
    },
  };
}

function* batchesOf(rows: readonly Json[]): Generator<readonly Json[]> {
  for (let at = 0; at < rows.length; at += batchRows) yield rows.slice(at, at + batchRows);
}

function sheetsOf(items: readonly Item[], config: Config): Map<string, Item[]> {
  const { sheetBy } = config;
  if (sheetBy === undefined) return new Map([[sheetName(config.sheet, []), [...items]]]);
  const byValue = new Map<string, Item[]>();
  for (const item of items) {
    const value = getPath(item.json, sheetBy) ?? null;
    if (typeof value === "object" && value !== null)
      throw wrongData(`"${sheetBy}" is ${show(value)}, which names no sheet.`);
    const key = value === null || value === "" ? "Others" : String(value);
    const there = byValue.get(key);
    if (there) there.push(item);
    else byValue.set(key, [item]);
  }
  if (byValue.size > 200)
    throw wrongParameter("sheetBy", `gives ${byValue.size} sheets; at most 200 are written.`);
  const sheets = new Map<string, Item[]>();
  for (const [key, members] of byValue) sheets.set(sheetName(key, [...sheets.keys()]), members);
  return sheets.size > 0 ? sheets : new Map([[sheetName(config.sheet, []), []]]);
}

/** At most 31 signs, some not allowed, and none twice whatever the case. */
function sheetName(wanted: string, taken: readonly string[]): string {
  const plain =
    wanted
      .replace(/[[\]:*?/\\]/g, "_")
      .replace(/^'|'$/g, "_")
      .slice(0, 31) || "Sheet";
  let made = plain;
  for (let again = 2; taken.some((one) => one.toLowerCase() === made.toLowerCase()); again++) {
    made = `${plain.slice(0, 31 - String(again).length - 1)} ${again}`;
  }
  return made;
}

function columnsOf(items: readonly Item[], { columns }: Config): Column[] {
  if (columns) {
    return columns.map((one) =>
      typeof one === "string"
        ? { field: one, title: one, type: "auto" as const }
        : { ...one, title: one.title ?? one.field },
    );
  }
  const fields = new Set<string>();
  items.forEach(({ json }: { json: Json }, index) => {
    if (!isObject(json)) throw wrongData(`Item ${index} is ${show(json)}, so it makes no row.`);
    for (const field of Object.keys(json)) fields.add(field);
  });
  return [...fields].map((field) => ({ field, title: field, type: "auto" as const }));
}
