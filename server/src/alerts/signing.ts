// The secret that alerts of an organization are signed with. One that the organization made is sealed and was shown once;
// before there is one, it follows from the key of this server, as receivers of earlier releases know it.
import { randomBytes } from "node:crypto";
import type { AlertSigning } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";
import type { Vault } from "../vault/createVault.ts";
import { findSigning, putSigning } from "./addressStore.ts";
import { signingSecret } from "./sign.ts";

const SECRET_BYTES = 32;
const HINT_SIGNS = 4;

export async function secretOf(
  parts: { vault: Pick<Vault, "open">; serverKey: Buffer },
  tx: Transaction,
  orgId: string,
): Promise<string> {
  const row = await findSigning(tx, orgId);
  if (row === undefined) return signingSecret(parts.serverKey, orgId);
  return (await parts.vault.open(tx, orgId, signingPlace(orgId, row.version), row.sealed)).toString("utf8");
}

export async function showSigning(tx: Transaction, orgId: string): Promise<AlertSigning> {
  const row = await findSigning(tx, orgId);
  if (row === undefined) return { hint: null, createdAt: null, createdBy: null };
  return { hint: row.hint, createdAt: row.createdAt.toISOString(), createdBy: row.createdBy };
}

/** The new one is in the answer, and nowhere else. */
export async function renewSigning(
  vault: Pick<Vault, "seal">,
  tx: Transaction,
  { orgId, actor }: { orgId: string; actor: string },
): Promise<AlertSigning & { secret: string }> {
  const version = ((await findSigning(tx, orgId, "lock"))?.version ?? 0) + 1;
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
  const sealed = await vault.seal(tx, orgId, signingPlace(orgId, version), Buffer.from(secret));
  await putSigning(tx, orgId, { version, sealed, hint: secret.slice(-HINT_SIGNS), createdBy: actor });
  return { ...(await showSigning(tx, orgId)), secret };
}

export function signingPlace(orgId: string, version: number) {
  return { table: "alert_signing", id: orgId, version, purpose: "secret" };
}
