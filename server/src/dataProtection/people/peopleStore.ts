// SQL of finding and erasing a person. Runs as the owner of the schema, who alone may change what was recorded; every
// statement names the organization.
import type { Pool, Transaction } from "../../platform/db.ts";
import type { SearchedTable } from "./tables.ts";

export type FoundRow = { place: string; id: string; execution: string | null; isOpen: boolean } & {
  values: (string | null)[];
};

const ROWS_AT_ONCE = 500;

const quoted = (name: string) => `"${name}"`;

/** Rows that may name the person; who asks looks again. Pages by the place of the row, so changed rows do not come again. */
export async function* findRows(
  pool: Pool,
  { table, columns, id, executionId, openWhen }: SearchedTable,
  orgId: string,
  posix: string,
): AsyncGenerator<FoundRow> {
  const texts = columns.map(({ name }) => `${quoted(name)}::text`);
  const { rows } = await pool.query<FoundRow>(
    `SELECT ctid::text AS place, ${quoted(id)}::text AS id, ${executionId ? `${executionId}::text` : "NULL"} AS execution,
       ${openWhen ? `coalesce(${openWhen}, false)` : "false"} AS "isOpen", ARRAY[${texts.join(", ")}] AS values
     FROM ${table} WHERE org_id = $1 AND concat_ws(E'\\n', ${texts.join(", ")}) ~* $2`,
    [orgId, posix],
  );
  yield* rows;
}

/** Of exactly the row that was read: one that was changed meanwhile has another place, and is found by the next round. */
export async function updateRow(
  pool: Pool,
  table: SearchedTable,
  orgId: string,
  place: string,
  changes: readonly { name: string; type: string; value: string }[],
): Promise<boolean> {
  const sets = changes.map(
    ({ name, type }, index) => `${quoted(name)} = $${index + 3}::${type === "_text" ? "text[]" : type}`,
  );
  const { rowCount } = await pool.query(
    `UPDATE ${table.table} SET ${sets.join(", ")} WHERE org_id = $1 AND ctid = $2::tid`,
    [orgId, place, ...changes.map(({ value }) => value)],
  );
  return rowCount === 1;
}

export type ExecutionPart = {
  id: string;
  isOpen: boolean;
  isHeld: boolean;
  texts: Record<"error_message" | "concurrency_key" | "actor" | "cause", string | null>;
  input: string | null;
  output: string | null;
};

const partColumns = `e.id, e.input_data AS input, e.output_data AS output, e.error_message, e.concurrency_key, e.actor, e.cause,
  EXISTS (SELECT 1 FROM open_executions o WHERE o.execution_id IN (e.id, e.parent_id)) AS "isOpen",
  EXISTS (SELECT 1 FROM legal_holds h WHERE h.org_id = $1 AND h.released_at IS NULL)
    AND is_held(e.id, e.workflow_id, e.parent_id) AS "isHeld"`;
type PartRow = Omit<ExecutionPart, "texts"> & ExecutionPart["texts"];

/** Executions of the organization, the oldest first. */
export async function listExecutionParts(pool: Pool, orgId: string, after: string): Promise<ExecutionPart[]> {
  const { rows } = await pool.query<PartRow>({
    name: "person-executions",
    text: `SELECT ${partColumns} FROM workflow_executions e
      WHERE e.org_id = $1 AND e.id > $2 ORDER BY e.id LIMIT ${ROWS_AT_ONCE}`,
    values: [orgId, after],
  });
  return rows.map(partOf);
}

export async function findExecutionPart(
  pool: Pool,
  orgId: string,
  id: string,
): Promise<ExecutionPart | undefined> {
  const { rows } = await pool.query<PartRow>(
    `SELECT ${partColumns} FROM workflow_executions e WHERE e.org_id = $1 AND e.id = $2`,
    [orgId, id],
  );
  return rows.map(partOf)[0];
}

function partOf({ error_message, concurrency_key, actor, cause, ...row }: PartRow): ExecutionPart {
  return { ...row, texts: { error_message, concurrency_key, actor, cause } };
}

export async function findProtection(
  pool: Pool,
  orgId: string,
  id: string,
): Promise<{ isOpen: boolean; isHeld: boolean } | undefined> {
  const { rows } = await pool.query<{ isOpen: boolean; isHeld: boolean }>({
    name: "person-protection",
    text: `SELECT EXISTS (SELECT 1 FROM open_executions o WHERE o.execution_id IN (e.id, e.parent_id)) AS "isOpen",
        is_held(e.id, e.workflow_id, e.parent_id) AS "isHeld" FROM workflow_executions e WHERE e.org_id = $1 AND e.id = $2`,
    values: [orgId, id],
  });
  return rows[0];
}

export type TurnPart = { executionId: string; seq: number; body: Buffer; keyId: string | null };

/** One after the other: a history may be larger than the memory. */
export async function* listTurnParts(
  pool: Pool,
  orgId: string,
  ids: readonly string[],
): AsyncGenerator<TurnPart> {
  let after = { executionId: "00000000-0000-0000-0000-000000000000", seq: 0 };
  for (;;) {
    const { rows } = await pool.query<TurnPart>({
      name: "person-turns",
      text: `SELECT execution_id AS "executionId", seq, body, key_id AS "keyId" FROM turns
        WHERE org_id = $1 AND execution_id = ANY ($2::uuid[]) AND (execution_id, seq) > ($3::uuid, $4::integer)
        ORDER BY execution_id, seq LIMIT ${ROWS_AT_ONCE}`,
      values: [orgId, ids, after.executionId, after.seq],
    });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = { executionId: last.executionId, seq: last.seq };
  }
}

export async function isStillClosed(tx: Transaction, id: string): Promise<boolean> {
  const { rowCount } = await tx.query("SELECT 1 FROM open_executions WHERE execution_id = $1", [id]);
  return rowCount === 0;
}

export async function updateTurn(tx: Transaction, orgId: string, turn: TurnPart): Promise<void> {
  await tx.query(
    `UPDATE turns SET body = $4, key_id = $5, codec = $6 WHERE org_id = $1 AND execution_id = $2 AND seq = $3`,
    [orgId, turn.executionId, turn.seq, turn.body, turn.keyId, turn.keyId === null ? 0 : 1],
  );
}

/** Made again when somebody needs it. */
export async function dropSnapshot(tx: Transaction, orgId: string, id: string): Promise<void> {
  await tx.query("DELETE FROM snapshots WHERE org_id = $1 AND execution_id = $2", [orgId, id]);
}

export async function updateExecution(
  tx: Transaction,
  orgId: string,
  row: Pick<ExecutionPart, "id" | "texts" | "input" | "output">,
): Promise<void> {
  const { error_message, concurrency_key, actor, cause } = row.texts;
  await tx.query(
    `UPDATE workflow_executions SET input_data = $3, output_data = $4, error_message = $5, concurrency_key = $6, actor = $7,
       cause = $8 WHERE org_id = $1 AND id = $2`,
    [orgId, row.id, row.input, row.output, error_message, concurrency_key, actor, cause],
  );
}

export type TableRow = { tableId: string; table: string; id: number; data: Record<string, unknown> };

export async function findTableRows(pool: Pool, orgId: string, posix: string): Promise<TableRow[]> {
  const { rows } = await pool.query<TableRow>(
    `SELECT r.table_id AS "tableId", t.name AS table, r.id, r.data FROM data_table_rows r JOIN data_tables t ON t.id = r.table_id
     WHERE r.org_id = $1 AND r.data::text ~* $2 ORDER BY r.table_id, r.id`,
    [orgId, posix],
  );
  return rows;
}

/** Whoever writes a table locks its row first, so that its counts are never wrong. */
export async function removeTableRow(tx: Transaction, orgId: string, row: TableRow): Promise<number> {
  await tx.query("SELECT 1 FROM data_tables WHERE org_id = $1 AND id = $2 FOR UPDATE", [orgId, row.tableId]);
  const { rowCount } = await tx.query(
    "DELETE FROM data_table_rows WHERE org_id = $1 AND table_id = $2 AND id = $3",
    [orgId, row.tableId, row.id],
  );
  await tx.query("UPDATE data_tables SET row_count = row_count - $3 WHERE org_id = $1 AND id = $2", [
    orgId,
    row.tableId,
    rowCount ?? 0,
  ]);
  return rowCount ?? 0;
}

/** The hash of a unique value that was replaced goes too: it could be guessed back. */
export async function changeTableRow(
  tx: Transaction,
  orgId: string,
  row: TableRow,
  columns: readonly string[],
): Promise<number> {
  await tx.query("SELECT 1 FROM data_tables WHERE org_id = $1 AND id = $2 FOR UPDATE", [orgId, row.tableId]);
  const { rowCount } = await tx.query(
    "UPDATE data_table_rows SET data = $4::jsonb WHERE org_id = $1 AND table_id = $2 AND id = $3",
    [orgId, row.tableId, row.id, JSON.stringify(row.data)],
  );
  await tx.query(
    "DELETE FROM data_table_keys WHERE org_id = $1 AND table_id = $2 AND row_id = $3 AND column_id = ANY ($4::text[])",
    [orgId, row.tableId, row.id, columns],
  );
  return rowCount ?? 0;
}

export type AuditPart = { seq: number; entry: string };

export async function findAuditEntries(pool: Pool, orgId: string, posix: string): Promise<AuditPart[]> {
  const { rows } = await pool.query<AuditPart>(
    "SELECT seq, entry FROM audit_entries WHERE org_id = $1 AND entry ~* $2 ORDER BY seq",
    [orgId, posix],
  );
  return rows;
}

export type Account = {
  id: string;
  name: string | null;
  email: string | null;
  role: string;
  organizations: number;
};

/** Members of the organization whose address or id is one of these. */
export async function findAccounts(pool: Pool, orgId: string, names: readonly string[]): Promise<Account[]> {
  const { rows } = await pool.query<Account>(
    `SELECT u.id, u.name, u.email, m.role,
       (SELECT count(*)::int FROM memberships o WHERE o.user_id = u.id) AS organizations
     FROM memberships m JOIN users u ON u.id = m.user_id
     WHERE m.org_id = $1 AND (lower(u.email) = ANY ($2::text[]) OR u.id::text = ANY ($2::text[]))`,
    [orgId, names.map((name) => name.toLowerCase())],
  );
  return rows;
}

export async function countOwners(tx: Transaction, orgId: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM memberships WHERE org_id = $1 AND role = 'owner'",
    [orgId],
  );
  return rows[0]?.n ?? 0;
}

/** An account that belongs to nobody else goes with all that hangs on it; the id stays, without a name. */
export async function removeAccount(tx: Transaction, orgId: string, id: string): Promise<"left" | "removed"> {
  await tx.query("DELETE FROM memberships WHERE org_id = $1 AND user_id = $2", [orgId, id]);
  const { rowCount } = await tx.query("SELECT 1 FROM memberships WHERE user_id = $1 LIMIT 1", [id]);
  if ((rowCount ?? 0) > 0) return "left";
  const { rows } = await tx.query<{ email: string }>(
    `DELETE FROM auth."user" WHERE id = $1 RETURNING email`,
    [id],
  );
  // A person who was made without an account.
  await tx.query(
    "UPDATE users SET name = NULL, email = NULL, disabled_at = coalesce(disabled_at, now()) WHERE id = $1",
    [id],
  );
  for (const { email } of rows)
    await tx.query(
      `DELETE FROM auth.verification WHERE position(lower($1) IN lower(identifier || ' ' || value)) > 0`,
      [email],
    );
  return "removed";
}

export async function removeInvitations(
  pool: Pool,
  orgId: string,
  addresses: readonly string[],
): Promise<number> {
  const { rowCount } = await pool.query(
    "DELETE FROM invitations WHERE org_id = $1 AND lower(email) = ANY ($2::text[])",
    [orgId, addresses.map((one) => one.toLowerCase())],
  );
  return rowCount ?? 0;
}
