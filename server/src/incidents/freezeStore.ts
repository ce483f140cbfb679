// SQL of freezes for the process that leads: it works for every organization, so it has the engine's role.
import type { Pool } from "../platform/db.ts";

export type FreezeRow = { id: string; orgId: string; workflowId: string | null; reason: string };

export async function listFreezesOfAll(pool: Pool): Promise<FreezeRow[]> {
  const { rows } = await pool.query<FreezeRow>({
    name: "freezes",
    text: `SELECT id, org_id AS "orgId", workflow_id AS "workflowId", reason FROM freezes WHERE lifted_at IS NULL`,
  });
  return rows;
}

/** Open, of it or begun for it, and not paused. */
export async function listToPause(
  pool: Pool,
  freeze: FreezeRow,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH RECURSIVE line AS (
       SELECT execution_id AS id, status FROM open_executions
       WHERE org_id = $1 AND ($2::uuid IS NULL OR workflow_id = $2)
       UNION
       SELECT o.execution_id, o.status FROM line JOIN open_executions o ON o.parent_id = line.id AND o.org_id = $1)
     SELECT id FROM line WHERE status <> 'paused' AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4`,
    [freeze.orgId, freeze.workflowId, page.after, page.limit],
  );
  return rows.map(({ id }) => id);
}

export async function noteHeld(pool: Pool, freeze: FreezeRow, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await pool.query(
    `INSERT INTO freeze_executions (org_id, freeze_id, execution_id)
     SELECT $1, $2, id FROM unnest($3::uuid[]) AS id ON CONFLICT DO NOTHING`,
    [freeze.orgId, freeze.id, ids],
  );
}

export type HeldRow = { freezeId: string; executionId: string };

/** Of freezes that are lifted, unless another one holds the same execution. */
export async function listHeldToResume(pool: Pool, limit: number): Promise<HeldRow[]> {
  const { rows } = await pool.query<HeldRow>(
    `SELECT h.freeze_id AS "freezeId", h.execution_id AS "executionId"
     FROM freeze_executions h JOIN freezes f ON f.id = h.freeze_id AND f.lifted_at IS NOT NULL
     WHERE NOT EXISTS (SELECT 1 FROM freeze_executions other JOIN freezes g ON g.id = other.freeze_id
       AND g.lifted_at IS NULL WHERE other.execution_id = h.execution_id)
     LIMIT $1`,
    [limit],
  );
  return rows;
}

export async function forgetHeld(pool: Pool, rows: readonly HeldRow[]): Promise<void> {
  await pool.query(
    `DELETE FROM freeze_executions f USING unnest($1::uuid[], $2::uuid[]) AS gone (freeze_id, execution_id)
     WHERE f.freeze_id = gone.freeze_id AND f.execution_id = gone.execution_id`,
    [rows.map(({ freezeId }) => freezeId), rows.map(({ executionId }) => executionId)],
  );
}
