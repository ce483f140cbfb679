// SQL of executions; reads only, the engine alone writes the journal.
import type { ExecutionMode, ExecutionStatus } from "../engine/store.ts";
import type { Pool, Transaction } from "../platform/db.ts";

export type ExecutionRow = {
  id: string;
  workflowId: string;
  workflowName: string | null;
  versionId: string;
  version: number | null;
  status: ExecutionStatus;
  mode: ExecutionMode;
  trigger: string | null;
  parentId: string | null;
  originId: string | null;
  startedAt: Date;
  completedAt: Date | null;
  durationMs: number | null;
  errorCode: string | null;
  errorMessage: string | null;
};

const columns = `e.id, e.workflow_id AS "workflowId", w.name AS "workflowName", e.version_id AS "versionId",
  (SELECT v.version FROM workflow_versions v WHERE v.id = e.version_id) AS version, e.status,
  e.mode, e.trigger_node AS trigger, e.parent_id AS "parentId", e.origin_id AS "originId",
  e.started_at AS "startedAt", e.completed_at AS "completedAt", e.execution_time AS "durationMs",
  e.error_code AS "errorCode", e.error_message AS "errorMessage"`;

export type ExecutionQuery = {
  orgId: string;
  workflow: string | null;
  statuses: string[] | null;
  mode: string | null;
  error: string | null;
  parent: string | null;
  search: string | null;
  /** Bounds of the id: UUIDv7 sorts by start. */
  fromId: string | null;
  beforeId: string | null;
  limit: number;
};

export async function listExecutions(tx: Transaction, query: ExecutionQuery): Promise<ExecutionRow[]> {
  const isId = query.workflow !== null && /^[0-9a-f]{8}-/i.test(query.workflow);
  const { rows } = await tx.query<ExecutionRow>(
    `SELECT ${columns} FROM workflow_executions e
     LEFT JOIN workflows w ON w.id = e.workflow_id AND w.org_id = $1
     WHERE e.org_id = $1
       ${query.workflow === null ? "AND $2::text IS NULL" : isId ? "AND e.workflow_id = $2::uuid" : "AND e.workflow_id IN (SELECT id FROM workflows WHERE org_id = $1 AND name = $2)"}
       AND ($3::text[] IS NULL OR e.status = ANY($3))
       AND ($4::text IS NULL OR e.mode = $4)
       AND ($5::text IS NULL OR e.error_code = $5)
       AND ($6::uuid IS NULL OR e.parent_id = $6)
       AND ($7::uuid IS NULL OR e.id >= $7)
       AND ($8::uuid IS NULL OR e.id < $8)
       AND ($10::text IS NULL OR e.id::text LIKE $10 || '%' OR concat_ws(E'\n', w.name, e.trigger_node, e.error_code,
         e.error_message, ${plain("input_data")}, ${plain("output_data")}) ILIKE '%' || $10 || '%')
     ORDER BY e.id DESC LIMIT $9`,
    [
      query.orgId,
      query.workflow,
      query.statuses,
      query.mode,
      query.error,
      query.parent,
      query.fromId,
      query.beforeId,
      query.limit,
      query.search === null ? null : query.search.replace(/[\\%_]/g, "\\$&"),
    ],
  );
  return rows;
}

/** What is sealed or compressed is not searched. */
function plain(column: string): string {
  return `CASE WHEN e.codec = 0 AND e.key_id IS NULL THEN e.${column} END`;
}

export async function findExecution(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<ExecutionRow | undefined> {
  const { rows } = await tx.query<ExecutionRow>({
    name: "find-execution",
    text: `SELECT ${columns} FROM workflow_executions e
           LEFT JOIN workflows w ON w.id = e.workflow_id AND w.org_id = $1
           WHERE e.org_id = $1 AND e.id = $2`,
    values: [orgId, id],
  });
  return rows[0];
}

export async function findStatus(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<{ status: ExecutionStatus; workflowId: string } | undefined> {
  const { rows } = await tx.query<{ status: ExecutionStatus; workflowId: string }>({
    name: "find-execution-status",
    text: `SELECT status, workflow_id AS "workflowId" FROM workflow_executions WHERE org_id = $1 AND id = $2`,
    values: [orgId, id],
  });
  return rows[0];
}

export type TurnRow = { seq: number; at: Date; body: Buffer };

export async function listTurns(
  tx: Transaction,
  query: { orgId: string; executionId: string; after: number; limit: number },
): Promise<TurnRow[]> {
  const { rows } = await tx.query<TurnRow>({
    name: "list-turns",
    text: `SELECT seq, at, body FROM turns WHERE org_id = $1 AND execution_id = $2 AND seq > $3
           ORDER BY seq LIMIT $4`,
    values: [query.orgId, query.executionId, query.after, query.limit],
  });
  return rows;
}

export type WaitRow = {
  executionId: string;
  workflowId: string | null;
  workflowName: string | null;
  wait: string;
  run: string;
  kind: "approval" | "webhook" | "signal" | "parked";
  title: string | null;
  assignees: string[];
  openedAt: Date;
  expiresAt: Date | null;
};

export async function listOpenWaits(
  tx: Transaction,
  query: {
    orgId: string;
    kind: string | null;
    assignee: string | null;
    /** Execution and wait of the last row seen. */
    after: { executionId: string; wait: string } | null;
    limit: number;
  },
): Promise<WaitRow[]> {
  const { rows } = await tx.query<WaitRow>(
    `SELECT a.execution_id AS "executionId", e.workflow_id AS "workflowId", w.name AS "workflowName", a.wait, a.run, a.kind,
       a.title, a.assignees, a.opened_at AS "openedAt", a.expires_at AS "expiresAt"
     FROM waits a LEFT JOIN workflow_executions e ON e.id = a.execution_id
       LEFT JOIN workflows w ON w.id = e.workflow_id AND w.org_id = $1
     WHERE a.org_id = $1 AND a.closed_at IS NULL
       AND ($2::text IS NULL OR a.kind = $2)
       AND ($3::text IS NULL OR $3 = ANY(a.assignees))
       AND ($4::uuid IS NULL OR (a.execution_id, a.wait) < ($4, $5))
     ORDER BY a.execution_id DESC, a.wait DESC LIMIT $6`,
    [
      query.orgId,
      query.kind,
      query.assignee,
      query.after?.executionId ?? null,
      query.after?.wait ?? null,
      query.limit,
    ],
  );
  return rows;
}

/** Of any organization: for whoever came with a token instead of a key. */
export async function findAnyStatus(journal: Pool, id: string): Promise<ExecutionStatus | undefined> {
  const { rows } = await journal.query<{ status: ExecutionStatus }>(
    "SELECT status FROM workflow_executions WHERE id = $1",
    [id],
  );
  return rows[0]?.status;
}
