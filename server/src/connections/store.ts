// SQL of connections. `tx` has its tenant set (withTenant); every statement names the organization as well.
import type { JsonObject } from "@auraos/kernel";
import type { Transaction } from "../platform/db.ts";

export type ConnectionRow = {
  id: string;
  envId: string;
  name: string;
  type: string;
  description: string | null;
  public: JsonObject;
  sealed: Buffer;
  marks: Record<string, string>;
  version: number;
  hosts: string[];
  roles: string[] | null;
  tokens: Buffer | null;
  tokensVersion: number;
  tokensExpireAt: Date | null;
  reconnectSince: Date | null;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  testedAt: Date | null;
  testFailure: string | null;
  createdAt: Date;
  updatedAt: Date;
};

const columns = `id, env_id AS "envId", name, type, description, public, sealed, marks, version, hosts, roles, tokens,
  tokens_version AS "tokensVersion", tokens_expire_at AS "tokensExpireAt", reconnect_since AS "reconnectSince",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt", tested_at AS "testedAt", test_failure AS "testFailure",
  created_at AS "createdAt", updated_at AS "updatedAt"`;

export async function findConnection(
  tx: Transaction,
  orgId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<ConnectionRow | undefined> {
  const { rows } = await tx.query<ConnectionRow>(
    `SELECT ${columns} FROM connections WHERE org_id = $1 AND id = $2 ${options.lock === true ? "FOR UPDATE" : ""}`,
    [orgId, id],
  );
  return rows[0];
}

export async function findByName(
  tx: Transaction,
  key: { orgId: string; envId: string; name: string },
): Promise<ConnectionRow | undefined> {
  const { rows } = await tx.query<ConnectionRow>({
    name: "connection-by-name",
    text: `SELECT ${columns} FROM connections WHERE org_id = $1 AND env_id = $2 AND name = $3`,
    values: [key.orgId, key.envId, key.name],
  });
  return rows[0];
}

export async function findByNames(
  tx: Transaction,
  key: { orgId: string; envId: string; names: readonly string[] },
): Promise<Pick<ConnectionRow, "name" | "type" | "roles">[]> {
  const { rows } = await tx.query<Pick<ConnectionRow, "name" | "type" | "roles">>(
    "SELECT name, type, roles FROM connections WHERE org_id = $1 AND env_id = $2 AND name = ANY ($3)",
    [key.orgId, key.envId, key.names],
  );
  return rows;
}

export async function listConnections(
  tx: Transaction,
  query: {
    orgId: string;
    envId: string;
    search: string | null;
    types: readonly string[] | null;
    after: string | null;
    limit: number;
  },
): Promise<ConnectionRow[]> {
  const { rows } = await tx.query<ConnectionRow>(
    `SELECT ${columns} FROM connections
     WHERE org_id = $1 AND env_id = $2 AND ($3::text[] IS NULL OR type = ANY ($3)) AND ($4::text IS NULL OR name > $4)
       AND ($6::text IS NULL OR position(lower($6) IN lower(name)) > 0)
     ORDER BY name LIMIT $5`,
    [query.orgId, query.envId, query.types, query.after, query.limit, query.search],
  );
  return rows;
}

/** All of the organization, in every environment; locked, for a change of keys. */
export async function lockAll(tx: Transaction, orgId: string): Promise<ConnectionRow[]> {
  const { rows } = await tx.query<ConnectionRow>(
    `SELECT ${columns} FROM connections WHERE org_id = $1 ORDER BY id FOR UPDATE`,
    [orgId],
  );
  return rows;
}

export type ConnectionFields = {
  name: string;
  description: string | null;
  public: JsonObject;
  sealed: Buffer;
  marks: Record<string, string>;
  version: number;
  hosts: readonly string[];
  roles: readonly string[] | null;
  expiresAt: string | null;
};

export async function insertConnection(
  tx: Transaction,
  key: { id: string; orgId: string; envId: string; type: string; createdBy: string | null },
  fields: ConnectionFields,
): Promise<ConnectionRow> {
  const { rows } = await tx.query<ConnectionRow>(
    `INSERT INTO connections (org_id, id, env_id, type, created_by, name, description, public, sealed, marks, version,
       hosts, roles, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING ${columns}`,
    [key.orgId, key.id, key.envId, key.type, key.createdBy, ...valuesOf(fields)],
  );
  return rows[0] as ConnectionRow;
}

/** With new secrets, what was learnt with the old ones goes: tokens, and how the last test ended. */
export async function updateConnection(
  tx: Transaction,
  key: { id: string; orgId: string },
  fields: ConnectionFields,
  options: { isNewSecret: boolean },
): Promise<ConnectionRow> {
  const { rows } = await tx.query<ConnectionRow>(
    `UPDATE connections SET name = $3, description = $4, public = $5, sealed = $6, marks = $7, version = $8, hosts = $9,
       roles = $10, expires_at = $11, updated_at = now(),
       tokens = CASE WHEN $12 THEN NULL ELSE tokens END,
       tokens_version = tokens_version + CASE WHEN $12 THEN 1 ELSE 0 END,
       tokens_expire_at = CASE WHEN $12 THEN NULL ELSE tokens_expire_at END,
       reconnect_since = CASE WHEN $12 THEN NULL ELSE reconnect_since END,
       tested_at = CASE WHEN $12 THEN NULL ELSE tested_at END,
       test_failure = CASE WHEN $12 THEN NULL ELSE test_failure END
     WHERE org_id = $1 AND id = $2 RETURNING ${columns}`,
    [key.orgId, key.id, ...valuesOf(fields), options.isNewSecret],
  );
  return rows[0] as ConnectionRow;
}

function valuesOf(fields: ConnectionFields): unknown[] {
  const { name, description, sealed, marks, version, hosts, roles, expiresAt } = fields;
  return [
    name,
    description,
    JSON.stringify(fields.public),
    sealed,
    JSON.stringify(marks),
    version,
    hosts,
    roles,
    expiresAt,
  ];
}

export async function deleteConnection(tx: Transaction, orgId: string, id: string): Promise<void> {
  await tx.query("DELETE FROM connections WHERE org_id = $1 AND id = $2", [orgId, id]);
}

export async function replaceSealed(
  tx: Transaction,
  key: { id: string; orgId: string },
  { sealed, tokens }: { sealed: Buffer; tokens: Buffer | null },
): Promise<void> {
  await tx.query("UPDATE connections SET sealed = $3, tokens = $4 WHERE org_id = $1 AND id = $2", [
    key.orgId,
    key.id,
    sealed,
    tokens,
  ]);
}

export type Tokens = { sealed: Buffer; version: number; expireAt: Date | null };

/** False when others were faster: theirs count. */
export async function replaceTokens(
  tx: Transaction,
  key: { id: string; orgId: string },
  tokens: Tokens,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE connections SET tokens = $3, tokens_version = $4, tokens_expire_at = $5, reconnect_since = NULL
     WHERE org_id = $1 AND id = $2 AND tokens_version = $4 - 1`,
    [key.orgId, key.id, tokens.sealed, tokens.version, tokens.expireAt],
  );
  return rowCount === 1;
}

export async function noteReconnect(tx: Transaction, orgId: string, id: string): Promise<void> {
  await tx.query(
    "UPDATE connections SET reconnect_since = coalesce(reconnect_since, now()) WHERE org_id = $1 AND id = $2",
    [orgId, id],
  );
}

export async function noteTest(
  tx: Transaction,
  key: { id: string; orgId: string },
  failure: string | null,
): Promise<Date> {
  const { rows } = await tx.query<{ testedAt: Date }>(
    `UPDATE connections SET tested_at = now(), test_failure = $3 WHERE org_id = $1 AND id = $2
     RETURNING tested_at AS "testedAt"`,
    [key.orgId, key.id, failure],
  );
  return rows[0]?.testedAt ?? new Date();
}

/** At most once a minute. */
export async function noteUse(tx: Transaction, orgId: string, id: string): Promise<void> {
  await tx.query(
    `UPDATE connections SET last_used_at = now()
     WHERE org_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    [orgId, id],
  );
}

export type UseRow = { workflowId: string; workflowName: string; node: string; published: boolean };

/** Nodes of published versions, and of drafts. */
export async function findUses(
  tx: Transaction,
  orgId: string,
  name: string,
  options: { onlyPublished?: boolean } = {},
): Promise<UseRow[]> {
  const published = await tx.query<UseRow>(
    `SELECT w.id AS "workflowId", w.name AS "workflowName", n.name AS node, true AS published
     FROM workflow_nodes n JOIN workflows w ON w.id = n.workflow_id AND w.org_id = n.org_id
     WHERE n.org_id = $1 AND n.config ->> 'credential' = $2 AND w.published_version_id IS NOT NULL AND w.deleted_at IS NULL
     ORDER BY w.name, n.name LIMIT 1000`,
    [orgId, name],
  );
  if (options.onlyPublished === true) return published.rows;
  const drafts = await tx.query<UseRow>(
    `SELECT w.id AS "workflowId", w.name AS "workflowName", coalesce(n ->> 'name', n ->> 'id') AS node, false AS published
     FROM workflows w, jsonb_array_elements(w.definition -> 'nodes') n
     WHERE w.org_id = $1 AND w.deleted_at IS NULL AND n -> 'config' ->> 'credential' = $2
     ORDER BY w.name LIMIT 1000`,
    [orgId, name],
  );
  return [...published.rows, ...drafts.rows];
}

export type ExpiringRow = {
  id: string;
  name: string;
  type: string;
  expiresAt: Date | null;
  reconnectSince: Date | null;
};

/** Those that expire before then, or that their service no longer renews. */
export async function listExpiring(tx: Transaction, orgId: string, beforeMs: number): Promise<ExpiringRow[]> {
  const { rows } = await tx.query<ExpiringRow>(
    `SELECT id, name, type, CASE WHEN expires_at < to_timestamp($2::float8 / 1000) THEN expires_at END AS "expiresAt",
       reconnect_since AS "reconnectSince" FROM connections
     WHERE org_id = $1 AND (expires_at < to_timestamp($2::float8 / 1000) OR reconnect_since IS NOT NULL) ORDER BY id`,
    [orgId, beforeMs],
  );
  return rows;
}
