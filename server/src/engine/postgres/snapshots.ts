// Snapshots go beside the flush lane, behind the same fence: they are big, and nobody waits for one.
import type { Pool } from "../../platform/db.ts";
import type { Store } from "../store.ts";

export async function putSnapshot(
  pool: Pool,
  epoch: number,
  row: Parameters<Store["putSnapshot"]>[1],
): Promise<void> {
  await pool.query({
    name: "put-snapshot",
    text: `WITH f AS (SELECT 1 WHERE hold_epoch($1))
      INSERT INTO snapshots (execution_id, org_id, seq, body)
      SELECT $2::uuid, $3::uuid, $4::int, $5::bytea FROM f
      ON CONFLICT (execution_id) DO UPDATE SET seq = excluded.seq, body = excluded.body, at = now()
        WHERE snapshots.seq < excluded.seq`,
    values: [epoch, row.executionId, row.orgId, row.seq, Buffer.from(row.body)],
  });
}
