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

/** One that waits for a person to decide about a failed node run is shown as parked. */
const shownStatus = `CASE WHEN e.status = 'waiting' AND EXISTS (SELECT 1 FROM waits p WHERE p.execution_id = e.id
  AND p.org_id = $1 AND p.kind = 'parked' AND p.closed_at IS NULL) THEN 'parked' ELSE e.status END`;

const columns = `e.id, e.workflow_id AS "workflowId", w.name AS "workflowName", e.version_id AS "versionId",
  (SELECT v.version FROM workflow_versions v WHERE v.id = e.version_id) AS version, ${shownStatus} AS status,
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

/** `searchedTo`: what is older was not looked at yet; a further page begins there. */
export type Listed = { rows: ExecutionRow[]; searchedTo?: string };

/**
 * Newest first. A million rows answer as fast as a thousand: what no index leads to is looked for in a bounded part of
 * the list, the newest `SCAN_MAX` rows below `beforeId`, and the answer says how far it came.
 */
export async function listExecutions(tx: Transaction, query: ExecutionQuery): Promise<Listed> {
  const values: unknown[] = [query.orgId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const workflows = query.workflow === null ? null : await workflowIds(tx, query.orgId, query.workflow);
  if (workflows?.length === 0) return { rows: [] };
  const { statuses, error, parent, mode, search, fromId, beforeId } = query;
  // These an index leads to, also under row-level security: equality and order of uuid are leakproof.
  const placed = [
    "e.org_id = $1",
    ...(workflows === null ? [] : [`e.workflow_id = ANY(${bind(workflows)}::uuid[])`]),
    ...(search !== null && UUID.test(search) ? [`e.id = ${bind(search)}::uuid`] : []),
    ...(parent === null ? [] : [`e.parent_id = ${bind(parent)}::uuid`]),
    ...(fromId === null ? [] : [`e.id >= ${bind(fromId)}::uuid`]),
    ...(beforeId === null ? [] : [`e.id < ${bind(beforeId)}::uuid`]),
    ...(error === null ? [] : [`e.error_code = ${bind(error)}`]),
    ...(statuses?.every((one) => open.has(one))
      ? ["e.id IN (SELECT o.execution_id FROM open_executions o WHERE o.org_id = $1)"]
      : []),
    ...(statuses?.length === 1 && statuses[0] === "failed" ? ["e.error_code IS NOT NULL"] : []),
  ].join(" AND ");
  const isPlaced =
    error !== null || parent !== null || placed.includes("IS NOT NULL") || placed.includes("open_");
  const isBounded = search !== null || mode !== null || (statuses !== null && !isPlaced);
  const scanMax = search === null ? SCAN_MAX : SEARCH_MAX;
  const sought = [
    ...(statuses === null ? [] : [`${shownStatus} = ANY(${bind(statuses)}::text[])`]),
    ...(mode === null ? [] : [`e.mode = ${bind(mode)}`]),
    ...(search === null ? [] : [searchCondition(bind(search.replace(/[\\%_]/g, "\\$&")))]),
  ].join(" AND ");
  const part = `(SELECT * FROM workflow_executions e WHERE ${placed} ORDER BY e.id DESC LIMIT ${scanMax})`;
  const { rows } = await tx.query<ExecutionRow>(
    `SELECT ${columns} FROM ${isBounded ? part : "workflow_executions"} e
     LEFT JOIN workflows w ON w.id = e.workflow_id AND w.org_id = $1
     WHERE ${isBounded ? "true" : placed} ${sought === "" ? "" : `AND ${sought}`}
     ORDER BY e.id DESC LIMIT ${bind(query.limit)}`,
    values,
  );
  if (!isBounded || rows.length === query.limit) return { rows };
  const count = placed.match(/\$\d+/g)?.map((one) => Number(one.slice(1))) ?? [1];
  const end = await tx.query<{ id: string }>(
    `SELECT e.id FROM workflow_executions e WHERE ${placed} ORDER BY e.id DESC OFFSET ${scanMax - 1} LIMIT 1`,
    values.slice(0, Math.max(...count)),
  );
  const searchedTo = end.rows[0]?.id;
  return { rows, ...(searchedTo === undefined ? {} : { searchedTo }) };
}

/** By id or by name. Asked for by itself: as a part of the list's statement it would be planned as if any could match. */
async function workflowIds(tx: Transaction, orgId: string, workflow: string): Promise<string[]> {
  if (/^[0-9a-f]{8}-/i.test(workflow)) return [workflow];
  const { rows } = await tx.query<{ id: string }>(
    "SELECT id FROM workflows WHERE org_id = $1 AND name = $2",
    [orgId, workflow],
  );
  return rows.map(({ id }) => id);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SCAN_MAX = 20_000;
/** Of rows whose data is read too. */
const SEARCH_MAX = 10_000;
const open: ReadonlySet<string> = new Set(["running", "waiting", "paused", "parked"]);

function searchCondition(text: string): string {
  return `(e.id::text LIKE ${text} || '%' OR concat_ws(E'\\n', w.name, e.trigger_node, e.error_code, e.error_message,
    ${plain("input_data")}, ${plain("output_data")}) ILIKE '%' || ${text} || '%')`;
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
