// Data tables as they travel: columns, rows, filters.
import { id, instant, json, page } from "./common.ts";
import { z } from "./zod.ts";

export const dataTableColumnType = z
  .enum(["text", "number", "boolean", "time", "json"])
  .describe("Kind of value. time: an ISO 8601 time, kept in UTC. json: any value.");

const columnName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, "must have no control characters")
  .describe("Name, unique within the table; not id, createdAt or updatedAt.");

const columnFields = {
  name: columnName,
  type: dataTableColumnType,
  required: z.boolean().default(false).describe("Must every row have a value?"),
  unique: z.boolean().default(false).describe("May a value occur in one row only? Not for json."),
};

export const dataTableColumn = z
  .object({ id: z.string().describe("Stable; stays when the column is renamed."), ...columnFields })
  .meta({ id: "DataTableColumn" });

const columnBody = z.strictObject({
  id: z.string().max(12).optional().describe("Of a column that is there already; a new one has none."),
  ...columnFields,
});

const tableName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, "must have no control characters")
  .describe("Name, unique within the organization.");

export const dataTableBody = z
  .strictObject({
    name: tableName,
    description: z.string().max(2000).optional(),
    columns: z.array(columnBody).min(1).max(64).describe("In the order of the table."),
  })
  .meta({ id: "DataTableBody" });
export type DataTableBody = z.infer<typeof dataTableBody>;

export const dataTable = z
  .object({
    id,
    name: z.string(),
    description: z.string().nullable(),
    columns: z.array(dataTableColumn),
    rows: z.int().describe("Rows there are."),
    rowsMax: z.int().describe("Rows there may be."),
    etag: z.string(),
    createdAt: instant,
    updatedAt: instant.describe("Last change of the table itself; rows have their own."),
  })
  .meta({ id: "DataTable", description: "A table of the organization." });
export const dataTablePage = page(dataTable).meta({ id: "DataTablePage" });

export const dataTableRow = z
  .looseObject({ id: z.int(), createdAt: instant, updatedAt: instant })
  .meta({ id: "DataTableRow", description: "Its columns by their names, beside id and times." });
export const dataTableRowPage = page(dataTableRow).meta({ id: "DataTableRowPage" });

/** One comparison; the operators of `filter` that a database can answer. */
export const dataTableCondition = z
  .strictObject({
    column: z.string().min(1).max(100).describe("Column, or id, createdAt, updatedAt."),
    operator: z.enum([
      "equals",
      "notEquals",
      "greater",
      "greaterOrEqual",
      "less",
      "lessOrEqual",
      "contains",
      "startsWith",
      "endsWith",
      "in",
      "notIn",
      "isEmpty",
      "isNotEmpty",
    ]),
    value: json.optional().describe("Not for isEmpty and isNotEmpty; a list for in and notIn."),
  })
  .meta({ id: "DataTableCondition" });

const values = z.record(z.string(), json);

export const dataTableRowsBody = z
  .strictObject({
    rows: z.array(values).min(1).max(1000).describe("Rows by column name."),
    match: z
      .array(z.string())
      .min(1)
      .max(5)
      .optional()
      .describe("Columns by which a row that is there already is found and changed instead."),
  })
  .meta({ id: "DataTableRowsBody" });

export const dataTableRowsWritten = z
  .object({ inserted: z.int(), updated: z.int(), ids: z.array(z.int()).describe("Of the rows, in order.") })
  .meta({ id: "DataTableRowsWritten" });

export const dataTableRowBody = values.meta({ description: "Columns to change; null takes a value away." });

export const dataTableRowsDeleteBody = z
  .strictObject({ ids: z.array(z.int().min(1)).min(1).max(1000) })
  .meta({ id: "DataTableRowsDelete" });
export const dataTableRowsDeleted = z.object({ deleted: z.int() }).meta({ id: "DataTableRowsDeleted" });

export const dataTableImported = z
  .object({ inserted: z.int(), updated: z.int() })
  .meta({ id: "DataTableImported" });

export const dataTableRowsQuery = {
  where: z
    .string()
    .max(20_000)
    .optional()
    .describe(
      'JSON list of comparisons that all hold: [{"column":"state","operator":"equals","value":"open"}].',
    ),
  sort: z
    .string()
    .max(110)
    .optional()
    .describe("Column to sort by; with - in front from the largest. Default: id."),
};
