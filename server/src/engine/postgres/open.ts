// Questions about executions that are not over; all are answered from the small table of open ones. A parked one
// waits for a person and counts for nobody's limit.
import type { Pool } from "../../platform/db.ts";

/** Before every other. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

export async function dueExecutions(
  pool: Pool,
  nowMs: number,
  limit: number,
  after?: { executionId: string; wakeAtMs: number },
): Promise<{ executionId: string; wakeAtMs: number | null }[]> {
  // Two branches, so that each is read from its own index and neither looks at the sleepers of the future.
  const { rows } = await pool.query<{ executionId: string; wakeAtMs: number | null }>({
    name: "due-executions",
    text: `SELECT execution_id AS "executionId", (extract(epoch FROM wake_at) * 1000)::float8 AS "wakeAtMs" FROM (
        (SELECT execution_id, wake_at FROM open_executions
          WHERE wake_at <= to_timestamp($1::float8 / 1000) AND status IN ('running', 'waiting', 'paused')
            AND (wake_at, execution_id) > (coalesce(to_timestamp($3::float8 / 1000), '-infinity'), $4::uuid)
          ORDER BY wake_at, execution_id LIMIT $2)
        UNION
        (SELECT execution_id, wake_at FROM open_executions
          WHERE status = 'running' AND ($3::float8 IS NULL OR (wake_at, execution_id) > (to_timestamp($3::float8 / 1000), $4::uuid))
          ORDER BY wake_at, execution_id LIMIT $2)
      ) due ORDER BY wake_at NULLS LAST, execution_id LIMIT $2`,
    values: [nowMs, limit, after?.wakeAtMs ?? null, after?.executionId ?? FIRST_ID],
  });
  return rows;
}

export async function runningExecutions(pool: Pool, after: string | null, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: "running-executions",
    text: `SELECT execution_id AS id FROM open_executions
      WHERE status = 'running' AND execution_id > $1::uuid
      ORDER BY execution_id LIMIT $2`,
    values: [after ?? FIRST_ID, limit],
  });
  return rows.map((row) => row.id);
}

export async function nextWake(pool: Pool, nowMs: number): Promise<number | null> {
  const { rows } = await pool.query<{ atMs: number }>({
    name: "next-wake",
    text: `SELECT (extract(epoch FROM wake_at) * 1000)::float8 AS "atMs" FROM open_executions
      WHERE wake_at > to_timestamp($1::float8 / 1000) AND status IN ('running', 'waiting', 'paused')
      ORDER BY wake_at LIMIT 1`,
    values: [nowMs],
  });
  return rows[0]?.atMs ?? null;
}

export async function openCount(pool: Pool, orgId: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: "open-count",
    text: "SELECT count(*) FROM open_executions WHERE org_id = $1 AND status <> 'parked'",
    values: [orgId],
  });
  return rows[0]?.count ?? 0;
}

export async function openExecutions(
  pool: Pool,
  orgId: string,
  workflowId: string,
  concurrencyKey: string,
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: "open-executions",
    text: `SELECT execution_id AS id FROM open_executions
      WHERE org_id = $1 AND workflow_id = $2 AND concurrency_key = $3 AND status <> 'parked' ORDER BY execution_id`,
    values: [orgId, workflowId, concurrencyKey],
  });
  return rows.map((row) => row.id);
}
