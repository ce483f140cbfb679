// Addresses of webhooks that alerts tell, sealed: an address such as https://hooks.example.com/T0/B0/s3cret is a key to
// somebody's channel. A rule and its messages name an address by id and host; it is opened when a message is sent.
import type { AlertChannel, AlertChannelBody } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import type { Vault } from "../vault/createVault.ts";
import { deleteAddresses, findAddress, giveUpDeliveries, insertAddress } from "./addressStore.ts";

export type Sealing = { vault: Pick<Vault, "seal" | "open">; newId: () => string };

export type Fresh = { id: string; url: string };

/** What is stored of the channels of a rule, and the addresses that are new. */
export type Plan = { channels: AlertChannel[]; fresh: Fresh[] };

/** `before`: channels that the rule has. Throws when an id is none of them. */
export function planChannels(
  given: readonly AlertChannelBody[],
  before: readonly AlertChannel[],
  newId: () => string,
): Plan {
  const fresh: Fresh[] = [];
  const channels = given.map((one, index): AlertChannel => {
    if (one.kind === "email") return one;
    if (one.url !== undefined) {
      const id = newId();
      fresh.push({ id, url: one.url });
      return { kind: "webhook", id, host: new URL(one.url).host };
    }
    const kept = before.find((known) => known.kind === "webhook" && known.id === one.id);
    if (kept === undefined)
      throw refuse(422, "ADDRESS_UNKNOWN", "The rule has no address with this id.", "Give its url.", {
        problems: [
          {
            ...{ path: `/channels/${index}/id`, code: "ADDRESS_UNKNOWN" },
            ...{ message: "The rule has no address with this id.", remedy: "Give its url." },
          },
        ],
      });
    return kept;
  });
  return { channels, fresh };
}

/** After the rule was written: what is new is sealed, what the rule has no more goes, and what was to be sent there with it. */
export async function storeAddresses(
  { vault }: Sealing,
  tx: Transaction,
  rule: { orgId: string; id: string },
  { channels, fresh }: Plan,
): Promise<void> {
  const { orgId } = rule;
  for (const { id, url } of fresh) {
    const sealed = await vault.seal(tx, orgId, addressPlace(id), Buffer.from(url));
    await insertAddress(tx, { id, orgId, ruleId: rule.id, sealed });
  }
  const kept = channels.flatMap((one) => (one.kind === "webhook" ? [one.id] : []));
  const gone = await deleteAddresses(tx, { orgId, ruleId: rule.id, except: kept });
  await giveUpDeliveries(tx, orgId, gone);
}

/** Throws when it is gone. */
export async function openAddress(
  vault: Pick<Vault, "open">,
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<string> {
  const sealed = await findAddress(tx, orgId, id);
  if (sealed === undefined) throw new Error("The rule does not tell this address any more.");
  return (await vault.open(tx, orgId, addressPlace(id), sealed)).toString("utf8");
}

export function addressPlace(id: string) {
  return { table: "alert_addresses", id, version: 1, purpose: "url" };
}
