// SQL of variables. `tx` has its tenant set (withTenant); every statement names the organization as well.
import type { Json, JsonObject } from "@auraos/kernel";
import type { Pool, Transaction } from "../platform/db.ts";

export type Environment = { orgId: string; envId: string };

export type VariableRow = {
  name: string;
  value: Json;
  bytes: number;
  description: string | null;
  createdAt: Date;
  updatedAt: Date;
};

const columns = `name, value, bytes, description, created_at AS "createdAt", updated_at AS "updatedAt"`;

export async function listVariables(tx: Transaction, { orgId, envId }: Environment): Promise<VariableRow[]> {
  const { rows } = await tx.query<VariableRow>(
    `SELECT ${columns} FROM variables WHERE org_id = $1 AND env_id = $2 ORDER BY name COLLATE "C"`,
    [orgId, envId],
  );
  return rows;
}

/** One writer at a time in an environment, so that what is counted holds; readers and starts are not held up. */
export async function lockEnvironment(tx: Transaction, { orgId, envId }: Environment): Promise<void> {
  await tx.query("SELECT 1 FROM environments WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE", [
    orgId,
    envId,
  ]);
}

/** All but the named one. */
export async function countOthers(
  tx: Transaction,
  { orgId, envId }: Environment,
  name: string,
): Promise<{ count: number; bytes: number }> {
  const { rows } = await tx.query<{ count: number; bytes: number }>(
    `SELECT count(*)::int AS count, coalesce(sum(bytes), 0)::int AS bytes FROM variables
      WHERE org_id = $1 AND env_id = $2 AND name <> $3`,
    [orgId, envId, name],
  );
  return rows[0] as { count: number; bytes: number };
}

export async function putVariable(
  tx: Transaction,
  { orgId, envId }: Environment,
  given: { name: string; text: string; bytes: number; description: string | null; createdBy: string | null },
): Promise<VariableRow> {
  const { rows } = await tx.query<VariableRow>(
    `INSERT INTO variables (org_id, env_id, name, value, bytes, description, created_by)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (org_id, env_id, name) DO UPDATE SET value = excluded.value, bytes = excluded.bytes,
        description = excluded.description, updated_at = now()
      RETURNING ${columns}`,
    [orgId, envId, given.name, given.text, given.bytes, given.description, given.createdBy],
  );
  return rows[0] as VariableRow;
}

export async function deleteVariable(
  tx: Transaction,
  { orgId, envId }: Environment,
  name: string,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    "DELETE FROM variables WHERE org_id = $1 AND env_id = $2 AND name = $3",
    [orgId, envId, name],
  );
  return rowCount === 1;
}

/** For the engine, which sees all organizations. */
export async function readValues(journal: Pool, { orgId, envId }: Environment): Promise<JsonObject> {
  const { rows } = await journal.query<{ name: string; value: Json }>({
    name: "variables",
    text: "SELECT name, value FROM variables WHERE org_id = $1 AND env_id = $2",
    values: [orgId, envId],
  });
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
