// SQL of how members are protected: of many members only those that the security check has something to say about.
import type { Pool } from "../platform/db.ts";

export type MightyRow = { userId: string; name: string | null; role: string; hasSecondFactor: boolean };

/** Owners and admins, owners first. */
export async function listMighty(identity: Pool, orgId: string, limit: number): Promise<MightyRow[]> {
  const { rows } = await identity.query<MightyRow>(
    `SELECT m.user_id AS "userId", coalesce(u.name, u.email) AS name, m.role,
       coalesce(a."twoFactorEnabled", false)
         OR EXISTS (SELECT 1 FROM auth.passkey p WHERE p."userId" = m.user_id) AS "hasSecondFactor"
     FROM memberships m JOIN users u ON u.id = m.user_id LEFT JOIN auth."user" a ON a.id = m.user_id
     WHERE m.org_id = $1 AND m.role IN ('owner', 'admin') ORDER BY m.role DESC, m.user_id LIMIT $2`,
    [orgId, limit],
  );
  return rows;
}

export type OldSessionRow = { userId: string; name: string | null; since: Date };

/** Members with a session that is still good and began before `before`, each with the oldest; the oldest first. */
export async function listOldSessions(
  identity: Pool,
  query: { orgId: string; before: Date; limit: number },
): Promise<OldSessionRow[]> {
  const { rows } = await identity.query<OldSessionRow>(
    `SELECT s."userId", coalesce(u.name, u.email) AS name, min(s."createdAt") AS since
     FROM auth.session s JOIN memberships m ON m.user_id = s."userId" AND m.org_id = $1 JOIN users u ON u.id = m.user_id
     WHERE s."expiresAt" > now() AND s."createdAt" <= $2
     GROUP BY s."userId", u.name, u.email ORDER BY since, s."userId" LIMIT $3`,
    [query.orgId, query.before, query.limit],
  );
  return rows;
}
