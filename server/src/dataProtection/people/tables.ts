// The tables in which a person may be found, as the data map has them, with the types that the database gives their columns.
// Journal, files, rows of data tables and accounts have ways of their own.
import type { Pool } from "../../platform/db.ts";
import { dataMap } from "../map/dataMap.ts";
import type { ColumnKind, TableEntry } from "../map/dataMap.types.ts";

export type TextColumn = { name: string; type: string; kind: ColumnKind; isUnique: boolean };
export type SearchedTable = {
  table: string;
  class: TableEntry["class"];
  /** What names a row for a person. */
  id: string;
  columns: TextColumn[];
  executionId: string | undefined;
  /** Rows that are still at work: they are left until they are over. */
  openWhen: string | undefined;
};

const OWN_WAY = new Set([
  ...["workflow_executions", "turns", "snapshots", "inbox", "data_table_rows", "audit_entries"],
  ...["users", "memberships", "erasures"],
]);
const OPEN_WHEN: Record<string, string> = {
  waits: "closed_at IS NULL",
  open_executions: "true",
  event_held: "true",
  task_executions: "status IN ('waiting', 'queued', 'running')",
};
const IDS = ["id", "execution_id", "name", "position", "key", "lane", "path"];
const SEARCHED: ReadonlySet<ColumnKind> = new Set(["content", "actor", "setup", "person"]);
const TYPES = new Set(["text", "varchar", "jsonb", "_text"]);

export async function searchedTables(owner: Pool): Promise<SearchedTable[]> {
  const { rows } = await owner.query<{ table: string; column: string; type: string }>(
    `SELECT c.relname AS table, a.attname AS column, t.typname AS type
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND a.attgenerated = '' ORDER BY c.relname, a.attnum`,
  );
  const byTable = Map.groupBy(rows, ({ table }) => table);
  const found: SearchedTable[] = [];
  for (const [table, { class: name, columns, unique }] of Object.entries(dataMap)) {
    const real = byTable.get(table) ?? [];
    const has = (column: string) => real.some((one) => one.column === column);
    if (OWN_WAY.has(table) || !has("org_id")) continue;
    const searched = real.flatMap(({ column, type }): TextColumn[] => {
      const kind = columns[column];
      return kind !== undefined && SEARCHED.has(kind) && TYPES.has(type)
        ? [{ name: column, type, kind, isUnique: unique?.includes(column) === true }]
        : [];
    });
    if (searched.length === 0) continue;
    found.push({
      table,
      class: name,
      id: IDS.find(has) ?? "org_id",
      columns: searched,
      executionId: has("execution_id") ? "execution_id" : undefined,
      openWhen: OPEN_WHEN[table],
    });
  }
  return found;
}
