// What alerts have sealed moves to the organization's new key, when that is replaced.
import type { Transaction } from "../platform/db.ts";
import type { Vault } from "../vault/createVault.ts";
import { addressPlace } from "./addresses.ts";
import { findSigning, lockAddresses, replaceAddress, replaceSigning } from "./addressStore.ts";
import { signingPlace } from "./signing.ts";

export async function rewrapAlerts(
  vault: Pick<Vault, "rewrap">,
  tx: Transaction,
  orgId: string,
): Promise<void> {
  for (const { id, sealed } of await lockAddresses(tx, orgId))
    await replaceAddress(tx, orgId, { id, sealed: await vault.rewrap(tx, orgId, addressPlace(id), sealed) });
  const signing = await findSigning(tx, orgId, "lock");
  if (signing !== undefined) {
    const place = signingPlace(orgId, signing.version);
    await replaceSigning(tx, orgId, await vault.rewrap(tx, orgId, place, signing.sealed));
  }
}
