// SQL of accounts, memberships and invitations. `identity` sees them of every organization; what is done inside one
// runs as the tenant.
import type { Action } from "@auraos/contract";
import type { Pool, Transaction } from "../platform/db.ts";

export type Belonging = {
  orgId: string;
  envId: string;
  name: string;
  slug: string | null;
  role: string;
  mfaRequired: boolean;
  timezone: string;
  /** Of a role of the organization's own. */
  actions: Action[] | null;
};

export async function findBelongings(identity: Pool, userId: string): Promise<Belonging[]> {
  const { rows } = await identity.query<Belonging>({
    name: "belongings",
    text: `SELECT o.id AS "orgId", e.id AS "envId", o.name, o.slug, m.role, o.mfa_required AS "mfaRequired", o.timezone,
        r.actions
      FROM memberships m JOIN organizations o ON o.id = m.org_id AND o.deleted_at IS NULL
      JOIN environments e ON e.org_id = o.id AND e.name = 'production'
      LEFT JOIN roles r ON r.org_id = m.org_id AND r.name = m.role
      WHERE m.user_id = $1 ORDER BY m.created_at, o.id`,
    values: [userId],
  });
  return rows;
}

export async function countAccounts(identity: Pool | Transaction): Promise<number> {
  const { rows } = await identity.query<{ n: number }>(`SELECT count(*)::int AS n FROM auth."user"`);
  return rows[0]?.n ?? 0;
}

export type Account = { id: string; name: string; email: string };

export async function findAccount(identity: Pool | Transaction, email: string): Promise<Account | undefined> {
  const { rows } = await identity.query<Account>(`SELECT id, name, email FROM auth."user" WHERE email = $1`, [
    email.toLowerCase(),
  ]);
  return rows[0];
}

/** An account with a password whose address is taken as confirmed: the token that led here was the proof. */
export async function insertAccount(
  tx: Transaction,
  account: Account & { passwordHash: string },
): Promise<void> {
  await tx.query(`INSERT INTO auth."user" (id, name, email, "emailVerified") VALUES ($1, $2, $3, true)`, [
    account.id,
    account.name,
    account.email.toLowerCase(),
  ]);
  await tx.query(
    `INSERT INTO auth.account ("accountId", "providerId", "userId", password, "updatedAt")
     VALUES ($1::text, 'credential', $1::uuid, $2, now())`,
    [account.id, account.passwordHash],
  );
}

export async function lockAccounts(tx: Transaction): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('auraos accounts'))");
}

export async function putMembership(
  tx: Transaction,
  membership: { orgId: string; userId: string; role: string },
): Promise<void> {
  await tx.query(
    "INSERT INTO memberships (org_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [membership.orgId, membership.userId, membership.role],
  );
}

/** False when this code opened something before. Codes older than any that could still be valid are forgotten. */
export async function useCode(identity: Pool, userId: string, sha256: Buffer): Promise<boolean> {
  await identity.query(
    "DELETE FROM auth.used_codes WHERE user_id = $1 AND used_at < now() - interval '5 minutes'",
    [userId],
  );
  const { rowCount } = await identity.query(
    "INSERT INTO auth.used_codes (user_id, sha256) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [userId, sha256],
  );
  return rowCount === 1;
}

export async function deleteSessionByToken(identity: Pool, token: string): Promise<void> {
  await identity.query("DELETE FROM auth.session WHERE token = $1", [token]);
}

export type SessionRow = {
  id: string;
  method: string | null;
  createdAt: Date;
  expiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
};

export async function listSessionsOf(identity: Pool, userId: string): Promise<SessionRow[]> {
  const { rows } = await identity.query<SessionRow>(
    `SELECT id, method, "createdAt", "expiresAt", "ipAddress", "userAgent" FROM auth.session
     WHERE "userId" = $1 AND "expiresAt" > now() ORDER BY "createdAt" DESC LIMIT 200`,
    [userId],
  );
  return rows;
}

/** One session, all, or all but one. How many ended. */
export async function deleteSessions(
  identity: Pool,
  which: { userId: string; id?: string; except?: string | null },
): Promise<number> {
  const { rowCount } = await identity.query(
    `DELETE FROM auth.session WHERE "userId" = $1 AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR id <> $3)`,
    [which.userId, which.id ?? null, which.except ?? null],
  );
  return rowCount ?? 0;
}

export async function noteProof(identity: Pool, sessionId: string): Promise<void> {
  await identity.query(`UPDATE auth.session SET "provenAt" = now() WHERE id = $1`, [sessionId]);
}

/** The session goes on under another token, and the one before opens nothing any more. */
export async function changeToken(identity: Pool, sessionId: string, token: string): Promise<boolean> {
  const { rowCount } = await identity.query("UPDATE auth.session SET token = $2 WHERE id = $1", [
    sessionId,
    token,
  ]);
  return rowCount === 1;
}

/** To the minute. False, and the session is gone, when nobody had used it for `idleMs`. */
export async function noteSeen(
  identity: Pool,
  session: { id: string; nowMs: number; idleMs: number },
): Promise<boolean> {
  const now = new Date(session.nowMs);
  const { rows } = await identity.query<{ isIdle: boolean; isOld: boolean }>({
    name: "session seen",
    text: `SELECT coalesce("seenAt", "createdAt") < $2 AS "isIdle", coalesce("seenAt", "createdAt") < $3 AS "isOld"
      FROM auth.session WHERE id = $1`,
    values: [session.id, new Date(session.nowMs - session.idleMs), new Date(session.nowMs - 60_000)],
  });
  const [found] = rows;
  if (found === undefined) return false;
  if (found.isIdle) await identity.query("DELETE FROM auth.session WHERE id = $1", [session.id]);
  else if (found.isOld)
    await identity.query(`UPDATE auth.session SET "seenAt" = $2 WHERE id = $1`, [session.id, now]);
  return !found.isIdle;
}

export async function renameAccount(identity: Pool, userId: string, name: string): Promise<void> {
  await identity.query(`UPDATE auth."user" SET name = $2, "updatedAt" = now() WHERE id = $1`, [userId, name]);
}

export async function deleteAccount(tx: Transaction, userId: string): Promise<void> {
  await tx.query(`DELETE FROM auth."user" WHERE id = $1`, [userId]);
}

export async function countPasskeys(identity: Pool, userId: string): Promise<number> {
  const { rows } = await identity.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM auth.passkey WHERE "userId" = $1`,
    [userId],
  );
  return rows[0]?.n ?? 0;
}

export type PasskeyRow = { id: string; name: string | null; createdAt: Date | null; backedUp: boolean };

export async function listPasskeysOf(identity: Pool, userId: string): Promise<PasskeyRow[]> {
  const { rows } = await identity.query<PasskeyRow>(
    `SELECT id, name, "createdAt", "backedUp" FROM auth.passkey WHERE "userId" = $1 ORDER BY "createdAt"`,
    [userId],
  );
  return rows;
}

export async function deletePasskey(identity: Pool, userId: string, id: string): Promise<boolean> {
  const { rowCount } = await identity.query(`DELETE FROM auth.passkey WHERE "userId" = $1 AND id = $2`, [
    userId,
    id,
  ]);
  return rowCount === 1;
}

/** Of these people, those with a second factor. */
export async function withSecondFactor(identity: Pool, userIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await identity.query<{ id: string }>(
    `SELECT u.id FROM auth."user" u WHERE u.id = ANY ($1::uuid[])
      AND (u."twoFactorEnabled" OR EXISTS (SELECT 1 FROM auth.passkey p WHERE p."userId" = u.id))`,
    [userIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Organizations that this person is the only owner of. */
export async function ownedAlone(tx: Transaction, userId: string): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT o.name FROM memberships m JOIN organizations o ON o.id = m.org_id AND o.deleted_at IS NULL
      WHERE m.user_id = $1 AND m.role = 'owner' AND NOT EXISTS (
        SELECT 1 FROM memberships other WHERE other.org_id = m.org_id AND other.role = 'owner' AND other.user_id <> $1)`,
    [userId],
  );
  return rows.map(({ name }) => name);
}

export async function insertOrganization(
  tx: Transaction,
  organization: { id: string; name: string; slug: string; envId: string },
): Promise<void> {
  await tx.query("INSERT INTO organizations (id, name, slug) VALUES ($1, $2, $3)", [
    organization.id,
    organization.name,
    organization.slug,
  ]);
  await tx.query("INSERT INTO environments (id, org_id, name) VALUES ($1, $2, 'production')", [
    organization.envId,
    organization.id,
  ]);
}

export async function findFirstOrganization(tx: Transaction): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    "SELECT id FROM organizations WHERE deleted_at IS NULL ORDER BY created_at, id LIMIT 1",
  );
  return rows[0]?.id;
}

export type OpenInvitation = { orgId: string; organization: string; email: string; role: string };

export async function findInvitation(identity: Pool, sha256: Buffer): Promise<OpenInvitation | undefined> {
  const { rows } = await identity.query<OpenInvitation>(
    `SELECT i.org_id AS "orgId", o.name AS organization, i.email, i.role FROM invitations i
     JOIN organizations o ON o.id = i.org_id AND o.deleted_at IS NULL
     WHERE i.sha256 = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()`,
    [sha256],
  );
  return rows[0];
}

export async function takeInvitation(
  tx: Transaction,
  sha256: Buffer,
): Promise<{ orgId: string; role: string } | undefined> {
  const { rows } = await tx.query<{ orgId: string; role: string }>(
    `UPDATE invitations SET accepted_at = now()
     WHERE sha256 = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()
     RETURNING org_id AS "orgId", role`,
    [sha256],
  );
  return rows[0];
}
