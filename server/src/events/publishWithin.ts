// Publishing within a transaction of somebody else's: what happened and the event that tells of it are both there, or
// neither. Whoever routes looks several times a second, so nobody has to be told.
import type { Transaction } from "../platform/db.ts";
import type { NewEvent, Placed } from "./bus.types.ts";
import { insertEvents } from "./publishStore.ts";

export async function publishWithin(
  tx: Transaction,
  orgId: string,
  events: readonly NewEvent[],
): Promise<Placed[]> {
  const [placed = []] = await insertEvents(tx, [{ orgId, events }]);
  return placed;
}
