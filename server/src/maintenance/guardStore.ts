// SQL of the guard of starts: it works for every organization, so it has the engine's role.
import type { StartRequest } from "../engine/engine.types.ts";
import { firstIdAt } from "../executions/executionTime.ts";
import type { Pool, Transaction } from "../platform/db.ts";
import { partsText, type Said } from "../platform/say.ts";
import type { Day } from "./day.ts";

export type LimitRow = {
  orgId: string;
  workflowId: string;
  rateCount: number | null;
  rateSeconds: number | null;
  dailyMax: number | null;
  openMax: number | null;
  pauseAfterFailures: number | null;
  failures: number;
  paused: boolean;
  pauseReason: string | null;
  /** Changes when a person changes it. */
  mark: string;
  /** Of its organization. */
  timezone: string;
};

export async function loadLimits(pool: Pool): Promise<LimitRow[]> {
  const { rows } = await pool.query<LimitRow>({
    name: "limits",
    text: `SELECT l.org_id AS "orgId", l.workflow_id AS "workflowId", l.rate_count AS "rateCount",
        l.rate_seconds AS "rateSeconds", l.daily_max AS "dailyMax", l.open_max AS "openMax",
        l.pause_after_failures AS "pauseAfterFailures", l.failures, l.paused, l.pause_reason AS "pauseReason",
        l.updated_at::text AS mark, o.timezone
      FROM workflow_limits l JOIN organizations o ON o.id = l.org_id`,
  });
  return rows;
}

export async function loadMaintenance(
  pool: Pool,
): Promise<Map<string, { reason: string | null; untilMs: number | null }>> {
  const { rows } = await pool.query<{ orgId: string; reason: string | null; until: Date | null }>({
    name: "maintenance",
    text: `SELECT org_id AS "orgId", reason, until_at AS until FROM maintenance WHERE is_on`,
  });
  return new Map(
    rows.map(({ orgId, reason, until }) => [orgId, { reason, untilMs: until?.getTime() ?? null }]),
  );
}

/** Ids of executions begin with their time, so only those of today are looked at. */
export async function loadStarts(
  pool: Pool,
  limit: Pick<LimitRow, "workflowId" | "rateSeconds"> & { day: Day },
  nowMs: number,
): Promise<{ starts: number[]; today: number }> {
  const { fromMs, untilMs } = limit.day;
  const since = nowMs - (limit.rateSeconds ?? 0) * 1000;
  const { rows } = await pool.query<{ at: number }>({
    name: "limit-starts",
    text: `SELECT (extract(epoch FROM started_at) * 1000)::float8 AS at FROM workflow_executions
      WHERE workflow_id = $1 AND id >= $2 AND parent_id IS NULL AND mode = 'production' ORDER BY id`,
    values: [limit.workflowId, firstIdAt(Math.min(fromMs, since))],
  });
  const all = rows.map(({ at }) => at);
  const today = all.filter((at) => at >= fromMs && at < untilMs);
  return { starts: all.filter((at) => at > since), today: today.length };
}

/** Running, waiting, paused, parked. */
export async function countOpen(pool: Pool, { orgId, workflowId }: StartRequest): Promise<number> {
  const { rows } = await pool.query<{ open: number }>({
    name: "limit-open",
    text: "SELECT count(*)::int AS open FROM open_executions WHERE org_id = $1 AND workflow_id = $2",
    values: [orgId, workflowId],
  });
  return rows[0]?.open ?? 0;
}

export async function findWorkflowOf(pool: Pool, executionId: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ workflowId: string }>({
    name: "workflow-of",
    text: 'SELECT workflow_id AS "workflowId" FROM workflow_executions WHERE id = $1',
    values: [executionId],
  });
  return rows[0]?.workflowId;
}

/**
 * Name of the workflow. Undefined when it is as it was: a person has changed its limits since `mark`, which counts anew, or
 * it is paused already and counts no further.
 */
export async function noteFailures(
  tx: Transaction,
  about: { workflowId: string; mark: string; failures: number; pauseReason: Said | null },
): Promise<string | undefined> {
  const { rows } = await tx.query<{ name: string }>({
    name: "limit-failures",
    text: `UPDATE workflow_limits l SET failures = $3, paused = $4::text IS NOT NULL, pause_reason = $4, pause_parts = $5,
        paused_at = CASE WHEN $4::text IS NOT NULL THEN clock_timestamp() END
      FROM workflows w WHERE l.workflow_id = $1 AND l.updated_at::text = $2 AND NOT l.paused AND w.id = l.workflow_id
      RETURNING w.name`,
    values: [
      ...[about.workflowId, about.mark, about.failures],
      ...[about.pauseReason?.text ?? null, partsText(about.pauseReason)],
    ],
  });
  return rows[0]?.name;
}
