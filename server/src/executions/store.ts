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
  const where = await conditionsOf(tx, query);
  if (where === undefined) return { rows: [] };
  const { placed, sought, values, placedValues, isBounded } = where;
  const part = `(SELECT * FROM workflow_executions e WHERE ${placed} ORDER BY e.id DESC LIMIT ${SCAN_MAX})`;
  const { rows } = await tx.query<ExecutionRow>(
    `SELECT ${columns} FROM ${isBounded ? part : "workflow_executions"} e
     LEFT JOIN workflows w ON w.id = e.workflow_id AND w.org_id = $1
     WHERE ${isBounded ? "true" : placed} ${sought === "" ? "" : `AND ${sought}`}
     ORDER BY e.id DESC LIMIT $${values.length + 1}`,
    [...values, query.limit],
  );
  if (!isBounded || rows.length === query.limit) return { rows };
  const searchedTo = await idAt(tx, { placed, values: placedValues, offset: SCAN_MAX - 1 });
  return { rows, ...(searchedTo === undefined ? {} : { searchedTo }) };
}

/**
 * As above, for a text in what is shown of an execution and in its data. What is sealed is opened by `open` and looked
 * at here, a page at a time, so that no more than a page of data is in memory.
 */
export async function searchExecutions(
  tx: Transaction,
  query: ExecutionQuery & { search: string },
  open: OpenData,
  accepts: (row: ExecutionRow) => boolean = () => true,
): Promise<Listed> {
  const where = await conditionsOf(tx, query);
  if (where === undefined) return { rows: [] };
  const { placed, sought, values, placedValues } = where;
  const searchedTo = await idAt(tx, { placed, values: placedValues, offset: SEARCH_MAX - 1 });
  const bind = (index: number) => `$${values.length + index}`;
  const text = `SELECT ${columns}, ${dataColumns} FROM workflow_executions e
     LEFT JOIN workflows w ON w.id = e.workflow_id AND w.org_id = $1
     WHERE ${placed} AND (${bind(1)}::uuid IS NULL OR e.id >= ${bind(1)}::uuid)
       AND (${bind(2)}::uuid IS NULL OR e.id < ${bind(2)}::uuid) ${sought === "" ? "" : `AND ${sought}`}
       AND (e.codec <> 0 OR ${searchCondition(bind(3))})
     ORDER BY e.id DESC LIMIT ${SEARCH_PAGE}`;
  const pattern = query.search.replace(/[\\%_]/g, "\\$&");
  const needle = query.search.toLowerCase();
  const found: ExecutionRow[] = [];
  for (let before: string | null = null; ; ) {
    const page: SearchedRow[] = (
      await tx.query<SearchedRow>(text, [...values, searchedTo ?? null, before, pattern])
    ).rows;
    for (const { sealed, input, output, ...row } of page) {
      if (sealed && !shows(row, needle)) {
        const data = await open(row.id, { input, output });
        if (!data.some((one) => one.toLowerCase().includes(needle))) continue;
      }
      if (!accepts(row)) continue;
      found.push(row);
      if (found.length === query.limit) return { rows: found };
    }
    before = page.at(-1)?.id ?? null;
    if (page.length < SEARCH_PAGE)
      return { rows: found, ...(searchedTo === undefined ? {} : { searchedTo }) };
  }
}

/** Input and output of one execution as JSON texts; what is erased is left out. */
export type OpenData = (
  id: string,
  data: { input: string | null; output: string | null },
) => Promise<string[]>;

type SearchedRow = ExecutionRow & { sealed: boolean; input: string | null; output: string | null };

const dataColumns = `e.codec <> 0 AS sealed, CASE WHEN e.codec <> 0 THEN e.input_data END AS input,
  CASE WHEN e.codec <> 0 THEN e.output_data END AS output`;

function shows(row: ExecutionRow, needle: string): boolean {
  const texts = [row.workflowName, row.trigger, row.errorCode, row.errorMessage];
  return row.id.startsWith(needle) || texts.some((text) => text?.toLowerCase().includes(needle));
}

type Conditions = {
  /** What an index leads to, also under row-level security: equality and order of uuid are leakproof. */
  placed: string;
  placedValues: unknown[];
  sought: string;
  values: unknown[];
  isBounded: boolean;
};

/** Undefined: nothing can match. */
async function conditionsOf(tx: Transaction, query: ExecutionQuery): Promise<Conditions | undefined> {
  const values: unknown[] = [query.orgId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const workflows = query.workflow === null ? null : await workflowIds(tx, query.orgId, query.workflow);
  if (workflows?.length === 0) return undefined;
  const { statuses, error, parent, mode, search, fromId, beforeId } = query;
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
  const placedValues = [...values];
  const isPlaced =
    error !== null || parent !== null || placed.includes("IS NOT NULL") || placed.includes("open_");
  const isBounded = mode !== null || (statuses !== null && !isPlaced);
  const sought = [
    ...(statuses === null ? [] : [`${shownStatus} = ANY(${bind(statuses)}::text[])`]),
    ...(mode === null ? [] : [`e.mode = ${bind(mode)}`]),
  ].join(" AND ");
  return { placed, placedValues, sought, values, isBounded };
}

async function idAt(
  tx: Transaction,
  { placed, values, offset }: { placed: string; values: unknown[]; offset: number },
): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT e.id FROM workflow_executions e WHERE ${placed} ORDER BY e.id DESC OFFSET ${offset} LIMIT 1`,
    values,
  );
  return rows[0]?.id;
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
const SEARCH_PAGE = 200;
const open: ReadonlySet<string> = new Set(["running", "waiting", "paused", "parked"]);

function searchCondition(text: string): string {
  return `(e.id::text LIKE ${text} || '%' OR concat_ws(E'\\n', w.name, e.trigger_node, e.error_code, e.error_message,
    ${plain("input_data")}, ${plain("output_data")}) ILIKE '%' || ${text} || '%')`;
}

/** What is sealed is opened and searched by whoever asks. */
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

export type TurnRow = { seq: number; at: Date; body: Uint8Array; keyId: string | null };

export async function listTurns(
  tx: Transaction,
  query: { orgId: string; executionId: string; after: number; limit: number },
): Promise<TurnRow[]> {
  const { rows } = await tx.query<TurnRow>({
    name: "list-turns",
    text: `SELECT seq, at, body, key_id AS "keyId" FROM turns WHERE org_id = $1 AND execution_id = $2 AND seq > $3
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
export async function findOrganization(journal: Pool, id: string): Promise<string | undefined> {
  const { rows } = await journal.query<{ orgId: string }>(
    `SELECT org_id AS "orgId" FROM workflow_executions WHERE id = $1`,
    [id],
  );
  return rows[0]?.orgId;
}

export async function findAnyStatus(journal: Pool, id: string): Promise<ExecutionStatus | undefined> {
  const { rows } = await journal.query<{ status: ExecutionStatus }>(
    "SELECT status FROM workflow_executions WHERE id = $1",
    [id],
  );
  return rows[0]?.status;
}
