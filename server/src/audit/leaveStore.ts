// SQL of retention of the audit log, as the owner of the tables: the only one who may remove an entry.
import type { Pool } from "../platform/db.ts";
import type { Base } from "./base.ts";

const BATCH = 5_000;

export type Kept = { orgId: string; days: number };

/** Organizations that do not keep their log for ever. */
export async function listKept(pool: Pool): Promise<Kept[]> {
  const { rows } = await pool.query<Kept>(
    `SELECT org_id AS "orgId", days FROM retention_policies WHERE class = 'audit' ORDER BY org_id`,
  );
  return rows;
}

/** While something is held for a dispute, or an incident is open, the log is evidence. */
export async function isEvidence(pool: Pool, orgId: string): Promise<boolean> {
  const { rows } = await pool.query<{ is: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM legal_holds WHERE org_id = $1 AND released_at IS NULL)
       OR EXISTS (SELECT 1 FROM incidents WHERE org_id = $1 AND closed_at IS NULL) AS is`,
    [orgId],
  );
  return rows[0]?.is !== false;
}

/**
 * The last entry before the first that is young enough to stay; 0 = none. Entries that were kept back by a failure stand
 * behind younger ones, so that the place is found by number, not by the newest old one.
 */
export async function lastOldEntry(
  pool: Pool,
  about: { orgId: string; after: number; beforeMs: number },
): Promise<number> {
  const { orgId, after, beforeMs } = about;
  const { rows } = await pool.query<{ seq: number | null }>(
    `SELECT coalesce(
       (SELECT seq - 1 FROM audit_entries WHERE org_id = $1 AND seq > $2
          AND (entry::jsonb ->> 'at')::timestamptz >= to_timestamp($3::float8 / 1000) ORDER BY seq LIMIT 1),
       (SELECT seq FROM audit_heads WHERE org_id = $1), 0)::float8 AS seq`,
    [orgId, after, beforeMs],
  );
  return rows[0]?.seq ?? 0;
}

/** It only moves on. */
export async function putBase(pool: Pool, orgId: string, base: Base): Promise<void> {
  const { seq, hash, note, removedAt } = base;
  await pool.query(
    `INSERT INTO audit_bases (org_id, seq, hash, note, removed_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (org_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, note = excluded.note,
       removed_at = excluded.removed_at WHERE audit_bases.seq < excluded.seq`,
    [orgId, seq, hash, note, removedAt],
  );
}

export async function deleteTo(pool: Pool, orgId: string, seq: number): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM audit_entries WHERE org_id = $1 AND seq = ANY (ARRAY(
         SELECT seq FROM audit_entries WHERE org_id = $1 AND seq <= $2 ORDER BY seq LIMIT ${BATCH}))`,
      [orgId, seq],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return deleted;
  }
}
