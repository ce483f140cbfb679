// Retention: what is closed and older than its organization keeps it goes, in two ways.
//   1. Organizations that keep less than the longest: batched deletes, oldest first.
//   2. Months older than the longest: the partitions are dropped, which costs the same for any number of rows. What
//      must stay (open, child of something open, closed lately) moves to the default partition first, and is deleted
//      by way 1 when its time comes.
// What is held (legal_holds) stays as if it were open.
// A closed child stays while its parent is open: the parent may still be asked what it started. Called once a day by
// one process, with a pool of auraos_owner.
import { type Pool, transaction } from "../platform/db.ts";
import { deleteOldExecutions } from "./deleteOldExecutions.ts";
import { dropOldMonths } from "./dropOldMonths.ts";
import { sweepPayloads } from "./sweepPayloads.ts";
import { sweepRows } from "./sweepRows.ts";
import { deleteExpiredKeys } from "./sweeps.ts";

const DAY_MS = 86_400_000;

export type Retention = {
  nowMs: number;
  /** For organizations that say nothing else. */
  days: number;
};

export type Retained = {
  /** Executions deleted one by one. */
  deleted: number;
  /** Months whose partitions were dropped, such as 2026_11. */
  dropped: string[];
  /** Executions that outlived their month. */
  moved: number;
  startKeys: number;
  /** Executions that lost their payload and stay themselves. */
  payloads: number;
  /** Rows of other classes, by table. */
  rows: Record<string, number>;
};

export async function retain(pool: Pool, retention: Retention): Promise<Retained> {
  const { nowMs, days } = retention;
  const organizations = await daysOfOrganizations(pool, days);
  const longestMs = nowMs - Math.max(days, ...organizations.map((row) => row.days)) * DAY_MS;

  const { dropped, moved } = await dropOldMonths(pool, longestMs);
  let deleted = 0;
  for (const { orgId, days: kept } of organizations) {
    deleted += await deleteOldExecutions(pool, orgId, nowMs - kept * DAY_MS);
  }
  return {
    deleted,
    dropped,
    moved,
    startKeys: await deleteExpiredKeys(pool, nowMs),
    payloads: await sweepPayloads(pool, nowMs),
    rows: await sweepRows(pool, nowMs),
  };
}

/** Also organizations that have executions and no row of their own (deleted, or never made: nothing is kept for ever). */
async function daysOfOrganizations(pool: Pool, days: number): Promise<{ orgId: string; days: number }[]> {
  return transaction(pool, async (tx) => {
    // A loose index scan: one probe for each organization, not one row for each execution.
    const { rows } = await tx.query<{ orgId: string; days: number }>(
      `WITH RECURSIVE seen AS (
          (SELECT org_id FROM workflow_executions ORDER BY org_id LIMIT 1)
          UNION ALL
          SELECT (SELECT e.org_id FROM workflow_executions e WHERE e.org_id > seen.org_id ORDER BY e.org_id LIMIT 1)
          FROM seen WHERE seen.org_id IS NOT NULL)
        SELECT coalesce(seen.org_id, o.id) AS "orgId", coalesce(o.retention_days, $1::int) AS days
        FROM (SELECT org_id FROM seen WHERE org_id IS NOT NULL) seen FULL JOIN organizations o ON o.id = seen.org_id`,
      [days],
    );
    return rows;
  });
}
