// The outside triggers of a definition, registered in the transaction that publishes. A trigger whose settings changed
// keeps its id and, when it still listens to the same thing, how far it got.
import type { WorkflowDefinition } from "@auraos/kernel";
import type { Transaction } from "../platform/db.ts";
import { outsideTriggersOf } from "./outsideTriggers.ts";
import { deleteTriggers, putTrigger } from "./store.ts";

export type TriggerOwner = { orgId: string; envId: string; workflowId: string };

/** Ids by node. */
export async function registerTriggers(
  deps: { newId: () => string },
  tx: Transaction,
  owner: TriggerOwner,
  definition: WorkflowDefinition,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const { node, type, config } of outsideTriggersOf(definition)) {
    const id = await putTrigger(tx, {
      id: deps.newId(),
      ...owner,
      node,
      type,
      config: JSON.stringify(config),
    });
    ids.set(node, id);
  }
  await deleteTriggers(tx, owner, [...ids.keys()]);
  return ids;
}

export async function endTriggers(tx: Transaction, owner: Omit<TriggerOwner, "envId">): Promise<void> {
  await deleteTriggers(tx, owner, []);
}
