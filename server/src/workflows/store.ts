// SQL of workflows. `tx` has its tenant set (withTenant); every statement names the organization as well.
// A definition is text, kept as it was written; workflows.definition and workflow_nodes are copies for search.
import type { Pool, Transaction } from "../platform/db.ts";

export type WorkflowRow = {
  id: string;
  name: string;
  description: string | null;
  status: "draft" | "published";
  version: number | null;
  publishedVersionId: string | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  /** Who stored the draft last. */
  draftBy: string | null;
  draft: string;
  draftHash: Buffer;
  publishedHash: Buffer | null;
  folder: string;
  tags: string[];
  /** A member; their name as the organization sees it. */
  ownerId: string | null;
  ownerName: string | null;
};

export const workflowColumns = `w.id, w.name, w.description, w.status, w.version, w.published_version_id AS "publishedVersionId",
  w.draft_revision AS revision, w.created_at AS "createdAt", w.updated_at AS "updatedAt",
  w.draft_by AS "draftBy",
  d.hash AS "draftHash", p.hash AS "publishedHash",
  w.folder, w.tags, w.owner_id AS "ownerId", coalesce(o.name, o.email) AS "ownerName"`;

export const workflowTables = `workflows w
  JOIN workflow_versions d ON d.workflow_id = w.id AND d.kind = 'draft'
  LEFT JOIN workflow_versions p ON p.id = w.published_version_id
  LEFT JOIN users o ON o.id = w.owner_id`;

export async function findWorkflow(
  tx: Transaction,
  orgId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<WorkflowRow | undefined> {
  const { rows } = await tx.query<WorkflowRow>(
    `SELECT ${workflowColumns}, d.definition AS draft FROM ${workflowTables}
     WHERE w.org_id = $1 AND w.id = $2 AND w.deleted_at IS NULL ${options.lock === true ? "FOR UPDATE OF w" : ""}`,
    [orgId, id],
  );
  return rows[0];
}

export type NewWorkflow = {
  id: string;
  orgId: string;
  name: string;
  description: string | null;
  definition: string;
  by: string;
  /** Becomes its owner, if a member. */
  userId: string | null;
};

export async function insertWorkflow(tx: Transaction, row: NewWorkflow): Promise<void> {
  await tx.query(
    `INSERT INTO workflows (id, org_id, name, description, definition, draft_by, status, version, owner_id)
     VALUES ($1, $2, $3, $4, $5::jsonb, $6, 'draft', NULL,
       (SELECT user_id FROM memberships WHERE org_id = $2 AND user_id = $7))`,
    [row.id, row.orgId, row.name, row.description, row.definition, row.by, row.userId],
  );
}

export type NewVersion = {
  id: string;
  workflowId: string;
  orgId: string;
  kind: "draft" | "published" | "test";
  version: number | null;
  definition: string;
  hash: Buffer;
  note?: string | null;
  publishedBy?: string;
};

export async function insertVersion(tx: Transaction, row: NewVersion): Promise<void> {
  await tx.query(
    `INSERT INTO workflow_versions (id, workflow_id, org_id, kind, version, definition, hash, note, published_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[row.id, row.workflowId, row.orgId, row.kind, row.version, row.definition, row.hash],
      ...[row.note ?? null, row.publishedBy ?? null],
    ],
  );
}

/** The draft changes in place: what is executed of it is a version of its own (kind `test`). */
export async function updateDraft(
  tx: Transaction,
  row: {
    workflowId: string;
    orgId: string;
    name: string;
    description: string | null;
    definition: string;
    hash: Buffer;
    by: string;
  },
): Promise<number> {
  await tx.query(
    `UPDATE workflow_versions SET definition = $3, hash = $4, created_at = now()
     WHERE workflow_id = $1 AND org_id = $2 AND kind = 'draft'`,
    [row.workflowId, row.orgId, row.definition, row.hash],
  );
  const { rows } = await tx.query<{ revision: number }>(
    `UPDATE workflows SET name = $3, description = $4, definition = $5::jsonb, draft_revision = draft_revision + 1,
       draft_by = $6, updated_at = now()
     WHERE id = $1 AND org_id = $2 RETURNING draft_revision AS revision`,
    [row.workflowId, row.orgId, row.name, row.description, row.definition, row.by],
  );
  return rows[0]?.revision ?? 0;
}

export async function nextVersion(tx: Transaction, orgId: string, workflowId: string): Promise<number> {
  const { rows } = await tx.query<{ version: number }>(
    `SELECT coalesce(max(version), 0)::int + 1 AS version FROM workflow_versions
     WHERE org_id = $1 AND workflow_id = $2 AND kind = 'published'`,
    [orgId, workflowId],
  );
  return rows[0]?.version ?? 1;
}

export async function setPublished(
  tx: Transaction,
  row: { orgId: string; workflowId: string; versionId: string | null; version: number | null },
): Promise<void> {
  await tx.query(
    `UPDATE workflows SET status = CASE WHEN $3::uuid IS NULL THEN 'draft' ELSE 'published' END,
       published_version_id = $3, version = coalesce($4, version), updated_at = now()
     WHERE org_id = $1 AND id = $2`,
    [row.orgId, row.workflowId, row.versionId, row.version],
  );
}

export type NodeRow = {
  id: string;
  type: string;
  name: string;
  config: string;
  position: string;
  key: string;
};

/** The nodes of the published version, for search; older versions have theirs in the text. */
export async function replaceNodes(
  tx: Transaction,
  about: { orgId: string; workflowId: string; versionId: string },
  nodes: readonly NodeRow[],
): Promise<void> {
  await tx.query("DELETE FROM workflow_nodes WHERE org_id = $1 AND workflow_id = $2", [
    about.orgId,
    about.workflowId,
  ]);
  if (nodes.length === 0) return;
  await tx.query(
    `INSERT INTO workflow_nodes (id, workflow_id, org_id, version_id, type, name, config, position, node_key)
     SELECT n.id, $1, $2, $3, left(n.type, 50), n.name, n.config::jsonb, n.position::jsonb, n.key
     FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       AS n (id, type, name, config, position, key)`,
    [
      about.workflowId,
      about.orgId,
      about.versionId,
      nodes.map(({ id }) => id),
      nodes.map(({ type }) => type),
      nodes.map(({ name }) => name),
      nodes.map(({ config }) => config),
      nodes.map(({ position }) => position),
      nodes.map(({ key }) => key),
    ],
  );
}

export type VersionRow = {
  id: string;
  version: number;
  hash: Buffer;
  note: string | null;
  /** null: published before it was written down. */
  publishedBy: string | null;
  createdAt: Date;
  isPublished: boolean;
  definition: string;
};

const versionColumns = `v.id, v.version, v.hash, v.note, v.published_by AS "publishedBy", v.created_at AS "createdAt",
  v.id = w.published_version_id AS "isPublished"`;

export async function listVersions(
  tx: Transaction,
  query: { orgId: string; workflowId: string; before: number | null; limit: number },
): Promise<Omit<VersionRow, "definition">[]> {
  const { rows } = await tx.query<VersionRow>(
    `SELECT ${versionColumns}
     FROM workflow_versions v JOIN workflows w ON w.id = v.workflow_id
     WHERE v.org_id = $1 AND v.workflow_id = $2 AND v.kind = 'published' AND ($3::int IS NULL OR v.version < $3)
     ORDER BY v.version DESC LIMIT $4`,
    [query.orgId, query.workflowId, query.before, query.limit],
  );
  return rows;
}

export async function findVersion(
  tx: Transaction,
  orgId: string,
  workflowId: string,
  version: number,
): Promise<VersionRow | undefined> {
  const { rows } = await tx.query<VersionRow>(
    `SELECT ${versionColumns}, v.definition
     FROM workflow_versions v JOIN workflows w ON w.id = v.workflow_id
     WHERE v.org_id = $1 AND v.workflow_id = $2 AND v.kind = 'published' AND v.version = $3`,
    [orgId, workflowId, version],
  );
  return rows[0];
}

export async function findTestVersion(
  tx: Transaction,
  orgId: string,
  workflowId: string,
  hash: Buffer,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    "SELECT id FROM workflow_versions WHERE org_id = $1 AND workflow_id = $2 AND kind = 'test' AND hash = $3",
    [orgId, workflowId, hash],
  );
  return rows[0]?.id;
}

/** Deleted = no longer there for people; its versions stay while their history does. */
export async function markDeleted(tx: Transaction, orgId: string, workflowId: string): Promise<void> {
  await tx.query(
    `UPDATE workflows SET deleted_at = now(), published_version_id = NULL, status = 'draft'
     WHERE org_id = $1 AND id = $2`,
    [orgId, workflowId],
  );
  for (const copy of ["workflow_nodes", "workflow_tags"])
    await tx.query(`DELETE FROM ${copy} WHERE org_id = $1 AND workflow_id = $2`, [orgId, workflowId]);
}

export async function listOpenExecutions(
  tx: Transaction,
  orgId: string,
  workflowId: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT e.id FROM open_executions o JOIN workflow_executions e ON e.id = o.execution_id
     WHERE o.org_id = $1 AND e.workflow_id = $2 LIMIT $3`,
    [orgId, workflowId, limit],
  );
  return rows.map(({ id }) => id);
}

// Read by the engine's role, of any organization.

export async function findVersionDefinition(
  journal: Pool,
  versionId: string,
): Promise<
  | { definition: string; version: number | null; workflowId: string; workflowName: string; orgId: string }
  | undefined
> {
  const { rows } = await journal.query<{
    definition: string;
    version: number | null;
    workflowId: string;
    workflowName: string;
    orgId: string;
  }>({
    name: "find-version-definition",
    text: `SELECT v.definition, v.version, v.workflow_id AS "workflowId", w.name AS "workflowName", v.org_id AS "orgId"
           FROM workflow_versions v JOIN workflows w ON w.id = v.workflow_id WHERE v.id = $1`,
    values: [versionId],
  });
  return rows[0];
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function findPublished(
  journal: Pool,
  orgId: string,
  workflow: string,
): Promise<{ workflowId: string; workflowName: string; versionId: string } | undefined> {
  const isId = uuid.test(workflow);
  const { rows } = await journal.query<{ workflowId: string; workflowName: string; versionId: string }>({
    name: isId ? "find-published-by-id" : "find-published-by-name",
    text: `SELECT id AS "workflowId", name AS "workflowName", published_version_id AS "versionId" FROM workflows
           WHERE org_id = $1 AND ${isId ? "id = $2" : "name = $2"} AND deleted_at IS NULL
             AND published_version_id IS NOT NULL
           ORDER BY updated_at DESC LIMIT 1`,
    values: [orgId, workflow],
  });
  return rows[0];
}

/** Also those that are not published: to say what is wrong. */
export async function findWorkflowId(
  tx: Transaction,
  orgId: string,
  workflow: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT id FROM workflows WHERE org_id = $1 AND deleted_at IS NULL
       AND ${uuid.test(workflow) ? "id = $2" : "name = $2"} ORDER BY updated_at DESC LIMIT 1`,
    [orgId, workflow],
  );
  return rows[0]?.id;
}
