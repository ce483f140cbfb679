// SQL of the runner: it works for every organization, so it has the engine's role. What it writes leaves updated_at
// alone, by which it notices what people changed.
import type { Pool } from "../platform/db.ts";
import { partsText, type Said } from "../platform/say.ts";

export type OpenRun = {
  id: string;
  orgId: string;
  envId: string;
  taskId: string;
  taskIsPaused: boolean;
  flowId: string | null;
  workflowId: string;
  kind: string;
  status: "waiting" | "queued" | "running" | "succeeded" | "failed" | "cancelled" | "skipped";
  attempt: number;
  priority: number;
  fairKey: string;
  /** JSON texts. */
  resources: string;
  plan: string;
  reason: Said | null;
  dueMs: number | null;
  createdMs: number;
  readyMs: number | null;
  admittedMs: number | null;
  notBeforeMs: number | null;
  deadlineMs: number | null;
  executionId: string | null;
  /** Of the execution, as its row has it; null = there is none. */
  executionStatus: string | null;
  estimatedMs: number | null;
  progress: number;
  /** With microseconds: the place up to which was read. */
  mark: string;
};

const ms = (column: string, name: string) => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;
const columns = `r.id, r.org_id AS "orgId", r.env_id AS "envId", r.task_id AS "taskId", t.paused AS "taskIsPaused",
  r.flow_id AS "flowId", r.workflow_id AS "workflowId", r.kind, r.status, r.attempt, r.priority, r.fair_key AS "fairKey",
  r.resources, r.plan,
  CASE WHEN r.reason IS NOT NULL THEN json_build_object('text', r.reason, 'parts', r.reason_parts) END AS reason, ${ms("r.due", "dueMs")}, ${ms("r.created_at", "createdMs")}, ${ms("r.ready_at", "readyMs")},
  ${ms("r.admitted_at", "admittedMs")}, ${ms("r.not_before", "notBeforeMs")}, ${ms("r.deadline_at", "deadlineMs")},
  r.execution_id AS "executionId", e.status AS "executionStatus", r.estimated_ms::float8 AS "estimatedMs", r.progress,
  r.updated_at::text AS mark`;
const tables = `task_executions r JOIN tasks t ON t.id = r.task_id
  LEFT JOIN workflow_executions e ON e.id = r.execution_id`;

/**
 * Of one statement. However many runs are open, each answer comes within the time that a statement has: else whoever leads could
 * never begin.
 */
export const ROWS_MAX = 2_000;
const isOpen = "r.status IN ('waiting', 'queued', 'running')";
const NIL = "00000000-0000-0000-0000-000000000000";

/** The time of the database, as a mark: what was written after it is read by `loadChangedRuns`. */
export async function loadMark(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ mark: string }>({
    name: "task-mark",
    text: "SELECT now()::text AS mark",
  });
  return rows[0]?.mark ?? "";
}

/** Page by page: what changes meanwhile is read again, from a mark that was taken before. */
export const loadOpenRuns = (pool: Pool): AsyncGenerator<OpenRun[]> =>
  pages<OpenRun>((last) =>
    pool.query({
      name: "task-open-runs",
      text: `SELECT ${columns} FROM ${tables} WHERE ${isOpen} AND (r.status, r.id) > ($1, $2::uuid)
        ORDER BY r.status, r.id LIMIT ${ROWS_MAX}`,
      values: [last?.status ?? "", last?.id ?? NIL],
    }),
  );

/** A little is read twice: what was written before may be committed after. */
export async function loadChangedRuns(pool: Pool, sinceMark: string): Promise<OpenRun[]> {
  const read = pages<OpenRun>((last) =>
    pool.query({
      name: "task-changed-runs",
      text: `SELECT ${columns} FROM ${tables} WHERE r.updated_at > $1::timestamptz - interval '5 seconds'
          AND ($2::timestamptz IS NULL OR (r.updated_at, r.id) > ($2, $3::uuid))
        ORDER BY r.updated_at, r.id LIMIT ${ROWS_MAX}`,
      values: [sinceMark, last?.mark ?? null, last?.id ?? NIL],
    }),
  );
  const changed: OpenRun[] = [];
  for await (const page of read) changed.push(...page);
  return changed;
}

async function* pages<Row>(ask: (last: Row | undefined) => Promise<{ rows: Row[] }>): AsyncGenerator<Row[]> {
  let last: Row | undefined;
  do {
    const { rows } = await ask(last);
    yield rows;
    last = rows.length < ROWS_MAX ? undefined : rows.at(-1);
  } while (last !== undefined);
}

export function pagesOf<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / ROWS_MAX);
  return Array.from({ length: count }, (_, at) => items.slice(at * ROWS_MAX, (at + 1) * ROWS_MAX));
}

export async function executionStatus(pool: Pool, id: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ status: string }>({
    name: "task-execution-status",
    text: "SELECT status FROM workflow_executions WHERE id = $1",
    values: [id],
  });
  return rows[0]?.status;
}

/** Every open run, and whether its task is paused. */
export async function loadOpenIds(pool: Pool): Promise<Map<string, boolean>> {
  const read = pages<{ id: string; status: string; paused: boolean }>((last) =>
    pool.query({
      name: "task-open-ids",
      text: `SELECT r.id, r.status, t.paused FROM task_executions r JOIN tasks t ON t.id = r.task_id
        WHERE ${isOpen} AND (r.status, r.id) > ($1, $2::uuid) ORDER BY r.status, r.id LIMIT ${ROWS_MAX}`,
      values: [last?.status ?? "", last?.id ?? NIL],
    }),
  );
  const open = new Map<string, boolean>();
  for await (const page of read) for (const { id, paused } of page) open.set(id, paused);
  return open;
}

export async function loadRuns(pool: Pool, ids: readonly string[]): Promise<OpenRun[]> {
  const read: OpenRun[] = [];
  for (const page of pagesOf(ids)) {
    const { rows } = await pool.query<OpenRun>({
      name: "task-runs",
      text: `SELECT ${columns} FROM ${tables} WHERE r.id = ANY($1::uuid[]) ORDER BY r.id`,
      values: [page],
    });
    read.push(...rows);
  }
  return read;
}

const DELETED_AT_ONCE = 5_000;

export async function deleteOldRuns(pool: Pool, beforeMs: number): Promise<void> {
  await pool.query({
    name: "task-delete-old",
    text: `DELETE FROM task_executions WHERE ctid = ANY (ARRAY(SELECT ctid FROM task_executions
      WHERE completed_at < to_timestamp($1::float8 / 1000) AND status NOT IN ('waiting', 'queued', 'running')
        AND NOT EXISTS (SELECT 1 FROM retention_policies p WHERE p.org_id = task_executions.org_id AND p.class = 'taskRuns')
        AND NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.org_id = task_executions.org_id AND h.released_at IS NULL)
      LIMIT ${DELETED_AT_ONCE}))`,
    values: [beforeMs],
  });
}

export type RunChange = {
  id: string;
  orgId: string;
  taskId: string;
  flowId: string | null;
  /** What it must still be. */
  from: string;
  status: string;
  reason: Said | null;
  notBeforeMs: number | null;
  attempt: number;
  readyMs: number | null;
  completedMs: number | null;
  result: string | null;
  error: string | null;
  executionTimeMs: number | null;
  progress: number;
  stage: string | null;
};

/** Gives those that were still what they had to be: none to who does not lead any more. */
export async function writeRuns(
  pool: Pool,
  epoch: number,
  changes: readonly RunChange[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: "task-write-runs",
    text: `WITH lease AS (SELECT 1 FROM engine_lease WHERE id = 1 AND epoch = $14 FOR SHARE)
      UPDATE task_executions r SET status = g.status, reason = g.reason, reason_parts = g.reason_parts,
        attempt = g.attempt,
        not_before = to_timestamp(g.not_before / 1000), ready_at = to_timestamp(g.ready / 1000),
        completed_at = to_timestamp(g.completed / 1000), result = coalesce(g.result, r.result), error_message = g.error,
        execution_time = g.took, progress = greatest(r.progress, g.progress), stage = g.stage,
        execution_id = CASE WHEN g.status IN ('waiting', 'queued') THEN NULL ELSE r.execution_id END
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::int[], $7::float8[], $8::float8[],
        $9::text[], $10::text[], $11::int[], $12::smallint[], $13::text[], $15::jsonb[])
        AS g (id, was, status, reason, not_before, attempt, ready, completed, result, error, took, progress, stage, reason_parts)
      WHERE r.id = g.id AND r.status = g.was AND EXISTS (SELECT 1 FROM lease) RETURNING r.id`,
    values: [
      ...[changes.map(({ id }) => id), changes.map(({ from }) => from), changes.map(({ status }) => status)],
      ...[changes.map(({ reason }) => reason?.text ?? null), changes.map(({ notBeforeMs }) => notBeforeMs)],
      ...[changes.map(({ attempt }) => attempt), changes.map(({ readyMs }) => readyMs)],
      ...[changes.map(({ completedMs }) => completedMs), changes.map(({ result }) => result)],
      ...[changes.map(({ error }) => error), changes.map(({ executionTimeMs }) => executionTimeMs)],
      ...[changes.map(({ progress }) => progress), changes.map(({ stage }) => stage), epoch],
      changes.map(({ reason }) => partsText(reason)),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Takes the places, durable before anything starts. Nothing is taken by who does not lead any more. */
export async function admitRuns(
  pool: Pool,
  about: { epoch: number; nowMs: number },
  ids: readonly string[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: "task-admit-runs",
    text: `WITH lease AS (SELECT 1 FROM engine_lease WHERE id = 1 AND epoch = $3 FOR SHARE)
      UPDATE task_executions SET status = 'running', reason = NULL, reason_parts = NULL,
        admitted_before = ARRAY(SELECT a FROM unnest(admitted_before || admitted_at) AS a
          WHERE a > to_timestamp($2::float8 / 1000) - interval '1 day'),
        admitted_at = to_timestamp($2::float8 / 1000),
        started_at = to_timestamp($2::float8 / 1000)
      WHERE id = ANY($1::uuid[]) AND status = 'queued' AND EXISTS (SELECT 1 FROM lease) RETURNING id`,
    values: [ids, about.nowMs, about.epoch],
  });
  return new Set(rows.map(({ id }) => id));
}

export async function noteExecutions(
  pool: Pool,
  started: readonly { id: string; attempt: number; executionId: string }[],
): Promise<void> {
  await pool.query({
    name: "task-note-executions",
    text: `UPDATE task_executions r SET execution_id = g.execution, reason = NULL, reason_parts = NULL
      FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS g (id, execution, attempt)
      WHERE r.id = g.id AND r.attempt = g.attempt`,
    values: [
      started.map(({ id }) => id),
      started.map(({ executionId }) => executionId),
      started.map(({ attempt }) => attempt),
    ],
  });
}

/** Why it is not started, though it has its places. */
export async function noteHeldUp(
  pool: Pool,
  run: { id: string; attempt: number; reason: Said },
): Promise<void> {
  await pool.query({
    name: "task-held-up",
    text: `UPDATE task_executions SET reason = $3, reason_parts = $4
      WHERE id = $1 AND attempt = $2 AND status = 'running' AND execution_id IS NULL`,
    values: [run.id, run.attempt, run.reason.text, partsText(run.reason)],
  });
}

export async function writeProgress(
  pool: Pool,
  moved: readonly { id: string; percent: number; stage: string | null }[],
): Promise<void> {
  await pool.query({
    name: "task-progress",
    text: `UPDATE task_executions r SET progress = greatest(r.progress, g.percent), stage = g.stage
      FROM unnest($1::uuid[], $2::smallint[], $3::text[]) AS g (id, percent, stage)
      WHERE r.id = g.id AND r.status = 'running'`,
    values: [moved.map(({ id }) => id), moved.map(({ percent }) => percent), moved.map(({ stage }) => stage)],
  });
}

/** The task shows what its last run came to, and how long those that succeed take. */
export async function noteTaskStates(
  pool: Pool,
  tasks: readonly { taskId: string; status: string }[],
): Promise<void> {
  await pool.query({
    name: "task-states",
    text: `UPDATE tasks t SET status = g.status, measured_ms = coalesce((
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY last.took) FROM (
          SELECT execution_time AS took FROM task_executions r
          WHERE r.task_id = t.id AND r.status = 'succeeded' AND r.execution_time IS NOT NULL
          ORDER BY r.id DESC LIMIT 20) last), t.measured_ms)
      FROM unnest($1::uuid[], $2::text[]) AS g (id, status) WHERE t.id = g.id`,
    values: [tasks.map(({ taskId }) => taskId), tasks.map(({ status }) => status)],
  });
}

export type OutcomeRow = {
  flowId: string | null;
  taskId: string;
  status: string;
  completedMs: number | null;
};

export async function loadFlowOutcomes(pool: Pool, flowIds: readonly string[]): Promise<OutcomeRow[]> {
  const read: OutcomeRow[] = [];
  for (const page of pagesOf(flowIds)) {
    const { rows } = await pool.query<OutcomeRow>({
      name: "task-flow-outcomes",
      text: `SELECT flow_id AS "flowId", task_id AS "taskId", status, ${ms("completed_at", "completedMs")}
        FROM task_executions WHERE flow_id = ANY($1::uuid[]) ORDER BY id`,
      values: [page],
    });
    read.push(...rows);
  }
  return read;
}

/** The last run that came to an end, of each; one that was skipped says nothing of its task. */
export async function loadLastOutcomes(pool: Pool, taskIds: readonly string[]): Promise<OutcomeRow[]> {
  const { rows } = await pool.query<OutcomeRow>({
    name: "task-last-outcomes",
    text: `SELECT NULL AS "flowId", g.id AS "taskId", r.status, ${ms("r.completed_at", "completedMs")}
      FROM unnest($1::uuid[]) AS g (id) CROSS JOIN LATERAL (SELECT status, completed_at FROM task_executions
        WHERE task_id = g.id AND status IN ('succeeded', 'failed', 'cancelled') ORDER BY id DESC LIMIT 1) r`,
    values: [taskIds],
  });
  return rows;
}

export type DueSchedule = {
  taskId: string;
  orgId: string;
  envId: string;
  spec: string;
  dueMs: number;
};

export async function loadDueSchedules(pool: Pool, nowMs: number): Promise<DueSchedule[]> {
  const { rows } = await pool.query<DueSchedule>({
    name: "task-due-schedules",
    text: `SELECT task_id AS "taskId", org_id AS "orgId", env_id AS "envId", spec, ${ms("next_run_at", "dueMs")}
      FROM task_schedules WHERE is_active AND next_run_at <= to_timestamp($1::float8 / 1000)
      ORDER BY next_run_at LIMIT 500`,
    values: [nowMs],
  });
  return rows;
}
