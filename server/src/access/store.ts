// SQL of organizations, keys and roles of their own. What happens before there is a caller runs as the owner of the schema.
import type { Action } from "@auraos/contract";
import type { Pool, Transaction } from "../platform/db.ts";

export type FoundKey = {
  id: string;
  orgId: string;
  name: string;
  scopes: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
};

export async function findKey(api: Pool, sha256: Buffer): Promise<FoundKey | undefined> {
  const { rows } = await api.query<FoundKey>({
    name: "find-key",
    text: `SELECT id, org_id AS "orgId", name, scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt"
           FROM api_key_by_hash($1)`,
    values: [sha256],
  });
  return rows[0];
}

/** Notes that a key was used, at most once a minute. Gives who made it. */
export async function noteUse(tx: Transaction, orgId: string, id: string): Promise<string | null> {
  await tx.query({
    name: "note-key-use",
    text: `UPDATE api_keys SET last_used_at = now()
      WHERE org_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    values: [orgId, id],
  });
  const { rows } = await tx.query<{ createdBy: string | null }>({
    name: "key-maker",
    text: `SELECT created_by AS "createdBy" FROM api_keys WHERE org_id = $1 AND id = $2`,
    values: [orgId, id],
  });
  return rows[0]?.createdBy ?? null;
}

export type KeyRow = {
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

const COLUMNS = `id, name, hint, scopes, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

export async function listKeys(
  tx: Transaction,
  page: {
    orgId: string;
    search: string | null;
    before: string | null;
    limit: number;
    withRevoked: boolean;
  },
): Promise<KeyRow[]> {
  const { rows } = await tx.query<KeyRow>(
    `SELECT ${COLUMNS} FROM api_keys
     WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3 OR revoked_at IS NULL)
       AND ($5::text IS NULL OR position(lower($5) IN lower(name)) > 0)
     ORDER BY id DESC LIMIT $4`,
    [page.orgId, page.before, page.withRevoked, page.limit, page.search],
  );
  return rows;
}

export type NewKey = { id: string; orgId: string; name: string; sha256: Buffer; hint: string };

export async function insertKey(
  tx: Transaction,
  key: NewKey & { scopes: readonly string[]; createdBy: string | null; expiresInDays: number | null },
): Promise<KeyRow> {
  const { rows } = await tx.query<KeyRow>(
    `INSERT INTO api_keys (id, org_id, name, sha256, hint, scopes, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8)) RETURNING ${COLUMNS}`,
    [key.id, key.orgId, key.name, key.sha256, key.hint, key.scopes, key.createdBy, key.expiresInDays],
  );
  return rows[0] as KeyRow;
}

/** The hash of what was revoked; undefined = there is no such key, or it was revoked before. */
export async function revokeKey(tx: Transaction, orgId: string, id: string): Promise<Buffer | undefined> {
  const { rows } = await tx.query<{ sha256: Buffer }>(
    "UPDATE api_keys SET revoked_at = now() WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING sha256",
    [orgId, id],
  );
  return rows[0]?.sha256;
}

/** Hashes of those that were still good. */
export async function revokeKeys(
  tx: Transaction,
  orgId: string,
  which: { id?: string; userId?: string; except?: string | null },
): Promise<Buffer[]> {
  const { rows } = await tx.query<{ sha256: Buffer }>(
    `UPDATE api_keys SET revoked_at = now() WHERE org_id = $1 AND revoked_at IS NULL
       AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR created_by = $3)
       AND ($4::uuid IS NULL OR id <> $4) RETURNING sha256`,
    [orgId, which.id ?? null, which.userId ?? null, which.except ?? null],
  );
  return rows.map(({ sha256 }) => sha256);
}

export async function lockFirstStart(tx: Transaction): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('auraos first start'))");
}

export async function findFirstOrganization(
  tx: Transaction,
): Promise<{ orgId: string; envId: string | null } | undefined> {
  const { rows } = await tx.query<{ orgId: string; envId: string | null }>(
    `SELECT o.id AS "orgId", e.id AS "envId" FROM organizations o
     LEFT JOIN environments e ON e.org_id = o.id AND e.name = 'production'
     WHERE o.deleted_at IS NULL ORDER BY o.created_at, o.id LIMIT 1`,
  );
  return rows[0];
}

export async function insertOrganization(tx: Transaction, orgId: string, name: string): Promise<void> {
  await tx.query("INSERT INTO organizations (id, name, slug) VALUES ($1, $2, 'default')", [orgId, name]);
}

export async function insertEnvironment(tx: Transaction, envId: string, orgId: string): Promise<void> {
  await tx.query("INSERT INTO environments (id, org_id, name) VALUES ($1, $2, 'production')", [envId, orgId]);
}

export async function countKeys(tx: Transaction, orgId: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM api_keys WHERE org_id = $1 AND revoked_at IS NULL",
    [orgId],
  );
  return rows[0]?.n ?? 0;
}

/** A key of that name is replaced: the environment's key is the one that is set now. */
export async function putKey(tx: Transaction, key: NewKey): Promise<void> {
  await tx.query(
    "UPDATE api_keys SET revoked_at = now() WHERE org_id = $1 AND name = $2 AND revoked_at IS NULL AND sha256 <> $3",
    [key.orgId, key.name, key.sha256],
  );
  await tx.query(
    `INSERT INTO api_keys (id, org_id, name, sha256, hint, scopes) VALUES ($1, $2, $3, $4, $5, '{*}')
     ON CONFLICT (sha256) DO UPDATE SET revoked_at = NULL`,
    [key.id, key.orgId, key.name, key.sha256, key.hint],
  );
}

export async function findEnvironment(journal: Pool, orgId: string): Promise<string | undefined> {
  const { rows } = await journal.query<{ id: string }>(
    "SELECT id FROM environments WHERE org_id = $1 AND name = 'production'",
    [orgId],
  );
  return rows[0]?.id;
}

export type RoleRow = { name: string; description: string | null; actions: Action[] };

export async function listRoles(tx: Transaction, orgId: string): Promise<RoleRow[]> {
  const { rows } = await tx.query<RoleRow>(
    "SELECT name, description, actions FROM roles WHERE org_id = $1 ORDER BY name",
    [orgId],
  );
  return rows;
}

export async function upsertRole(tx: Transaction, orgId: string, role: RoleRow): Promise<void> {
  await tx.query(
    `INSERT INTO roles (org_id, name, description, actions) VALUES ($1, $2, $3, $4)
     ON CONFLICT (org_id, name) DO UPDATE SET description = excluded.description, actions = excluded.actions`,
    [orgId, role.name, role.description, role.actions],
  );
}

/** "used" = a member, an invitation or a key has it. */
export async function deleteRoleRow(
  tx: Transaction,
  orgId: string,
  name: string,
): Promise<"deleted" | "used" | "missing"> {
  const { rows } = await tx.query<{ used: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM memberships WHERE org_id = $1 AND role = $2)
       OR EXISTS (SELECT 1 FROM invitations WHERE org_id = $1 AND role = $2 AND accepted_at IS NULL
         AND revoked_at IS NULL AND expires_at > now())
       OR EXISTS (SELECT 1 FROM api_keys WHERE org_id = $1 AND 'role:' || $2 = ANY (scopes) AND revoked_at IS NULL)
       AS used`,
    [orgId, name],
  );
  if (rows[0]?.used === true) return "used";
  const { rowCount } = await tx.query("DELETE FROM roles WHERE org_id = $1 AND name = $2", [orgId, name]);
  return rowCount === 1 ? "deleted" : "missing";
}
