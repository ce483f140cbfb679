// The cipher of a server: keys of other root keys are moved to the current one, and a start without a root key that the
// database needs is refused, before anything new is written that the old cannot be read beside.
import type { Log } from "../platform/log.ts";
import { createPayloadCipher, type PayloadCipher } from "./payloadCipher.ts";
import type { KeyPool } from "./payloadKeyStore.ts";
import type { RootKeys } from "./rootKeys.ts";

export class RootKeyMissing extends Error {
  constructor(missing: readonly string[]) {
    super(
      `What executions carry in this database is sealed with the root key ${missing.join(", ")}, which is not here. ` +
        "Put the vault.keys that belongs to the database into the data folder (or set AURAOS_VAULT_KEY), and start again. " +
        `If that key is lost for good: AURAOS_LOST_ROOT_KEYS=${missing.join(",")} gives up the data it seals.`,
    );
    this.name = "RootKeyMissing";
  }
}

export async function openPayloadCipher(needs: {
  pool: KeyPool;
  roots: RootKeys;
  newId: () => string;
  nowMs: () => number;
  log: Log;
  isOn: boolean;
  lost: readonly string[];
}): Promise<PayloadCipher> {
  const { log, lost, ...rest } = needs;
  const cipher = createPayloadCipher(rest);
  const { moved, missing } = await cipher.rewrap(lost);
  if (missing.length > 0) throw new RootKeyMissing(missing);
  if (moved > 0) log("info", "payload keys were moved to the current root key", { keys: moved });
  return cipher;
}
