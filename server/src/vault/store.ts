// SQL of the organizations' wrapped keys. `tx` has its tenant set; every statement names the organization as well.
import type { Transaction } from "../platform/db.ts";

export type KeyRow = { version: number; rootId: string; wrapped: Buffer };

export async function findKeys(tx: Transaction, orgId: string): Promise<KeyRow[]> {
  const { rows } = await tx.query<KeyRow>({
    name: "vault-keys",
    text: `SELECT version, root_id AS "rootId", wrapped FROM vault_keys WHERE org_id = $1 ORDER BY version`,
    values: [orgId],
  });
  return rows;
}

/** Sealing shares the lock, a new key wants it alone: nobody seals with a key that is about to go. */
export async function lockKeys(tx: Transaction, orgId: string, mode: "shared" | "alone"): Promise<void> {
  const lock = mode === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock";
  await tx.query(`SELECT ${lock}(hashtextextended('auraos vault ' || $1, 0))`, [orgId]);
}

/** Of two that make the first key at once, one wins. */
export async function insertKey(tx: Transaction, orgId: string, key: KeyRow): Promise<void> {
  await tx.query(
    `INSERT INTO vault_keys (org_id, version, root_id, wrapped) VALUES ($1, $2, $3, $4)
     ON CONFLICT (org_id, version) DO NOTHING`,
    [orgId, key.version, key.rootId, key.wrapped],
  );
}

export async function deleteOldKeys(tx: Transaction, orgId: string, below: number): Promise<void> {
  await tx.query("DELETE FROM vault_keys WHERE org_id = $1 AND version < $2", [orgId, below]);
}
