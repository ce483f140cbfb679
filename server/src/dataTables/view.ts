// Tables and rows as the API and the nodes show them.
import type { Json, JsonObject } from "@auraos/kernel";
import type { Column } from "./columns.ts";
import { ROWS_MAX } from "./limits.ts";
import type { RowRow, TableRow } from "./store.ts";

export function tableView(row: TableRow) {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    columns: row.columns,
    rows: row.rowCount,
    rowsMax: ROWS_MAX,
    etag: `"${row.revision}"`,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Every column is there; without a value it is null. */
export function rowView(columns: readonly Column[], row: RowRow): JsonObject {
  const view: JsonObject = { id: row.id };
  for (const { id, name } of columns) view[name] = (row.data[id] as Json | undefined) ?? null;
  view.createdAt = row.createdAt.toISOString();
  view.updatedAt = row.updatedAt.toISOString();
  return view;
}
