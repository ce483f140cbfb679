// Endpoints of data tables.
import { flag, pageQuery, searchQuery } from "./common.ts";
import * as t from "./dataTable.ts";
import { endpoint } from "./endpoint.ts";
import { z } from "./zod.ts";

const tag = "Data tables";
const params = z.object({ id: z.uuid() });
const rowParams = z.object({
  id: z.uuid(),
  row: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});
const invalid = "A value or column is wrong: `problems` says which, where and what to do.";
const exists = "Another row has this value in a unique column.";

export const dataTableEndpoints = {
  listTables: endpoint({
    method: "get",
    path: "/api/v1/tables",
    action: "table.read",
    tag,
    summary: "List data tables by name",
    query: z.object({
      ...pageQuery,
      ...searchQuery,
      name: z.string().max(100).optional().describe("Exactly this name."),
    }),
    reply: t.dataTablePage,
  }),
  createTable: endpoint({
    method: "post",
    path: "/api/v1/tables",
    action: "table.manage",
    tag,
    summary: "Create a data table",
    body: { kind: "json", schema: t.dataTableBody },
    reply: t.dataTable,
    status: 201,
    also: { 409: "There is one with this name, or there are too many.", 422: invalid },
  }),
  getTable: endpoint({
    method: "get",
    path: "/api/v1/tables/:id",
    action: "table.read",
    tag,
    summary: "A data table",
    params,
    reply: t.dataTable,
  }),
  updateTable: endpoint({
    method: "put",
    path: "/api/v1/tables/:id",
    action: "table.manage",
    tag,
    summary: "Replace name, description and columns of a data table",
    description:
      "A column keeps its values by its `id`; one that is left out is deleted with its values. The type of a column " +
      "does not change: make a new one.",
    params,
    headers: { "If-Match": "etag of the table that was read; another one gives 409." },
    body: { kind: "json", schema: t.dataTableBody },
    reply: t.dataTable,
    also: { 409: "The table was changed in the meantime, or its rows do not allow it.", 422: invalid },
  }),
  deleteTable: endpoint({
    method: "delete",
    path: "/api/v1/tables/:id",
    action: "table.manage",
    tag,
    summary: "Delete a data table and its rows",
    params,
    status: 204,
  }),
  listTableRows: endpoint({
    method: "get",
    path: "/api/v1/tables/:id/rows",
    action: "table.read",
    tag,
    summary: "Rows of a data table",
    params,
    query: z.object({ ...pageQuery, ...t.dataTableRowsQuery }),
    reply: t.dataTableRowPage,
    also: { 422: invalid },
  }),
  writeTableRows: endpoint({
    method: "post",
    path: "/api/v1/tables/:id/rows",
    action: "table.write",
    tag,
    summary: "Insert rows, or change those that match",
    description: "All or none.",
    params,
    headers: { "Idempotency-Key": "A repeated request with the same key changes nothing more." },
    body: { kind: "json", schema: t.dataTableRowsBody },
    reply: t.dataTableRowsWritten,
    status: 201,
    also: { 409: exists, 422: invalid },
  }),
  deleteTableRows: endpoint({
    method: "post",
    path: "/api/v1/tables/:id/rows/delete",
    action: "table.write",
    tag,
    summary: "Delete rows by their ids",
    params,
    body: { kind: "json", schema: t.dataTableRowsDeleteBody },
    reply: t.dataTableRowsDeleted,
  }),
  getTableRow: endpoint({
    method: "get",
    path: "/api/v1/tables/:id/rows/:row",
    action: "table.read",
    tag,
    summary: "A row",
    params: rowParams,
    reply: t.dataTableRow,
  }),
  updateTableRow: endpoint({
    method: "put",
    path: "/api/v1/tables/:id/rows/:row",
    action: "table.write",
    tag,
    summary: "Change columns of a row; the others stay",
    params: rowParams,
    body: { kind: "json", schema: t.dataTableRowBody },
    reply: t.dataTableRow,
    also: { 409: exists, 422: invalid },
  }),
  importTableRows: endpoint({
    method: "post",
    path: "/api/v1/tables/:id/import",
    action: "table.write",
    tag,
    summary: "Rows of a CSV file, all or none",
    description:
      "The first line names the columns. Values are read by the type of their column; an empty one is no value. At " +
      "most 32 MB.",
    params,
    query: z.object({
      match: z
        .string()
        .max(600)
        .optional()
        .describe("Columns by which rows are changed instead, with commas."),
      delimiter: z.string().min(1).max(4).default(","),
    }),
    body: { kind: "bytes" },
    reply: t.dataTableImported,
    also: { 409: exists, 413: "The file is too large.", 422: invalid },
  }),
  exportTableRows: endpoint({
    method: "get",
    path: "/api/v1/tables/:id/export",
    action: "table.read",
    tag,
    summary: "All rows as a CSV file",
    params,
    query: z.object({
      ...t.dataTableRowsQuery,
      delimiter: z.string().min(1).max(4).default(","),
      escapeFormulas: flag
        .optional()
        .describe("1: values that a spreadsheet would run as a formula get ' in front."),
    }),
    produces: ["text/csv"],
  }),
};
