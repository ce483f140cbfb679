// Payloads that go before their execution: the history, snapshots, input and output of closed executions. The row stays:
// what ran, when, and how it ended.
import type { Pool } from "../platform/db.ts";
import { firstId } from "./months.ts";
import { allPolicies } from "./policyStore.ts";

const DAY_MS = 86_400_000;
const BATCH = 500;

/** Executions whose payload was taken away. */
export async function sweepPayloads(pool: Pool, nowMs: number): Promise<number> {
  let swept = 0;
  for (const policy of await allPolicies(pool)) {
    if (policy.class !== "payloads") continue;
    const beforeMs = nowMs - policy.days * DAY_MS;
    for (let after = firstId(0); ; ) {
      const page = await sweepPage(pool, policy.orgId, beforeMs, after);
      swept += page.swept;
      if (page.last === null) break;
      after = page.last;
    }
  }
  return swept;
}

async function sweepPage(
  pool: Pool,
  orgId: string,
  beforeMs: number,
  after: string,
): Promise<{ swept: number; last: string | null }> {
  const { rows } = await pool.query<{ swept: number; last: string | null }>({
    name: "sweep-payloads",
    text: `WITH page AS MATERIALIZED (
        SELECT id, parent_id, workflow_id, completed_at, input_data IS NOT NULL OR output_data IS NOT NULL AS has_data
        FROM workflow_executions WHERE org_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT ${BATCH}),
      old AS MATERIALIZED (
        SELECT id FROM page WHERE completed_at < to_timestamp($4::float8 / 1000)
          AND (has_data OR EXISTS (SELECT 1 FROM turns t WHERE t.execution_id = page.id))
          AND NOT EXISTS (SELECT 1 FROM open_executions o WHERE o.execution_id = page.id)
          AND NOT EXISTS (SELECT 1 FROM open_executions o WHERE o.execution_id = page.parent_id)
          AND NOT (EXISTS (SELECT 1 FROM legal_holds h WHERE h.org_id = $1 AND h.released_at IS NULL)
            AND is_held(page.id, page.workflow_id, page.parent_id))),
      t AS (DELETE FROM turns USING old WHERE turns.execution_id = old.id),
      s AS (DELETE FROM snapshots USING old WHERE snapshots.execution_id = old.id),
      x AS (UPDATE workflow_executions e SET input_data = NULL, output_data = NULL, input_blob = NULL, output_blob = NULL
        FROM old WHERE e.id = old.id)
      SELECT (SELECT count(*) FROM old) AS swept, (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last`,
    values: [orgId, after, firstId(beforeMs), beforeMs],
  });
  return rows[0] ?? { swept: 0, last: null };
}
