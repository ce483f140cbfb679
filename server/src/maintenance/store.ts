// SQL of limits and maintenance, for the API. `tx` has its tenant set; every statement names the organization as well.
import type { SentencePart } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";
import { partsText, type Said } from "../platform/say.ts";
import type { LimitRow } from "./guardStore.ts";

export type StoredLimits = Omit<LimitRow, "timezone"> & {
  pool: string | null;
  places: number;
  priority: number;
  fairKey: string | null;
  pausedAt: Date | null;
  pauseParts: SentencePart[] | null;
};

export async function workflowExists(tx: Transaction, orgId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    "SELECT 1 FROM workflows WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL",
    [orgId, id],
  );
  return rowCount === 1;
}

export async function findTimezone(tx: Transaction, orgId: string): Promise<string> {
  const { rows } = await tx.query<{ timezone: string }>("SELECT timezone FROM organizations WHERE id = $1", [
    orgId,
  ]);
  return rows[0]?.timezone ?? "UTC";
}

const columns = `l.org_id AS "orgId", l.workflow_id AS "workflowId", l.rate_count AS "rateCount",
  l.rate_seconds AS "rateSeconds", l.daily_max AS "dailyMax", l.open_max AS "openMax",
  l.pause_after_failures AS "pauseAfterFailures", l.failures, l.paused, l.pause_reason AS "pauseReason",
  l.updated_at::text AS mark, l.pool, l.pool_places AS places, l.pool_priority AS priority, l.fair_key AS "fairKey",
  l.paused_at AS "pausedAt", l.pause_parts AS "pauseParts"`;

export async function findLimits(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<StoredLimits | undefined> {
  const { rows } = await tx.query<StoredLimits>(
    `SELECT ${columns} FROM workflow_limits l WHERE l.org_id = $1 AND l.workflow_id = $2`,
    [orgId, id],
  );
  return rows[0];
}

export type LimitsPlace = { paused: boolean; workflowId: string };

/** Of workflows that are there: what is paused first, then the newest. */
export async function listLimits(
  tx: Transaction,
  query: { orgId: string; before: LimitsPlace | null; limit: number },
): Promise<(StoredLimits & { workflowName: string })[]> {
  const { rows } = await tx.query<StoredLimits & { workflowName: string }>(
    `SELECT ${columns}, w.name AS "workflowName" FROM workflow_limits l JOIN workflows w ON w.id = l.workflow_id
     WHERE l.org_id = $1 AND w.deleted_at IS NULL
       AND ($2::boolean IS NULL OR (l.paused, l.workflow_id) < ($2, $3::uuid))
     ORDER BY l.paused DESC, l.workflow_id DESC LIMIT $4`,
    [query.orgId, query.before?.paused ?? null, query.before?.workflowId ?? null, query.limit],
  );
  return rows;
}

/** A person has looked: failures of before count no more. Who pauses what is paused already does not begin its pause anew. */
export async function putLimits(
  tx: Transaction,
  row: Omit<StoredLimits, "failures" | "mark" | "pausedAt" | "pauseReason" | "pauseParts"> & {
    pauseReason: Said | null;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO workflow_limits (org_id, workflow_id, rate_count, rate_seconds, daily_max, open_max,
       pause_after_failures, paused, pause_reason, pool, pool_places, pool_priority, fair_key, paused_at, pause_parts)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
       CASE WHEN $8 THEN clock_timestamp() END, $14)
     ON CONFLICT (workflow_id) DO UPDATE SET rate_count = EXCLUDED.rate_count, rate_seconds = EXCLUDED.rate_seconds,
       daily_max = EXCLUDED.daily_max, open_max = EXCLUDED.open_max, failures = 0, paused = EXCLUDED.paused,
       pause_after_failures = EXCLUDED.pause_after_failures, pause_reason = EXCLUDED.pause_reason,
       pool = EXCLUDED.pool, pool_places = EXCLUDED.pool_places, pool_priority = EXCLUDED.pool_priority,
       fair_key = EXCLUDED.fair_key, pause_parts = EXCLUDED.pause_parts,
       paused_at = CASE WHEN EXCLUDED.paused THEN COALESCE(workflow_limits.paused_at, EXCLUDED.paused_at) END,
       updated_at = clock_timestamp()`,
    [
      ...[row.orgId, row.workflowId, row.rateCount, row.rateSeconds, row.dailyMax, row.openMax],
      ...[row.pauseAfterFailures, row.paused, row.pauseReason?.text ?? null],
      ...[row.pool, row.places, row.priority, row.fairKey, partsText(row.pauseReason)],
    ],
  );
}

export type MaintenanceRow = { isOn: boolean; reason: string | null; until: Date | null; by: string | null };

export async function findMaintenance(tx: Transaction, orgId: string): Promise<MaintenanceRow | undefined> {
  const { rows } = await tx.query<MaintenanceRow>(
    `SELECT is_on AS "isOn", reason, until_at AS until, changed_by AS by FROM maintenance WHERE org_id = $1`,
    [orgId],
  );
  return rows[0];
}

export async function putMaintenance(
  tx: Transaction,
  row: { orgId: string; isOn: boolean; reason: string | null; untilMs: number | null; actor: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO maintenance (org_id, is_on, reason, until_at, changed_by)
     VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000), $5)
     ON CONFLICT (org_id) DO UPDATE SET is_on = EXCLUDED.is_on, reason = EXCLUDED.reason, until_at = EXCLUDED.until_at,
       changed_by = EXCLUDED.changed_by, updated_at = now()`,
    [row.orgId, row.isOn, row.reason, row.untilMs, row.actor],
  );
}
