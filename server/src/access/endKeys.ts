// Revokes many API keys at once, when something has gone wrong: all of the organization, those of one person, or one.
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { revokeKeys } from "./store.ts";

export type WhichKeys = {
  /** Absent = all. */
  id?: string;
  /** Made by this person. */
  userId?: string;
  /** This one stays: it is the one that asks. */
  except?: string | null;
};

/** How many ended. They end at once here, and within ten seconds on other servers of the installation. */
export async function endKeys(deps: Deps, orgId: string, which: WhichKeys): Promise<number> {
  const sums = await withTenant(deps.api, orgId, (tx) => revokeKeys(tx, orgId, which));
  for (const sum of sums) deps.keys.forget(sum);
  return sums.length;
}
