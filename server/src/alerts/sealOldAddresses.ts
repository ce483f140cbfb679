// Once, after the upgrade: rules and messages from before addresses were sealed. Before anything is answered or sent, so
// that nothing else has to know the old form. A rule that had an address keeps telling it.
import type { AlertChannel } from "@auraos/contract";
import { type Pool, type Transaction, withTenant } from "../platform/db.ts";
import { addressPlace, type Sealing } from "./addresses.ts";
import {
  insertAddress,
  lockOpenDeliveries,
  lockOpenRules,
  organizationsWithRules,
  replaceChannel,
  replaceChannels,
} from "./addressStore.ts";

type Old = AlertChannel | { kind: "webhook"; url: string };

/** `pool`: the engine's role, for which organizations there are. Gives how many addresses were sealed. */
export async function sealOldAddresses(parts: Sealing & { api: Pool; pool: Pool }): Promise<number> {
  let sealed = 0;
  for (const orgId of await organizationsWithRules(parts.pool))
    sealed += await withTenant(parts.api, orgId, (tx) => sealOf(parts, tx, orgId));
  return sealed;
}

async function sealOf({ vault, newId }: Sealing, tx: Transaction, orgId: string): Promise<number> {
  /** The same address of the same rule is one. */
  const known = new Map<string, string>();
  const closed = async (ruleId: string, channel: Old): Promise<AlertChannel> => {
    if (!("url" in channel)) return channel;
    const key = `${ruleId} ${channel.url}`;
    const { host } = new URL(channel.url);
    const id = known.get(key) ?? newId();
    if (!known.has(key)) {
      const sealed = await vault.seal(tx, orgId, addressPlace(id), Buffer.from(channel.url));
      await insertAddress(tx, { id, orgId, ruleId, sealed });
      known.set(key, id);
    }
    return { kind: "webhook", id, host };
  };
  for (const { id, ruleId, text } of await lockOpenRules(tx, orgId)) {
    const channels: AlertChannel[] = [];
    for (const one of JSON.parse(text) as Old[]) channels.push(await closed(ruleId, one));
    await replaceChannels(tx, orgId, id, JSON.stringify(channels));
  }
  for (const { id, ruleId, text } of await lockOpenDeliveries(tx, orgId))
    await replaceChannel(tx, orgId, id, JSON.stringify(await closed(ruleId, JSON.parse(text) as Old)));
  return known.size;
}
