// SQL of payload keys. The engine's role reads and writes those of every organization: one flush holds many.
import type { Pool } from "../platform/db.ts";

export type KeyPool = Pick<Pool, "query">;
export type PayloadKeyRow = { id: string; orgId: string; rootId: string; wrapped: Buffer };

const MOVED_AT_ONCE = 500;
const columns = `id, org_id AS "orgId", root_id AS "rootId", wrapped`;

export async function insertPayloadKey(pool: KeyPool, key: PayloadKeyRow): Promise<void> {
  await pool.query("INSERT INTO payload_keys (id, org_id, root_id, wrapped) VALUES ($1, $2, $3, $4)", [
    key.id,
    key.orgId,
    key.rootId,
    key.wrapped,
  ]);
}

export async function findPayloadKeys(pool: KeyPool, ids: readonly string[]): Promise<PayloadKeyRow[]> {
  const { rows } = await pool.query<PayloadKeyRow>({
    name: "payload-keys",
    text: `SELECT ${columns} FROM payload_keys WHERE id = ANY ($1::uuid[])`,
    values: [ids],
  });
  return rows;
}

/** Wraps anew what another root key wraps; `wrap` gives undefined where that root key is not known. */
export async function movePayloadKeys(
  pool: KeyPool,
  rootId: string,
  wrap: (row: PayloadKeyRow) => Buffer | undefined,
): Promise<{ moved: number; missing: string[] }> {
  let moved = 0;
  const missing = new Set<string>();
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const { rows } = await pool.query<PayloadKeyRow>(
      `SELECT ${columns} FROM payload_keys WHERE root_id <> $1 AND id > $2 ORDER BY id LIMIT $3`,
      [rootId, after, MOVED_AT_ONCE],
    );
    for (const row of rows) {
      const wrapped = wrap(row);
      if (wrapped === undefined) missing.add(row.rootId);
      else {
        moved += 1;
        await pool.query(
          "UPDATE payload_keys SET root_id = $2, wrapped = $3 WHERE id = $1 AND root_id = $4",
          [row.id, rootId, wrapped, row.rootId],
        );
      }
      after = row.id;
    }
    if (rows.length < MOVED_AT_ONCE) return { moved, missing: [...missing] };
  }
}

/** What they sealed is given up. */
export async function deletePayloadKeysOf(pool: KeyPool, rootIds: readonly string[]): Promise<void> {
  if (rootIds.length > 0)
    await pool.query("DELETE FROM payload_keys WHERE root_id = ANY ($1::text[])", [rootIds]);
}
