// SQL of the runs of tasks, for the API.
import type { SentencePart, TaskRunStatus } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";
import { partsText, type Said } from "../platform/say.ts";

export type RunRow = {
  id: string;
  orgId: string;
  taskId: string;
  taskName: string;
  flowId: string | null;
  kind: "manual" | "schedule" | "dependency" | "fallback";
  status: TaskRunStatus;
  reason: string | null;
  reasonParts: SentencePart[] | null;
  due: Date | null;
  createdAt: Date;
  readyAt: Date | null;
  startedAt: Date | null;
  completedAt: Date | null;
  executionTimeMs: number | null;
  attempt: number;
  priority: number;
  fairKey: string;
  resources: string;
  executionId: string | null;
  progress: number;
  stage: string | null;
  estimatedMs: number | null;
  deadlineAt: Date | null;
  result: string | null;
  error: string | null;
};

export const runColumns = `r.id, r.org_id AS "orgId", r.task_id AS "taskId", t.name AS "taskName",
  r.flow_id AS "flowId", r.kind, r.status, r.reason, r.reason_parts AS "reasonParts", r.due, r.created_at AS "createdAt", r.ready_at AS "readyAt",
  r.started_at AS "startedAt", r.completed_at AS "completedAt", r.execution_time AS "executionTimeMs", r.attempt,
  r.priority, r.fair_key AS "fairKey", r.resources, r.execution_id AS "executionId", r.progress, r.stage,
  r.estimated_ms AS "estimatedMs", r.deadline_at AS "deadlineAt", r.result, r.error_message AS error`;
const tables = "task_executions r JOIN tasks t ON t.id = r.task_id";

export async function findRun(
  tx: Transaction,
  orgId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<RunRow | undefined> {
  const lock = options.lock === true ? "FOR UPDATE OF r" : "";
  const { rows } = await tx.query<RunRow>(
    `SELECT ${runColumns} FROM ${tables} WHERE r.org_id = $1 AND r.id = $2 ${lock}`,
    [orgId, id],
  );
  return rows[0];
}

export async function listRuns(
  tx: Transaction,
  query: {
    orgId: string;
    task: string | null;
    flow: string | null;
    status: string | null;
    isOpen: boolean;
    before: string | null;
    limit: number;
  },
): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>(
    `SELECT ${runColumns} FROM ${tables}
     WHERE r.org_id = $1 AND ($2::uuid IS NULL OR r.task_id = $2) AND ($3::uuid IS NULL OR r.flow_id = $3)
       AND ($4::text IS NULL OR r.status = $4) AND (NOT $5 OR r.status IN ('waiting', 'queued', 'running'))
       AND ($6::uuid IS NULL OR r.id < $6)
     ORDER BY r.id DESC LIMIT $7`,
    [query.orgId, query.task, query.flow, query.status, query.isOpen, query.before, query.limit],
  );
  return rows;
}

/** The newest open one of each. */
export async function openRunsOf(
  tx: Transaction,
  orgId: string,
  taskIds: readonly string[],
): Promise<Map<string, RunRow>> {
  const { rows } = await tx.query<RunRow>(
    // One look into the index for each task: of a task that is held up very many may wait.
    `SELECT ${runColumns} FROM unnest($2::uuid[]) AS asked (task_id)
     CROSS JOIN LATERAL (
       SELECT * FROM task_executions
       WHERE org_id = $1 AND task_id = asked.task_id AND status IN ('waiting', 'queued', 'running')
       ORDER BY created_at DESC, id DESC LIMIT 1) r
     JOIN tasks t ON t.id = r.task_id AND t.org_id = $1`,
    [orgId, taskIds],
  );
  return new Map(rows.map((row) => [row.taskId, row]));
}

/** Only what has not started: a running one is asked to end by its execution. */
export async function cancelWaiting(
  tx: Transaction,
  about: { orgId: string; id: string; reason: Said },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE task_executions SET status = 'cancelled', reason = $3, reason_parts = $4, completed_at = now(),
       updated_at = clock_timestamp()
     WHERE org_id = $1 AND id = $2 AND status IN ('waiting', 'queued')`,
    [about.orgId, about.id, about.reason.text, partsText(about.reason)],
  );
  return rowCount === 1;
}

/** Those of the flow that were skipped because of others wait again too. */
export async function reopenRuns(
  tx: Transaction,
  about: { orgId: string; ids: readonly string[]; reason: Said },
): Promise<void> {
  await tx.query(
    `UPDATE task_executions SET status = 'waiting', attempt = attempt + 1, reason = $3, reason_parts = $4, completed_at = NULL,
       execution_id = NULL, not_before = NULL, ready_at = NULL, started_at = NULL, error_message = NULL,
       deadline_at = NULL, updated_at = clock_timestamp()
     WHERE org_id = $1 AND id = ANY($2)`,
    [about.orgId, about.ids, about.reason.text, partsText(about.reason)],
  );
}

/** Priorities as an optimised order wants them. */
export async function reprioritise(
  tx: Transaction,
  orgId: string,
  runs: readonly { id: string; priority: number; reason: Said }[],
): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE task_executions r SET priority = g.priority, reason = g.reason, reason_parts = g.parts,
       updated_at = clock_timestamp()
     FROM unnest($2::uuid[], $3::int[], $4::text[], $5::jsonb[]) AS g (id, priority, reason, parts)
     WHERE r.org_id = $1 AND r.id = g.id AND r.status IN ('waiting', 'queued')`,
    [
      ...[orgId, runs.map(({ id }) => id), runs.map(({ priority }) => priority)],
      ...[runs.map(({ reason }) => reason.text), runs.map(({ reason }) => partsText(reason))],
    ],
  );
  return rowCount ?? 0;
}
