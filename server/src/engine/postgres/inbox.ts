// What other processes put down for the engine. The row itself is the acknowledgement; the notification (a trigger,
// so that a row written inside somebody's transaction tells as well) only saves waiting for the next look.
import type { Pool } from "../../platform/db.ts";
import type { BodyCipher } from "../engine.types.ts";
import { type InboxRow, type Store, StoreError } from "../store.ts";
import { cleanText } from "./encode.ts";
import { openBody, PLAIN, placeOf, SEALED, sealOne } from "./sealed.ts";

/** What cannot be opened is no JSON either: whoever takes it says so and drops it. */
const UNREADABLE = Buffer.from("");

export async function readInbox(
  pool: Pool,
  limit: number,
  cipher: BodyCipher | undefined,
): Promise<InboxRow[]> {
  const { rows } = await pool.query<InboxRow & { keyId: string | null }>({
    name: "inbox",
    text: `SELECT id, org_id AS "orgId", execution_id AS "executionId", kind, body, key_id AS "keyId",
        (extract(epoch FROM at) * 1000)::float8 AS "atMs"
      FROM inbox ORDER BY at, id LIMIT $1`,
    values: [limit],
  });
  const opened: InboxRow[] = [];
  for (const { keyId, ...row } of rows)
    opened.push({ ...row, body: await readable(cipher, row, { body: row.body, keyId }) });
  return opened;
}

async function readable(
  cipher: BodyCipher | undefined,
  { orgId, id }: InboxRow,
  stored: { body: Uint8Array; keyId: string | null },
): Promise<Uint8Array> {
  try {
    return await openBody(cipher, orgId, placeOf.inbox(id), stored);
  } catch (error) {
    if (error instanceof StoreError && error.kind === "corrupt") return UNREADABLE;
    throw error;
  }
}

export async function putInbox(
  pool: Pool,
  row: Parameters<Store["putInbox"]>[0],
  cipher: BodyCipher | undefined,
): Promise<"stored" | "repeated"> {
  const { body, keyId } = await sealOne(cipher, row.orgId, placeOf.inbox(row.id), row.body);
  const { rowCount } = await pool.query({
    name: "put-inbox",
    text: `INSERT INTO inbox (id, org_id, execution_id, kind, body, at, dedupe_key, key_id, codec)
      VALUES ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000), $7, $8, $9) ON CONFLICT DO NOTHING`,
    values: [
      row.id,
      row.orgId,
      row.executionId,
      row.kind,
      Buffer.from(body),
      row.atMs,
      row.dedupeKey && cleanText(row.dedupeKey),
      keyId,
      keyId === null ? PLAIN : SEALED,
    ],
  });
  return rowCount === 1 ? "stored" : "repeated";
}

export async function findInbox(
  pool: Pool,
  orgId: string,
  dedupeKey: string,
  cipher: BodyCipher | undefined,
): Promise<{ executionId: string; body: Uint8Array } | null> {
  const { rows } = await pool.query<{
    id: string;
    executionId: string;
    body: Uint8Array;
    keyId: string | null;
  }>({
    name: "find-inbox",
    text: `SELECT id, execution_id AS "executionId", body, key_id AS "keyId" FROM inbox WHERE org_id = $1 AND dedupe_key = $2`,
    values: [orgId, cleanText(dedupeKey)],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return { executionId: row.executionId, body: await openBody(cipher, orgId, placeOf.inbox(row.id), row) };
}
