// Deletes an organization's closed executions that ended before a moment, a few hundred at a time, so that no
// statement holds locks for long. The pages follow the ids: what must stay is looked at once.
import type { Pool } from "../platform/db.ts";
import { firstId } from "./months.ts";

const BATCH = 500;

export async function deleteOldExecutions(pool: Pool, orgId: string, beforeMs: number): Promise<number> {
  let deleted = 0;
  let after = firstId(0);
  for (;;) {
    const page = await deletePage(pool, orgId, beforeMs, after);
    deleted += page.deleted;
    if (page.last === null) return deleted;
    after = page.last;
  }
}

async function deletePage(
  pool: Pool,
  orgId: string,
  beforeMs: number,
  after: string,
): Promise<{ deleted: number; last: string | null }> {
  const { rows } = await pool.query<{ deleted: number; last: string | null }>({
    name: "delete-old-executions",
    text: `WITH page AS MATERIALIZED (
        SELECT id, parent_id, workflow_id, completed_at FROM workflow_executions
        WHERE org_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT ${BATCH}),
      old AS MATERIALIZED (
        SELECT id FROM page WHERE completed_at < to_timestamp($4::float8 / 1000)
          AND NOT EXISTS (SELECT 1 FROM open_executions o WHERE o.execution_id = page.id)
          AND NOT EXISTS (SELECT 1 FROM open_executions o WHERE o.execution_id = page.parent_id)
          AND NOT (EXISTS (SELECT 1 FROM legal_holds h WHERE h.org_id = $1 AND h.released_at IS NULL)
            AND is_held(page.id, page.workflow_id, page.parent_id))),
      t AS (DELETE FROM turns USING old WHERE turns.execution_id = old.id),
      s AS (DELETE FROM snapshots USING old WHERE snapshots.execution_id = old.id),
      e AS (DELETE FROM effects USING old WHERE effects.execution_id = old.id),
      w AS (DELETE FROM waits USING old WHERE waits.execution_id = old.id),
      x AS (DELETE FROM workflow_executions USING old WHERE workflow_executions.id = old.id)
      SELECT (SELECT count(*) FROM old) AS deleted, (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last`,
    values: [orgId, after, firstId(beforeMs), beforeMs],
  });
  return rows[0] ?? { deleted: 0, last: null };
}
