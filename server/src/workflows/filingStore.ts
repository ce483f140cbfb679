// SQL of where workflows are kept, and of the list that finds them there. A filter that is not asked for is not in the
// statement: PostgreSQL then chooses the index by the filters that are.
import type { Transaction } from "../platform/db.ts";
import { type WorkflowRow, workflowColumns, workflowTables } from "./store.ts";

export type WorkflowListRow = Omit<WorkflowRow, "draft">;

export type WorkflowListQuery = {
  orgId: string;
  search: string | null;
  name: string | null;
  /** With its subfolders; empty = all. */
  folder: string;
  tag: string | null;
  /** A user's id, or `none`. */
  owner: string | null;
  before: string | null;
  limit: number;
};

export async function listWorkflows(tx: Transaction, query: WorkflowListQuery): Promise<WorkflowListRow[]> {
  const values: unknown[] = [query.orgId, query.limit];
  const given = (value: unknown) => `$${values.push(value)}`;
  const filters: string[] = [];
  if (query.search !== null) filters.push(`position(lower(${given(query.search)}) IN lower(name)) > 0`);
  if (query.name !== null) filters.push(`name = ${given(query.name)}`);
  if (query.before !== null) filters.push(`id < ${given(query.before)}`);
  if (query.owner !== null)
    filters.push(query.owner === "none" ? "owner_id IS NULL" : `owner_id = ${given(query.owner)}`);
  if (query.folder !== "") {
    const self = given(query.folder);
    // One range of the index: `0` follows `/`. What is between them and is another folder, such as `Sales-old`, is left out.
    filters.push(`folder >= ${self} AND folder < ${given(`${query.folder}0`)}
         AND (folder = ${self} OR folder >= ${given(`${query.folder}/`)})`);
  }
  if (query.tag !== null)
    filters.push(
      `id IN (SELECT workflow_id FROM workflow_tags WHERE org_id = $1 AND tag = ${given(query.tag)})`,
    );
  const { rows } = await tx.query<WorkflowListRow>(
    // Found in an index first: what is not asked for is not read.
    `WITH found AS (
       SELECT id FROM workflows
       WHERE ${["org_id = $1", "deleted_at IS NULL", ...filters].join("\n         AND ")}
       ORDER BY id DESC LIMIT $2)
     SELECT ${workflowColumns} FROM ${workflowTables}
     WHERE w.org_id = $1 AND w.id IN (SELECT id FROM found) ORDER BY w.id DESC`,
    values,
  );
  return rows;
}

export type FilingChange = {
  folder?: string | undefined;
  tags?: readonly string[] | undefined;
  /** Null = nobody; undefined = as it is. */
  owner?: string | null | undefined;
};

/** Not the time of the last change: that is the definition's. */
export async function updateFiling(
  tx: Transaction,
  orgId: string,
  workflowId: string,
  { folder, tags, owner }: FilingChange,
): Promise<void> {
  await tx.query(
    `UPDATE workflows SET folder = coalesce($3, folder), tags = coalesce($4::text[], tags),
       owner_id = CASE WHEN $5 THEN $6::uuid ELSE owner_id END
     WHERE org_id = $1 AND id = $2`,
    [orgId, workflowId, folder ?? null, tags ?? null, owner !== undefined, owner ?? null],
  );
  if (tags === undefined) return;
  await tx.query("DELETE FROM workflow_tags WHERE org_id = $1 AND workflow_id = $2", [orgId, workflowId]);
  await tx.query(
    "INSERT INTO workflow_tags (org_id, tag, workflow_id) SELECT $1, tag, $2 FROM unnest($3::text[]) AS tag",
    [orgId, workflowId, tags],
  );
}

/** Held until the end, so that nobody leaves between the look and the change. */
export async function isMember(tx: Transaction, orgId: string, userId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    "SELECT 1 FROM memberships WHERE org_id = $1 AND user_id = $2 FOR KEY SHARE",
    [orgId, userId],
  );
  return rowCount === 1;
}

export async function countFolders(
  tx: Transaction,
  orgId: string,
  limit: number,
): Promise<{ path: string; count: number }[]> {
  const { rows } = await tx.query<{ path: string; count: number }>(
    `SELECT folder AS path, count(*)::int AS count FROM workflows
     WHERE org_id = $1 AND deleted_at IS NULL AND folder > '' GROUP BY folder ORDER BY folder LIMIT $2`,
    [orgId, limit],
  );
  return rows;
}

export async function countTags(
  tx: Transaction,
  orgId: string,
  limit: number,
): Promise<{ tag: string; count: number }[]> {
  const { rows } = await tx.query<{ tag: string; count: number }>(
    "SELECT tag, count(*)::int AS count FROM workflow_tags WHERE org_id = $1 GROUP BY tag ORDER BY tag LIMIT $2",
    [orgId, limit],
  );
  return rows;
}

export async function countOwners(
  tx: Transaction,
  orgId: string,
  limit: number,
): Promise<{ id: string; name: string | null; count: number }[]> {
  const { rows } = await tx.query<{ id: string; name: string | null; count: number }>(
    `WITH owners AS (
       SELECT owner_id, count(*)::int AS count FROM workflows
       WHERE org_id = $1 AND deleted_at IS NULL AND owner_id IS NOT NULL GROUP BY owner_id ORDER BY owner_id LIMIT $2)
     SELECT o.owner_id AS id, coalesce(u.name, u.email) AS name, o.count
     FROM owners o LEFT JOIN users u ON u.id = o.owner_id`,
    [orgId, limit],
  );
  return rows;
}
