// How well the accounts of members are protected, and which of their sessions are old; for the security check.
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { listSessionsOf, withSecondFactor } from "./store.ts";
import { listMemberRows } from "./tenantStore.ts";

export type MemberSecurity = {
  userId: string;
  name: string;
  role: string;
  hasSecondFactor: boolean;
  /** Days since the oldest session that is still good began; null = none is open. */
  oldestSessionDays: number | null;
};

const MEMBERS_MAX = 1_000;

export async function memberSecurity(deps: Deps, orgId: string): Promise<MemberSecurity[]> {
  const rows = await withTenant(deps.api, orgId, (tx) =>
    listMemberRows(tx, { orgId, after: null, limit: MEMBERS_MAX }),
  );
  const { pool } = deps.identity;
  const strong = await withSecondFactor(
    pool,
    rows.map(({ userId }) => userId),
  );
  const found: MemberSecurity[] = [];
  for (const { userId, name, email, role } of rows) {
    const began = (await listSessionsOf(pool, userId)).map(({ createdAt }) => createdAt.getTime());
    found.push({
      ...{ userId, name: name ?? email ?? userId, role, hasSecondFactor: strong.has(userId) },
      oldestSessionDays:
        began.length === 0 ? null : Math.floor((deps.nowMs() - Math.min(...began)) / 86_400_000),
    });
  }
  return found;
}
