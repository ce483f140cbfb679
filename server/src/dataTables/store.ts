// SQL of data tables. `tx` has its tenant set (withTenant); every statement names the organization as well. Whoever
// writes rows has locked the table first (lockTable).
import type { JsonObject } from "@auraos/kernel";
import type { Transaction } from "../platform/db.ts";
import type { Change, Column } from "./columns.ts";
import type { Parameters } from "./conditions.ts";

export type TableRow = {
  id: string;
  name: string;
  description: string | null;
  columns: Column[];
  nextColumn: number;
  nextRow: number;
  rowCount: number;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
};
export type RowRow = { id: number; data: JsonObject; createdAt: Date; updatedAt: Date };

const tableColumns = `id, name, description, columns, next_column AS "nextColumn", next_row AS "nextRow",
  row_count AS "rowCount", revision, created_at AS "createdAt", updated_at AS "updatedAt"`;
const rowColumns = `r.id, r.data, r.created_at AS "createdAt", r.updated_at AS "updatedAt"`;

export async function findTable(
  tx: Transaction,
  orgId: string,
  by: { id: string } | { name: string },
  options: { lock?: boolean } = {},
): Promise<TableRow | undefined> {
  const [column, value] = "id" in by ? ["id", by.id] : ["name", by.name];
  const { rows } = await tx.query<TableRow>(
    `SELECT ${tableColumns} FROM data_tables WHERE org_id = $1 AND ${column} = $2 ${options.lock === true ? "FOR UPDATE" : ""}`,
    [orgId, value],
  );
  return rows[0];
}

export async function listTables(
  tx: Transaction,
  query: { orgId: string; search: string | null; name: string | null; after: string | null; limit: number },
): Promise<TableRow[]> {
  const { rows } = await tx.query<TableRow>(
    `SELECT ${tableColumns} FROM data_tables WHERE org_id = $1 AND ($2::text IS NULL OR name = $2)
       AND ($3::text IS NULL OR name > $3) AND ($5::text IS NULL OR position(lower($5) IN lower(name)) > 0)
     ORDER BY name LIMIT $4`,
    [query.orgId, query.name, query.after, query.limit, query.search],
  );
  return rows;
}

export async function countTables(tx: Transaction, orgId: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>("SELECT count(*) AS n FROM data_tables WHERE org_id = $1", [
    orgId,
  ]);
  return rows[0]?.n ?? 0;
}

export type TableFields = {
  id: string;
  orgId: string;
  name: string;
  description: string | null;
  columns: Column[];
  nextColumn: number;
};

/** False when there is one with this name. */
export async function insertTable(tx: Transaction, row: TableFields & { actor: string }): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO data_tables (id, org_id, name, description, columns, next_column, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, name) DO NOTHING`,
    [row.id, row.orgId, row.name, row.description, JSON.stringify(row.columns), row.nextColumn, row.actor],
  );
  return rowCount === 1;
}

export async function updateTable(tx: Transaction, row: TableFields): Promise<void> {
  await tx.query(
    `UPDATE data_tables SET name = $3, description = $4, columns = $5, next_column = $6, revision = revision + 1,
       updated_at = clock_timestamp() WHERE org_id = $1 AND id = $2`,
    [row.orgId, row.id, row.name, row.description, JSON.stringify(row.columns), row.nextColumn],
  );
}

export async function deleteTable(tx: Transaction, orgId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query("DELETE FROM data_tables WHERE org_id = $1 AND id = $2", [orgId, id]);
  return rowCount === 1;
}

/** Takes the values of columns away, and frees what was unique in them. */
export async function dropColumns(
  tx: Transaction,
  orgId: string,
  tableId: string,
  ids: string[],
): Promise<void> {
  await tx.query(
    `UPDATE data_table_rows SET data = data - $3::text[] WHERE table_id = $1 AND org_id = $2 AND data ?| $3::text[]`,
    [tableId, orgId, ids],
  );
  await dropKeys(tx, orgId, tableId, ids);
}

export async function dropKeys(
  tx: Transaction,
  orgId: string,
  tableId: string,
  columnIds: string[],
): Promise<void> {
  await tx.query(
    "DELETE FROM data_table_keys WHERE table_id = $1 AND org_id = $2 AND column_id = ANY($3::text[])",
    [tableId, orgId, columnIds],
  );
}

/** Of a column: how many rows have no value. */
export async function countMissing(
  tx: Transaction,
  orgId: string,
  tableId: string,
  columnId: string,
): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    "SELECT count(*) AS n FROM data_table_rows WHERE table_id = $1 AND org_id = $2 AND NOT data ? $3",
    [tableId, orgId, columnId],
  );
  return rows[0]?.n ?? 0;
}

export async function insertRows(
  tx: Transaction,
  orgId: string,
  tableId: string,
  rows: readonly { id: number; data: JsonObject }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO data_table_rows (table_id, org_id, id, data)
     SELECT $1, $2, n, d::jsonb FROM unnest($3::bigint[], $4::text[]) AS given (n, d)`,
    [tableId, orgId, rows.map(({ id }) => id), rows.map(({ data }) => JSON.stringify(data))],
  );
}

/** Each row by its own change. */
export async function updateRows(
  tx: Transaction,
  orgId: string,
  tableId: string,
  changes: readonly ({ id: number } & Change)[],
): Promise<void> {
  await tx.query(
    `UPDATE data_table_rows r SET updated_at = clock_timestamp(),
       data = (r.data - ARRAY(SELECT jsonb_array_elements_text(given.u::jsonb))) || given.d::jsonb
     FROM unnest($3::bigint[], $4::text[], $5::text[]) AS given (n, d, u)
     WHERE r.table_id = $1 AND r.org_id = $2 AND r.id = given.n`,
    [
      tableId,
      orgId,
      changes.map(({ id }) => id),
      changes.map(({ set }) => JSON.stringify(set)),
      changes.map(({ unset }) => JSON.stringify(unset)),
    ],
  );
}

export async function deleteRows(
  tx: Transaction,
  orgId: string,
  tableId: string,
  ids: readonly number[],
): Promise<number> {
  const { rowCount } = await tx.query(
    "DELETE FROM data_table_rows WHERE table_id = $1 AND org_id = $2 AND id = ANY($3::bigint[])",
    [tableId, orgId, ids],
  );
  return rowCount ?? 0;
}

/** Where the numbers of rows go on, and how many more rows there are. */
export async function countUp(
  tx: Transaction,
  orgId: string,
  tableId: string,
  change: { inserted: number; deleted: number },
): Promise<void> {
  await tx.query(
    "UPDATE data_tables SET next_row = next_row + $3, row_count = row_count + $3 - $4 WHERE org_id = $1 AND id = $2",
    [orgId, tableId, change.inserted, change.deleted],
  );
}

/**
 * Claims the values of unique columns for rows that were just written. Gives a value that another row has already;
 * the caller then gives up the transaction.
 */
export async function claimKeys(
  tx: Transaction,
  orgId: string,
  tableId: string,
  claim: { columnIds: string[]; rowIds: readonly number[] | null; areNew: boolean },
): Promise<{ columnId: string; value: unknown } | undefined> {
  if (claim.columnIds.length === 0) return undefined;
  const values = [tableId, orgId, claim.columnIds, claim.rowIds];
  if (!claim.areNew)
    await tx.query(
      `DELETE FROM data_table_keys WHERE table_id = $1 AND org_id = $2 AND column_id = ANY($3::text[])
         AND ($4::bigint[] IS NULL OR row_id = ANY($4::bigint[]))`,
      values,
    );
  const claimed = `data_table_rows r CROSS JOIN unnest($3::text[]) AS c (id)
    WHERE r.table_id = $1 AND r.org_id = $2 AND ($4::bigint[] IS NULL OR r.id = ANY($4::bigint[])) AND r.data ? c.id`;
  const inserted = await tx.query(
    `INSERT INTO data_table_keys (table_id, org_id, column_id, sum, row_id)
     SELECT r.table_id, r.org_id, c.id, sha256(convert_to((r.data->c.id)::text, 'UTF8')), r.id FROM ${claimed}
     ON CONFLICT DO NOTHING`,
    values,
  );
  const wanted = await tx.query<{ n: number }>(`SELECT count(*) AS n FROM ${claimed}`, values);
  if (wanted.rows[0]?.n === inserted.rowCount) return undefined;
  const { rows } = await tx.query<{ columnId: string; value: unknown }>(
    `SELECT c.id AS "columnId", r.data->c.id AS value FROM ${claimed} AND NOT EXISTS (SELECT 1 FROM data_table_keys k
       WHERE k.table_id = r.table_id AND k.column_id = c.id AND k.row_id = r.id) ORDER BY r.id LIMIT 1`,
    values,
  );
  return rows[0];
}

/** Rows whose values in these columns are one of the given ones (JSON lists). `unique`: the one column is unique. */
export async function matchingRows(
  tx: Transaction,
  orgId: string,
  tableId: string,
  match: { columnIds: string[]; values: readonly string[]; unique: boolean },
): Promise<{ id: number; values: string }[]> {
  const built = `jsonb_build_array(${match.columnIds.map((id) => `coalesce(r.data->'${id}', 'null'::jsonb)`).join(", ")})`;
  const narrowed = match.unique
    ? `AND r.id IN (SELECT k.row_id FROM data_table_keys k JOIN unnest($3::jsonb[]) AS given (v)
         ON k.sum = sha256(convert_to((given.v->0)::text, 'UTF8'))
         WHERE k.table_id = $1 AND k.org_id = $2 AND k.column_id = '${match.columnIds[0]}')`
    : "";
  const { rows } = await tx.query<{ id: number; values: unknown }>(
    `SELECT r.id, ${built} AS values FROM data_table_rows r
     WHERE r.table_id = $1 AND r.org_id = $2 AND ${built} = ANY($3::jsonb[]) ${narrowed} ORDER BY r.id`,
    [tableId, orgId, match.values],
  );
  return rows.map(({ id, values }) => ({ id, values: JSON.stringify(values) }));
}

/** `to` begins with table and organization; the texts come from conditions.ts. */
export async function selectRows(
  tx: Transaction,
  to: Parameters,
  query: { where: string; after: string; orderBy: string; keys: string; limit: number },
): Promise<(RowRow & { keys: unknown[] })[]> {
  const { rows } = await tx.query<RowRow & { keys: unknown[] }>(
    // Sorted by id and key alone: the values of rows that are not shown are not carried through it.
    `WITH page AS (
       SELECT r.id FROM data_table_rows r
       WHERE r.table_id = $1 AND r.org_id = $2 AND ${query.where} AND ${query.after}
       ORDER BY ${query.orderBy} LIMIT ${to.put(query.limit)})
     SELECT ${rowColumns}, ${query.keys} AS keys FROM data_table_rows r
     WHERE r.table_id = $1 AND r.org_id = $2 AND r.id IN (SELECT id FROM page) ORDER BY ${query.orderBy}`,
    to.values,
  );
  return rows;
}

export async function selectIds(tx: Transaction, to: Parameters, where: string): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `SELECT r.id FROM data_table_rows r WHERE r.table_id = $1 AND r.org_id = $2 AND ${where} ORDER BY r.id`,
    to.values,
  );
  return rows.map(({ id }) => id);
}

export async function countRows(tx: Transaction, to: Parameters, where: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `SELECT count(*) AS n FROM data_table_rows r WHERE r.table_id = $1 AND r.org_id = $2 AND ${where}`,
    to.values,
  );
  return rows[0]?.n ?? 0;
}

/** The result of a write that was made before under this key. */
export async function findWrite(
  tx: Transaction,
  orgId: string,
  tableId: string,
  key: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ result: string }>(
    "SELECT result FROM data_table_writes WHERE table_id = $1 AND org_id = $2 AND key = $3",
    [tableId, orgId, key],
  );
  return rows[0]?.result;
}

/** Keeps the result, and forgets a few that nobody can ask for any more. */
export async function noteWrite(
  tx: Transaction,
  orgId: string,
  tableId: string,
  write: { key: string; result: string },
): Promise<void> {
  await tx.query("INSERT INTO data_table_writes (table_id, org_id, key, result) VALUES ($1, $2, $3, $4)", [
    tableId,
    orgId,
    write.key,
    write.result,
  ]);
  await tx.query(
    `DELETE FROM data_table_writes WHERE table_id = $1 AND org_id = $2 AND key IN (SELECT key FROM data_table_writes
       WHERE table_id = $1 AND org_id = $2 AND written_at < now() - interval '30 days' ORDER BY written_at LIMIT 10)`,
    [tableId, orgId],
  );
}
