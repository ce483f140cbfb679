// SQL of schedules as people edit them. `tx` has its tenant set (withTenant); every statement names the organization
// as well. Every change raises `updated_at`, by which the scheduler notices it.
import type { SentencePart } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";

export type ScheduleRow = {
  id: string;
  orgId: string;
  envId: string;
  workflowId: string;
  workflowName: string;
  trigger: string | null;
  managed: boolean;
  name: string;
  /** JSON texts. */
  spec: string;
  policy: string;
  input: string | null;
  paused: boolean;
  pauseReason: string | null;
  pauseParts: SentencePart[] | null;
  pausedAt: Date | null;
  pausedBy: string | null;
  nextDue: Date | null;
  nextFireAt: Date | null;
  failures: number;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
};

export const scheduleColumns = `s.id, s.org_id AS "orgId", s.env_id AS "envId", s.workflow_id AS "workflowId",
  w.name AS "workflowName", s.trigger_node AS trigger, s.managed, s.name, s.spec, s.policy, s.input, s.paused,
  s.pause_reason AS "pauseReason", s.pause_parts AS "pauseParts", s.paused_at AS "pausedAt", s.paused_by AS "pausedBy", s.next_due AS "nextDue",
  s.next_fire_at AS "nextFireAt", s.failures, s.revision, s.created_at AS "createdAt", s.updated_at AS "updatedAt"`;
const tables = "schedules s JOIN workflows w ON w.id = s.workflow_id";

export async function findSchedule(
  tx: Transaction,
  orgId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<ScheduleRow | undefined> {
  const { rows } = await tx.query<ScheduleRow>(
    `SELECT ${scheduleColumns} FROM ${tables} WHERE s.org_id = $1 AND s.id = $2 ${options.lock === true ? "FOR UPDATE OF s" : ""}`,
    [orgId, id],
  );
  return rows[0];
}

export async function listSchedules(
  tx: Transaction,
  query: {
    orgId: string;
    search: string | null;
    workflow: string | null;
    status: string | null;
    before: string | null;
    limit: number;
  },
): Promise<ScheduleRow[]> {
  const { rows } = await tx.query<ScheduleRow>(
    // A search is answered from the index of names first: what it does not find is not read.
    `SELECT ${scheduleColumns} FROM ${tables}
     WHERE s.org_id = $1 AND ($2::uuid IS NULL OR s.workflow_id = $2) AND ($3::uuid IS NULL OR s.id < $3)
       AND ($4::text IS NULL OR $4 = CASE WHEN s.paused THEN 'paused' WHEN s.next_due IS NULL THEN 'ended' ELSE 'active' END)
       AND ($6::text IS NULL
         OR s.id IN (SELECT id FROM schedules WHERE org_id = $1 AND position(lower($6) IN lower(name)) > 0))
     ORDER BY s.id DESC LIMIT $5`,
    [query.orgId, query.workflow, query.before, query.status, query.limit, query.search],
  );
  return rows;
}

export type DueRow = Pick<ScheduleRow, "id" | "name" | "spec"> & { nextDue: Date };

/** Active ones, those first that are due first; `dueByMs` null = whenever they are. */
export async function listDue(
  tx: Transaction,
  query: { orgId: string; dueByMs: number | null; limit: number },
): Promise<DueRow[]> {
  const { rows } = await tx.query<DueRow>(
    `SELECT id, name, spec, next_due AS "nextDue" FROM schedules
     WHERE org_id = $1 AND NOT paused AND next_due IS NOT NULL
       AND ($2::float8 IS NULL OR next_due <= to_timestamp($2 / 1000))
     ORDER BY next_due, id LIMIT $3`,
    [query.orgId, query.dueByMs, query.limit],
  );
  return rows;
}

export async function listManaged(
  tx: Transaction,
  orgId: string,
  workflowId: string,
): Promise<{ id: string; trigger: string; spec: string; policy: string }[]> {
  const { rows } = await tx.query<{ id: string; trigger: string; spec: string; policy: string }>(
    `SELECT id, trigger_node AS trigger, spec, policy FROM schedules
     WHERE org_id = $1 AND workflow_id = $2 AND managed FOR UPDATE`,
    [orgId, workflowId],
  );
  return rows;
}

export type NewSchedule = {
  id: string;
  orgId: string;
  envId: string;
  workflowId: string;
  trigger: string | null;
  managed: boolean;
  name: string;
  spec: string;
  policy: string;
  input: string | null;
  paused: boolean;
  nextDueMs: number | null;
  nextFireMs: number | null;
  actor: string;
};

export async function insertSchedule(tx: Transaction, row: NewSchedule): Promise<void> {
  await tx.query(
    `INSERT INTO schedules (id, org_id, env_id, workflow_id, trigger_node, managed, name, spec, policy, input, paused,
       paused_at, paused_by, next_due, next_fire_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::boolean, CASE WHEN $11 THEN now() END,
       CASE WHEN $11 THEN $14::text END, to_timestamp($12::float8 / 1000), to_timestamp($13::float8 / 1000), $14)`,
    [
      row.id,
      row.orgId,
      row.envId,
      row.workflowId,
      row.trigger,
      row.managed,
      row.name,
      row.spec,
      row.policy,
      row.input,
      row.paused,
      row.nextDueMs,
      row.nextFireMs,
      row.actor,
    ],
  );
}

export type ScheduleChange = Pick<
  NewSchedule,
  "id" | "orgId" | "workflowId" | "trigger" | "name" | "spec" | "policy" | "input"
>;

export async function updateSchedule(tx: Transaction, row: ScheduleChange): Promise<void> {
  await tx.query(
    `UPDATE schedules SET workflow_id = $3, trigger_node = $4, name = $5, spec = $6, policy = $7, input = $8,
       revision = revision + 1, updated_at = clock_timestamp() WHERE org_id = $1 AND id = $2`,
    [row.orgId, row.id, row.workflowId, row.trigger, row.name, row.spec, row.policy, row.input],
  );
}

export async function setNext(
  tx: Transaction,
  row: { orgId: string; id: string; nextDueMs: number | null; nextFireMs: number | null },
): Promise<void> {
  await tx.query(
    `UPDATE schedules SET next_due = to_timestamp($3::float8 / 1000), next_fire_at = to_timestamp($4::float8 / 1000),
       updated_at = clock_timestamp() WHERE org_id = $1 AND id = $2`,
    [row.orgId, row.id, row.nextDueMs, row.nextFireMs],
  );
}

export async function setPaused(
  tx: Transaction,
  row: { orgId: string; id: string; paused: boolean; reason: string | null; actor: string },
): Promise<void> {
  await tx.query(
    `UPDATE schedules SET paused = $3, pause_reason = $4, pause_parts = NULL, paused_at = CASE WHEN $3 THEN now() END,
       paused_by = CASE WHEN $3 THEN $5 END, failures = CASE WHEN $3 THEN failures ELSE 0 END,
       revision = revision + 1, updated_at = clock_timestamp() WHERE org_id = $1 AND id = $2`,
    [row.orgId, row.id, row.paused, row.reason, row.actor],
  );
}

export async function deleteSchedules(tx: Transaction, orgId: string, ids: readonly string[]): Promise<void> {
  await tx.query("DELETE FROM schedules WHERE org_id = $1 AND id = ANY($2::uuid[])", [orgId, ids]);
}

export async function deleteSchedulesOf(tx: Transaction, orgId: string, workflowId: string): Promise<void> {
  await tx.query("DELETE FROM schedules WHERE org_id = $1 AND workflow_id = $2", [orgId, workflowId]);
}
