// SQL of tasks as people edit them. `tx` has its tenant set (withTenant); every statement names the organization as well.
import type { Transaction } from "../platform/db.ts";

export type TaskRow = {
  id: string;
  orgId: string;
  envId: string;
  name: string;
  description: string | null;
  /** JSON texts. */
  config: string;
  schedule: string | null;
  settings: string;
  status: string;
  priority: number;
  workflowId: string | null;
  hasOwnWorkflow: boolean;
  owner: string | null;
  actor: string | null;
  paused: boolean;
  measuredMs: number | null;
  nextRunAt: Date | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
};

const columns = `t.id, t.org_id AS "orgId", t.env_id AS "envId", t.name, t.description, t.config::text AS config,
  t.schedule_config::text AS schedule, t.settings, t.status, t.priority, t.workflow_id AS "workflowId",
  t.has_own_workflow AS "hasOwnWorkflow", t.owner, t.actor, t.paused, t.measured_ms AS "measuredMs",
  CASE WHEN s.is_active THEN s.next_run_at END AS "nextRunAt", t.revision, t.created_at AS "createdAt",
  t.updated_at AS "updatedAt"`;
const tables = "tasks t LEFT JOIN task_schedules s ON s.task_id = t.id";

export async function findTask(
  tx: Transaction,
  orgId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<TaskRow | undefined> {
  const lock = options.lock === true ? "FOR UPDATE OF t" : "";
  const { rows } = await tx.query<TaskRow>(
    `SELECT ${columns} FROM ${tables} WHERE t.org_id = $1 AND t.id = $2 ${lock}`,
    [orgId, id],
  );
  return rows[0];
}

/** By id or by name, whatever its case. */
export async function findTaskIds(
  tx: Transaction,
  orgId: string,
  names: readonly string[],
): Promise<Map<string, { id: string; name: string }>> {
  const { rows } = await tx.query<{ given: string; id: string; name: string }>(
    `SELECT g.given, t.id, t.name FROM unnest($2::text[]) AS g (given)
     JOIN tasks t ON t.org_id = $1 AND (t.id::text = g.given OR lower(t.name) = lower(g.given))`,
    [orgId, names],
  );
  return new Map(rows.map(({ given, id, name }) => [given, { id, name }]));
}

export async function listTasks(
  tx: Transaction,
  query: {
    orgId: string;
    search: string | null;
    status: string | null;
    before: string | null;
    limit: number;
  },
): Promise<TaskRow[]> {
  const { rows } = await tx.query<TaskRow>(
    // Found in the index of names first: what a search does not find is not read.
    `WITH found AS (
       SELECT id FROM tasks
       WHERE org_id = $1 AND ($2::text IS NULL OR position(lower($2) IN lower(name)) > 0)
         AND ($3::text IS NULL OR status = $3) AND ($4::uuid IS NULL OR id < $4)
       ORDER BY id DESC LIMIT $5)
     SELECT ${columns} FROM ${tables} WHERE t.org_id = $1 AND t.id IN (SELECT id FROM found) ORDER BY t.id DESC`,
    [query.orgId, query.search, query.status, query.before, query.limit],
  );
  return rows;
}

export type TaskColumns = {
  id: string;
  orgId: string;
  name: string;
  description: string | null;
  type: string;
  config: string;
  schedule: string | null;
  settings: string;
  priority: number;
  workflowId: string;
  hasOwnWorkflow: boolean;
  owner: string | null;
};

export async function insertTask(
  tx: Transaction,
  row: TaskColumns & { envId: string; actor: string; paused: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO tasks (id, org_id, env_id, name, description, type, config, schedule_config, settings, priority,
       workflow_id, has_own_workflow, owner, actor, paused)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      ...[row.id, row.orgId, row.envId, row.name, row.description, row.type, row.config, row.schedule],
      ...[row.settings, row.priority, row.workflowId, row.hasOwnWorkflow, row.owner, row.actor, row.paused],
    ],
  );
}

export async function updateTask(tx: Transaction, row: TaskColumns): Promise<void> {
  await tx.query(
    `UPDATE tasks SET name = $3, description = $4, type = $5, config = $6, schedule_config = $7, settings = $8,
       priority = $9, workflow_id = $10, has_own_workflow = $11, owner = $12, revision = revision + 1,
       updated_at = clock_timestamp() WHERE org_id = $1 AND id = $2`,
    [
      ...[row.orgId, row.id, row.name, row.description, row.type, row.config, row.schedule, row.settings],
      ...[row.priority, row.workflowId, row.hasOwnWorkflow, row.owner],
    ],
  );
}

export async function setTaskPaused(
  tx: Transaction,
  row: { orgId: string; id: string; paused: boolean },
): Promise<void> {
  await tx.query(
    `UPDATE tasks SET paused = $3, revision = revision + 1, updated_at = clock_timestamp()
     WHERE org_id = $1 AND id = $2`,
    [row.orgId, row.id, row.paused],
  );
  // Its runs that wait are looked at again.
  await tx.query(
    `UPDATE task_executions SET updated_at = clock_timestamp()
     WHERE org_id = $1 AND task_id = $2 AND status IN ('waiting', 'queued')`,
    [row.orgId, row.id],
  );
}

export async function deleteTask(tx: Transaction, orgId: string, id: string): Promise<void> {
  await tx.query("DELETE FROM tasks WHERE org_id = $1 AND id = $2", [orgId, id]);
}

export type DependencyRow = {
  taskId: string;
  needsTaskId: string;
  needsName: string;
  on: "success" | "failure" | "completion";
  withinSeconds: number | null;
};

/** `taskIds` null = all of the organization. */
export async function listDependencies(
  tx: Transaction,
  orgId: string,
  taskIds: readonly string[] | null,
): Promise<DependencyRow[]> {
  const { rows } = await tx.query<DependencyRow>(
    `SELECT d.task_id AS "taskId", d.needs_task_id AS "needsTaskId", n.name AS "needsName", d.condition AS on,
       d.within_seconds AS "withinSeconds"
     FROM task_dependencies d JOIN tasks n ON n.id = d.needs_task_id
     WHERE d.org_id = $1 AND ($2::uuid[] IS NULL OR d.task_id = ANY($2)) ORDER BY d.task_id, d.place`,
    [orgId, taskIds],
  );
  return rows;
}

export async function replaceDependencies(
  tx: Transaction,
  about: { orgId: string; taskId: string },
  needs: readonly { id: string; on: string; withinSeconds: number | undefined }[],
): Promise<void> {
  await tx.query("DELETE FROM task_dependencies WHERE org_id = $1 AND task_id = $2", [
    about.orgId,
    about.taskId,
  ]);
  await tx.query(
    `INSERT INTO task_dependencies (org_id, task_id, needs_task_id, condition, within_seconds, place)
     SELECT $1, $2, n.id, n.condition, n.within, n.place
     FROM unnest($3::uuid[], $4::text[], $5::int[]) WITH ORDINALITY AS n (id, condition, within, place)`,
    [
      ...[about.orgId, about.taskId, needs.map(({ id }) => id), needs.map(({ on }) => on)],
      needs.map(({ withinSeconds }) => withinSeconds ?? null),
    ],
  );
}

/** One edit of the graph at a time per organization: two that each close half a circle must see each other. */
export async function lockGraph(tx: Transaction, orgId: string): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('task-graph ' || $1, 0))", [orgId]);
}

export async function putTaskSchedule(
  tx: Transaction,
  row: {
    id: string;
    orgId: string;
    envId: string;
    taskId: string;
    cron: string | null;
    timezone: string;
    spec: string;
    nextMs: number | null;
    isActive: boolean;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO task_schedules (id, org_id, env_id, task_id, cron_expression, timezone, spec, next_run_at, is_active)
     VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), $9)
     ON CONFLICT (task_id) DO UPDATE SET cron_expression = EXCLUDED.cron_expression, timezone = EXCLUDED.timezone,
       spec = EXCLUDED.spec, next_run_at = EXCLUDED.next_run_at, is_active = EXCLUDED.is_active,
       updated_at = clock_timestamp()`,
    [
      ...[row.id, row.orgId, row.envId, row.taskId, row.cron?.slice(0, 255) ?? null, row.timezone, row.spec],
      ...[row.nextMs, row.isActive],
    ],
  );
}

export async function deleteTaskSchedule(tx: Transaction, orgId: string, taskId: string): Promise<void> {
  await tx.query("DELETE FROM task_schedules WHERE org_id = $1 AND task_id = $2", [orgId, taskId]);
}

export async function setScheduleActive(
  tx: Transaction,
  row: { orgId: string; taskId: string; isActive: boolean; nextMs: number | null },
): Promise<void> {
  await tx.query(
    `UPDATE task_schedules SET is_active = $3, next_run_at = to_timestamp($4::float8 / 1000),
       updated_at = clock_timestamp() WHERE org_id = $1 AND task_id = $2`,
    [row.orgId, row.taskId, row.isActive, row.nextMs],
  );
}

export async function findTaskSchedule(
  tx: Transaction,
  orgId: string,
  taskId: string,
): Promise<
  | { cron: string | null; timezone: string; spec: string; nextRunAt: Date | null; isActive: boolean }
  | undefined
> {
  const { rows } = await tx.query(
    `SELECT cron_expression AS cron, timezone, spec, next_run_at AS "nextRunAt", is_active AS "isActive"
     FROM task_schedules WHERE org_id = $1 AND task_id = $2`,
    [orgId, taskId],
  );
  return rows[0];
}
