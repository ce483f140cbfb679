// SQL of sealed addresses and of the secret of signatures. `tx` has its tenant set; every statement names the organization.
import type { Pool, Transaction } from "../platform/db.ts";

export async function findAddress(tx: Transaction, orgId: string, id: string): Promise<Buffer | undefined> {
  const { rows } = await tx.query<{ sealed: Buffer }>(
    "SELECT sealed FROM alert_addresses WHERE org_id = $1 AND id = $2",
    [orgId, id],
  );
  return rows[0]?.sealed;
}

export async function insertAddress(
  tx: Transaction,
  row: { id: string; orgId: string; ruleId: string; sealed: Buffer },
): Promise<void> {
  await tx.query("INSERT INTO alert_addresses (id, org_id, rule_id, sealed) VALUES ($1, $2, $3, $4)", [
    ...[row.id, row.orgId, row.ruleId, row.sealed],
  ]);
}

export async function deleteAddresses(
  tx: Transaction,
  about: { orgId: string; ruleId: string; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    "DELETE FROM alert_addresses WHERE org_id = $1 AND rule_id = $2 AND id <> ALL ($3::uuid[]) RETURNING id",
    [about.orgId, about.ruleId, about.except],
  );
  return rows.map(({ id }) => id);
}

/** What was to be sent to addresses that are gone. */
export async function giveUpDeliveries(
  tx: Transaction,
  orgId: string,
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) return;
  await tx.query(
    `UPDATE alert_deliveries SET state = 'failed', error = 'The rule does not tell this address any more.'
     WHERE org_id = $1 AND state = 'pending' AND channel::json ->> 'id' = ANY ($2::text[])`,
    [orgId, addresses],
  );
}

export type Sealed = { id: string; sealed: Buffer };

export async function lockAddresses(tx: Transaction, orgId: string): Promise<Sealed[]> {
  const { rows } = await tx.query<Sealed>(
    "SELECT id, sealed FROM alert_addresses WHERE org_id = $1 ORDER BY id FOR UPDATE",
    [orgId],
  );
  return rows;
}

export async function replaceAddress(tx: Transaction, orgId: string, { id, sealed }: Sealed): Promise<void> {
  await tx.query("UPDATE alert_addresses SET sealed = $3 WHERE org_id = $1 AND id = $2", [orgId, id, sealed]);
}

export type SigningRow = {
  version: number;
  sealed: Buffer;
  hint: string;
  createdBy: string;
  createdAt: Date;
};

export async function findSigning(
  tx: Transaction,
  orgId: string,
  lock: "lock" | "read" = "read",
): Promise<SigningRow | undefined> {
  const { rows } = await tx.query<SigningRow>(
    `SELECT version, sealed, hint, created_by AS "createdBy", created_at AS "createdAt" FROM alert_signing
     WHERE org_id = $1 ${lock === "lock" ? "FOR UPDATE" : ""}`,
    [orgId],
  );
  return rows[0];
}

export async function putSigning(
  tx: Transaction,
  orgId: string,
  row: Omit<SigningRow, "createdAt">,
): Promise<void> {
  await tx.query(
    `INSERT INTO alert_signing (org_id, version, sealed, hint, created_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (org_id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed, hint = excluded.hint,
       created_by = excluded.created_by, created_at = now()`,
    [orgId, row.version, row.sealed, row.hint, row.createdBy],
  );
}

export async function replaceSigning(tx: Transaction, orgId: string, sealed: Buffer): Promise<void> {
  await tx.query("UPDATE alert_signing SET sealed = $2 WHERE org_id = $1", [orgId, sealed]);
}

/** Organizations with rules; the engine's role sees no more of them. */
export async function organizationsWithRules(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ orgId: string }>('SELECT DISTINCT org_id AS "orgId" FROM alert_rules');
  return rows.map(({ orgId }) => orgId);
}

/** What was written before addresses were sealed. */
export type Open = { id: string; ruleId: string; text: string };

export async function lockOpenRules(tx: Transaction, orgId: string): Promise<Open[]> {
  const { rows } = await tx.query<Open>(
    `SELECT id, id AS "ruleId", channels AS text FROM alert_rules
     WHERE org_id = $1 AND channels LIKE '%"url"%' ORDER BY id FOR UPDATE`,
    [orgId],
  );
  return rows;
}

export async function lockOpenDeliveries(tx: Transaction, orgId: string): Promise<Open[]> {
  const { rows } = await tx.query<Open>(
    `SELECT d.id, a.rule_id AS "ruleId", d.channel AS text FROM alert_deliveries d JOIN alerts a ON a.id = d.alert_id
     WHERE d.org_id = $1 AND d.channel LIKE '%"url"%' ORDER BY d.id FOR UPDATE OF d`,
    [orgId],
  );
  return rows;
}

export async function replaceChannels(
  tx: Transaction,
  orgId: string,
  id: string,
  text: string,
): Promise<void> {
  await tx.query("UPDATE alert_rules SET channels = $3 WHERE org_id = $1 AND id = $2", [orgId, id, text]);
}

export async function replaceChannel(
  tx: Transaction,
  orgId: string,
  id: string,
  text: string,
): Promise<void> {
  await tx.query("UPDATE alert_deliveries SET channel = $3 WHERE org_id = $1 AND id = $2", [orgId, id, text]);
}
