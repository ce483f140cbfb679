// Rows of classes with a policy, batch by batch: what is older than its organization keeps it goes.
import type { RetentionClass } from "@auraos/contract";
import type { Pool } from "../platform/db.ts";
import { boundsOf, type RowSweep, rowSweeps } from "./classes.ts";
import { allOrganizations, allPolicies } from "./policyStore.ts";

const DAY_MS = 86_400_000;
const BATCH = 5_000;

export async function sweepRows(pool: Pool, nowMs: number): Promise<Record<string, number>> {
  const swept: Record<string, number> = {};
  const policies = new Map((await allPolicies(pool)).map((row) => [`${row.orgId} ${row.class}`, row.days]));
  for (const orgId of await allOrganizations(pool))
    for (const [name, sweeps] of Object.entries(rowSweeps) as [RetentionClass, readonly RowSweep[]][]) {
      const days = policies.get(`${orgId} ${name}`) ?? boundsOf(name, 0).defaultDays;
      if (days === null) continue;
      for (const sweep of sweeps) {
        const gone = await sweepTable(pool, sweep, orgId, nowMs - days * DAY_MS);
        if (gone > 0) swept[sweep.table] = (swept[sweep.table] ?? 0) + gone;
      }
    }
  const sessions = await sweepSessions(pool, nowMs);
  if (sessions > 0) swept.sessions = sessions;
  return swept;
}

async function sweepTable(pool: Pool, sweep: RowSweep, orgId: string, beforeMs: number): Promise<number> {
  const { table, at, guard } = sweep;
  let deleted = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table}
        WHERE org_id = $1 AND ${at} < to_timestamp($2::float8 / 1000) ${guard ? `AND ${guard}` : ""} LIMIT ${BATCH}))`,
      [orgId, beforeMs],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return deleted;
  }
}

/** A session belongs to a person, not to an organization: of the organizations the person is in, the strictest counts. */
async function sweepSessions(pool: Pool, nowMs: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM auth.session s WHERE s."expiresAt" < to_timestamp($1::float8 / 1000) - make_interval(days =>
       coalesce((SELECT min(p.days) FROM memberships m JOIN retention_policies p ON p.org_id = m.org_id
         AND p.class = 'sessions' WHERE m.user_id = s."userId"), $2))`,
    [nowMs, boundsOf("sessions", 0).defaultDays],
  );
  return rowCount ?? 0;
}
