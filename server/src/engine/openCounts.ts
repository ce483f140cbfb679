// Open executions per organization: counted once by the storage, kept up to date here (one engine writes them all).
import { limitsOf, type Reign } from "./reign.ts";

export type OpenCount = { count: number };

export async function hasPlace(reign: Reign, orgId: string): Promise<boolean> {
  return (await countOf(reign, orgId)).count < limitsOf(reign, orgId).openExecutionsMax;
}

export function countOpened(reign: Reign, orgId: string): void {
  add(reign, orgId, 1);
}

export function countClosed(reign: Reign, orgId: string): void {
  add(reign, orgId, -1);
}

/** What was not counted yet will be counted by the storage. */
function add(reign: Reign, orgId: string, difference: number): void {
  const known = reign.openCounts.get(orgId);
  if (known === undefined) return;
  if (known instanceof Promise)
    void known.then(
      (open) => (open.count += difference),
      () => {},
    );
  else known.count += difference;
}

async function countOf(reign: Reign, orgId: string): Promise<OpenCount> {
  const known = reign.openCounts.get(orgId);
  if (known !== undefined) return known;
  const counting = reign.deps.store.openCount(orgId).then((count) => ({ count }));
  reign.openCounts.set(orgId, counting);
  try {
    const open = await counting;
    reign.openCounts.set(orgId, open);
    return open;
  } catch (error) {
    // Counted again by the next start.
    reign.openCounts.delete(orgId);
    throw error;
  }
}
