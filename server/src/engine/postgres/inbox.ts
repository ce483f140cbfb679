// What other processes put down for the engine. The row itself is the acknowledgement; the notification (a trigger,
// so that a row written inside somebody's transaction tells as well) only saves waiting for the next look.
import type { Pool } from "../../platform/db.ts";
import type { InboxRow, Store } from "../store.ts";
import { cleanText } from "./encode.ts";

export async function readInbox(pool: Pool, limit: number): Promise<InboxRow[]> {
  const { rows } = await pool.query<InboxRow>({
    name: "inbox",
    text: `SELECT id, org_id AS "orgId", execution_id AS "executionId", kind, body,
        (extract(epoch FROM at) * 1000)::float8 AS "atMs"
      FROM inbox ORDER BY at, id LIMIT $1`,
    values: [limit],
  });
  return rows;
}

export async function putInbox(
  pool: Pool,
  row: Parameters<Store["putInbox"]>[0],
): Promise<"stored" | "repeated"> {
  const { rowCount } = await pool.query({
    name: "put-inbox",
    text: `INSERT INTO inbox (id, org_id, execution_id, kind, body, at, dedupe_key)
      VALUES ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000), $7) ON CONFLICT DO NOTHING`,
    values: [
      row.id,
      row.orgId,
      row.executionId,
      row.kind,
      Buffer.from(row.body),
      row.atMs,
      row.dedupeKey && cleanText(row.dedupeKey),
    ],
  });
  return rowCount === 1 ? "stored" : "repeated";
}

export async function findInbox(
  pool: Pool,
  orgId: string,
  dedupeKey: string,
): Promise<{ executionId: string; body: Uint8Array } | null> {
  const { rows } = await pool.query<{ executionId: string; body: Uint8Array }>({
    name: "find-inbox",
    text: `SELECT execution_id AS "executionId", body FROM inbox WHERE org_id = $1 AND dedupe_key = $2`,
    values: [orgId, cleanText(dedupeKey)],
  });
  return rows[0] ?? null;
}
