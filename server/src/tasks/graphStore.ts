// SQL of the graph of tasks: only the columns that a card shows, and never more rows than a page has place for.
import type { Transaction } from "../platform/db.ts";
import type { DependencyRow, TaskRow } from "./store.ts";

export type LinkRow = Pick<DependencyRow, "taskId" | "needsTaskId" | "on">;
export type GraphTaskRow = Pick<TaskRow, "id" | "name" | "status" | "paused" | "measuredMs" | "settings">;

const columns = `id, name, status, paused, measured_ms AS "measuredMs", settings`;

/** Of the newest tasks first, those of one task together. */
export async function listLinks(
  tx: Transaction,
  query: { orgId: string; limit: number },
): Promise<LinkRow[]> {
  const { rows } = await tx.query<LinkRow>(
    `SELECT task_id AS "taskId", needs_task_id AS "needsTaskId", condition AS on FROM task_dependencies
     WHERE org_id = $1 ORDER BY task_id DESC, place LIMIT $2`,
    [query.orgId, query.limit],
  );
  return rows;
}

export async function tasksOf(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<GraphTaskRow[]> {
  const { rows } = await tx.query<GraphTaskRow>(
    `SELECT ${columns} FROM tasks WHERE org_id = $1 AND id = ANY($2::uuid[]) ORDER BY id DESC`,
    [orgId, ids],
  );
  return rows;
}

export async function newestTasks(
  tx: Transaction,
  query: { orgId: string; limit: number },
): Promise<GraphTaskRow[]> {
  const { rows } = await tx.query<GraphTaskRow>(
    `SELECT ${columns} FROM tasks WHERE org_id = $1 ORDER BY id DESC LIMIT $2`,
    [query.orgId, query.limit],
  );
  return rows;
}

/** Which of them hang on something, or something on them. */
export async function linkedOf(tx: Transaction, orgId: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT task_id AS id FROM task_dependencies WHERE org_id = $1 AND task_id = ANY($2::uuid[])
     UNION SELECT needs_task_id FROM task_dependencies WHERE org_id = $1 AND needs_task_id = ANY($2::uuid[])`,
    [orgId, ids],
  );
  return new Set(rows.map(({ id }) => id));
}
