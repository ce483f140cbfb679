// Snapshots go beside the flush lane, behind the same fence: they are big, and nobody waits for one.
import type { Pool } from "../../platform/db.ts";
import type { BodyCipher } from "../engine.types.ts";
import type { Store } from "../store.ts";
import { PLAIN, placeOf, SEALED, sealOne } from "./sealed.ts";

export async function putSnapshot(
  pool: Pool,
  epoch: number,
  row: Parameters<Store["putSnapshot"]>[1],
  cipher: BodyCipher | undefined,
): Promise<void> {
  const place = placeOf.snapshot(row.executionId, row.seq);
  const { body, keyId } = await sealOne(cipher, row.orgId, place, row.body);
  await pool.query({
    name: "put-snapshot",
    text: `WITH f AS (SELECT 1 WHERE hold_epoch($1))
      INSERT INTO snapshots (execution_id, org_id, seq, body, key_id, codec)
      SELECT $2::uuid, $3::uuid, $4::int, $5::bytea, $6::uuid, $7::int2 FROM f
      ON CONFLICT (execution_id) DO UPDATE SET seq = excluded.seq, body = excluded.body, at = now(),
          key_id = excluded.key_id, codec = excluded.codec
        WHERE snapshots.seq < excluded.seq`,
    values: [
      epoch,
      row.executionId,
      row.orgId,
      row.seq,
      Buffer.from(body),
      keyId,
      keyId === null ? PLAIN : SEALED,
    ],
  });
}
