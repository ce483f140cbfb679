// SQL of what an organization sees of its people: members and invitations. Runs as the tenant.
import type { Transaction } from "../platform/db.ts";

export type MemberRow = {
  userId: string;
  name: string | null;
  email: string | null;
  role: string;
  joinedAt: Date;
};

export async function listMemberRows(
  tx: Transaction,
  page: { orgId: string; search: string | null; after: string | null; limit: number },
): Promise<MemberRow[]> {
  const { rows } = await tx.query<MemberRow>(
    `SELECT m.user_id AS "userId", u.name, u.email, m.role, m.created_at AS "joinedAt"
     FROM memberships m JOIN users u ON u.id = m.user_id
     WHERE m.org_id = $1 AND ($2::uuid IS NULL OR m.user_id > $2)
       AND ($4::text IS NULL OR position(lower($4) IN lower(u.name)) > 0 OR position(lower($4) IN lower(u.email)) > 0)
     ORDER BY m.user_id LIMIT $3`,
    [page.orgId, page.after, page.limit, page.search],
  );
  return rows;
}

/** The role, locked with the organization's owners: two owners that leave at once would leave nobody. */
export async function lockMember(
  tx: Transaction,
  orgId: string,
  userId: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ userId: string; role: string }>(
    `SELECT user_id AS "userId", role FROM memberships WHERE org_id = $1 AND (user_id = $2 OR role = 'owner')
     ORDER BY user_id FOR UPDATE`,
    [orgId, userId],
  );
  return rows.find((row) => row.userId === userId)?.role;
}

export async function countOwners(tx: Transaction, orgId: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM memberships WHERE org_id = $1 AND role = 'owner'",
    [orgId],
  );
  return rows[0]?.n ?? 0;
}

export async function setMemberRole(
  tx: Transaction,
  orgId: string,
  userId: string,
  role: string,
): Promise<void> {
  await tx.query("UPDATE memberships SET role = $3 WHERE org_id = $1 AND user_id = $2", [
    orgId,
    userId,
    role,
  ]);
}

/** With the keys they made; the hashes of those, for whoever remembers them. */
export async function deleteMember(tx: Transaction, orgId: string, userId: string): Promise<Buffer[]> {
  await tx.query("DELETE FROM memberships WHERE org_id = $1 AND user_id = $2", [orgId, userId]);
  const { rows } = await tx.query<{ sha256: Buffer }>(
    `UPDATE api_keys SET revoked_at = now() WHERE org_id = $1 AND created_by = $2 AND revoked_at IS NULL
     RETURNING sha256`,
    [orgId, userId],
  );
  return rows.map(({ sha256 }) => sha256);
}

export type InvitationRow = {
  id: string;
  email: string;
  role: string;
  invitedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
};

const INVITATION = `id, email, role, invited_by AS "invitedBy", created_at AS "createdAt", expires_at AS "expiresAt"`;

export async function listInvitationRows(
  tx: Transaction,
  page: { orgId: string; before: string | null; limit: number },
): Promise<InvitationRow[]> {
  const { rows } = await tx.query<InvitationRow>(
    `SELECT ${INVITATION} FROM invitations WHERE org_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL
     AND expires_at > now() AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [page.orgId, page.before, page.limit],
  );
  return rows;
}

export async function isMember(tx: Transaction, orgId: string, email: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    "SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = $1 AND lower(u.email) = $2",
    [orgId, email],
  );
  return rowCount !== 0;
}

export async function insertInvitation(
  tx: Transaction,
  invitation: {
    id: string;
    orgId: string;
    email: string;
    role: string;
    sha256: Buffer;
    invitedBy: string | null;
    days: number;
  },
): Promise<InvitationRow> {
  await tx.query(
    `UPDATE invitations SET revoked_at = now()
     WHERE org_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL`,
    [invitation.orgId, invitation.email],
  );
  const { rows } = await tx.query<InvitationRow>(
    `INSERT INTO invitations (id, org_id, email, role, sha256, invited_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7)) RETURNING ${INVITATION}`,
    [
      invitation.id,
      invitation.orgId,
      invitation.email,
      invitation.role,
      invitation.sha256,
      invitation.invitedBy,
      invitation.days,
    ],
  );
  return rows[0] as InvitationRow;
}

export async function revokeInvitationRow(tx: Transaction, orgId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE invitations SET revoked_at = now()
     WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL`,
    [orgId, id],
  );
  return rowCount === 1;
}

export async function findOrganizationName(tx: Transaction, orgId: string): Promise<string> {
  return (await findOrganization(tx, orgId)).name;
}

export async function findOrganization(
  tx: Transaction,
  orgId: string,
): Promise<{ name: string; timezone: string }> {
  const { rows } = await tx.query<{ name: string; timezone: string }>(
    "SELECT name, timezone FROM organizations WHERE id = $1",
    [orgId],
  );
  return rows[0] ?? { name: "", timezone: "UTC" };
}

export type OrganizationChange = {
  name?: string | undefined;
  mfaRequired?: boolean | undefined;
  timezone?: string | undefined;
};

export async function updateOrganization(
  tx: Transaction,
  orgId: string,
  change: OrganizationChange,
): Promise<void> {
  await tx.query(
    `UPDATE organizations SET name = coalesce($2, name), mfa_required = coalesce($3, mfa_required),
       timezone = coalesce($4, timezone) WHERE id = $1`,
    [orgId, change.name ?? null, change.mfaRequired ?? null, change.timezone ?? null],
  );
}

export async function listWorkflowIds(tx: Transaction, orgId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    "SELECT id FROM workflows WHERE org_id = $1 AND deleted_at IS NULL",
    [orgId],
  );
  return rows.map(({ id }) => id);
}

/** Nothing opens it any more: no key, no invitation, no member. */
export async function endOrganization(tx: Transaction, orgId: string): Promise<void> {
  await tx.query("UPDATE api_keys SET revoked_at = now() WHERE org_id = $1 AND revoked_at IS NULL", [orgId]);
  await tx.query(
    "UPDATE invitations SET revoked_at = now() WHERE org_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL",
    [orgId],
  );
  await tx.query("UPDATE organizations SET deleted_at = now() WHERE id = $1", [orgId]);
  // What they sealed (credentials, histories) cannot be read any more, by nobody.
  await tx.query("DELETE FROM payload_keys WHERE org_id = $1", [orgId]);
  await tx.query("DELETE FROM vault_keys WHERE org_id = $1", [orgId]);
  await tx.query("DELETE FROM memberships WHERE org_id = $1", [orgId]);
}
