// Seals the secrets of an organization with a new key, in one transaction: until it is committed the old key is in use,
// afterwards it is gone. Executions go on meanwhile with what they have opened.
import { rewrapAlerts } from "../alerts/rewrapAlerts.ts";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { placeOf } from "./oauthTokens.ts";
import { lockAll, replaceSealed } from "./store.ts";

export async function rotateVault(
  deps: Deps,
  orgId: string,
): Promise<{ keyVersion: number; connections: number }> {
  return withTenant(deps.api, orgId, async (tx) => {
    const keyVersion = await deps.vault.rotate(tx, orgId);
    const rows = await lockAll(tx, orgId);
    for (const { id, version, sealed, tokens, tokensVersion } of rows) {
      const place = { table: "connections", id, version, purpose: "values" };
      await replaceSealed(
        tx,
        { id, orgId },
        {
          sealed: await deps.vault.rewrap(tx, orgId, place, sealed),
          tokens: tokens && (await deps.vault.rewrap(tx, orgId, placeOf(id, tokensVersion), tokens)),
        },
      );
    }
    await rewrapAlerts(deps.vault, tx, orgId);
    await deps.vault.retire(tx, orgId, keyVersion);
    return { keyVersion, connections: rows.length };
  });
}
