// The organization, its environment and the owner's key: made at the first start, found at every later one.
// Two servers that start together on a new database make one of each.
import { openPool, transaction } from "../platform/db.ts";
import { keyHash, newKey } from "./keys.ts";
import {
  countKeys,
  findFirstOrganization,
  insertEnvironment,
  insertOrganization,
  lockFirstStart,
  putKey,
} from "./store.ts";

export type FirstStart = {
  orgId: string;
  envId: string;
  /** Shown once: nobody can read it again. */
  newKey: string | undefined;
};

export async function firstStart(
  databaseUrl: string,
  options: { apiKey: string | undefined; newId: () => string },
): Promise<FirstStart> {
  const owner = openPool(databaseUrl, { role: "auraos_owner", name: "first start", max: 1 });
  try {
    return await transaction(owner, async (tx) => {
      await lockFirstStart(tx);
      const found = await findFirstOrganization(tx);
      const orgId = found?.orgId ?? options.newId();
      const envId = found?.envId ?? options.newId();
      if (!found) await insertOrganization(tx, orgId, "Default");
      if (!found?.envId) await insertEnvironment(tx, envId, orgId);

      const isFirst = (await countKeys(tx, orgId)) === 0;
      const made = options.apiKey === undefined && isFirst ? newKey() : undefined;
      const key = options.apiKey ?? made;
      if (key !== undefined) {
        await putKey(tx, {
          id: options.newId(),
          orgId,
          name: options.apiKey === undefined ? "owner" : "environment",
          sha256: keyHash(key),
          hint: `...${key.slice(-4)}`,
        });
      }
      return { orgId, envId, newKey: made };
    });
  } finally {
    await owner.end();
  }
}
