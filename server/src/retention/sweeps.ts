// What else grows: start keys that have expired, and the blobs of executions that are gone.
import type { Pool } from "../platform/db.ts";

const BATCH = 5_000;

/** A day after they expired, so that the engine's clock need not agree with ours. */
export async function deleteExpiredKeys(pool: Pool, nowMs: number): Promise<number> {
  return inBatches(() =>
    pool.query({
      name: "delete-expired-keys",
      text: `DELETE FROM start_keys WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM start_keys WHERE expires_at < to_timestamp($1::float8 / 1000) - interval '1 day' LIMIT ${BATCH}))`,
      values: [nowMs],
    }),
  );
}

export type OrphanedBlob = { id: string; orgId: string; location: string };

/**
 * Blobs whose execution was deleted; their bytes go first, then `forgetBlobs`. A blob is written before the turn that
 * names it, so young ones are left alone.
 */
export async function orphanedBlobs(pool: Pool, beforeMs: number, limit: number): Promise<OrphanedBlob[]> {
  const { rows } = await pool.query<OrphanedBlob>({
    name: "orphaned-blobs",
    text: `SELECT b.id, b.org_id AS "orgId", b.location FROM blobs b
      WHERE b.created_at < to_timestamp($1::float8 / 1000) AND b.execution_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM workflow_executions e WHERE e.id = b.execution_id) LIMIT $2`,
    values: [beforeMs, limit],
  });
  return rows;
}

export async function forgetBlobs(pool: Pool, ids: readonly string[]): Promise<void> {
  await pool.query({ name: "forget-blobs", text: "DELETE FROM blobs WHERE id = ANY ($1)", values: [ids] });
}

async function inBatches(deleteSome: () => Promise<{ rowCount: number | null }>): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await deleteSome();
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return deleted;
  }
}
