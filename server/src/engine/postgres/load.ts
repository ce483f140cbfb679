// Executions as they were journaled: the row of the start, the newest snapshot, the turns after it. A history that
// contradicts itself is refused by name (A1), because folding it would invent a state that never was.
import type { Pool, Transaction } from "../../platform/db.ts";
import { snapshot } from "../../platform/db.ts";
import type { BodyCipher } from "../engine.types.ts";
import { type ExecutionMode, type ExecutionStatus, type StoredExecution, StoreError } from "../store.ts";
import { uuids } from "./encode.ts";
import { openBody, placeOf } from "./sealed.ts";

const IDS_MAX = 500;

type Options = { whole: boolean; cipher: BodyCipher | undefined };

export async function loadExecutions(
  pool: Pool,
  executionIds: readonly string[],
  options: Options,
): Promise<Map<string, StoredExecution>> {
  const loaded = new Map<string, StoredExecution>();
  for (let from = 0; from < executionIds.length; from += IDS_MAX) {
    const ids = uuids(executionIds.slice(from, from + IDS_MAX));
    await snapshot(pool, (tx) => loadBatch(tx, ids, options, loaded));
  }
  return loaded;
}

async function loadBatch(
  tx: Transaction,
  ids: Buffer,
  { whole, cipher }: Options,
  loaded: Map<string, StoredExecution>,
): Promise<void> {
  const lastSeqs = new Map<string, number>();
  for (const row of await executionRows(tx, ids)) {
    const { status, wakeAtMs, lastSeq, ...start } = row;
    lastSeqs.set(row.executionId, lastSeq);
    loaded.set(row.executionId, { start, status, wakeAtMs, snapshot: null, turns: [] });
  }
  if (!whole) {
    for (const { executionId, seq, ...stored } of await snapshotRows(tx, ids)) {
      const execution = loaded.get(executionId);
      if (!execution) continue;
      const { orgId } = execution.start;
      const body = await openBody(cipher, orgId, placeOf.snapshot(executionId, seq), stored);
      execution.snapshot = { seq, body };
    }
  }
  for (const { executionId, seq, atMs, ...stored } of await turnRows(tx, ids, whole)) {
    const execution = loaded.get(executionId);
    if (!execution) throw new StoreError("corrupt", `execution ${executionId} has turns and no start`);
    refuseGap(execution, seq);
    const opened = openBody(cipher, execution.start.orgId, placeOf.turn(executionId, seq), stored);
    // Its key is at hand but for the first of many: no wait for each of them.
    execution.turns.push({ seq, atMs, body: opened instanceof Uint8Array ? opened : await opened });
  }
  for (const [executionId, lastSeq] of lastSeqs) {
    const execution = loaded.get(executionId) as StoredExecution;
    if (lastOf(execution) >= lastSeq) continue;
    throw new StoreError(
      "corrupt",
      `execution ${executionId} was at turn ${lastSeq}, its history ends at ${lastOf(execution)}`,
    );
  }
}

function refuseGap(execution: StoredExecution, seq: number): void {
  const expected = lastOf(execution) + 1;
  if (seq === expected) return;
  const id = execution.start.executionId;
  throw new StoreError("corrupt", `execution ${id} has turn ${seq} where ${expected} was expected`);
}

function lastOf(execution: StoredExecution): number {
  return execution.turns.at(-1)?.seq ?? execution.snapshot?.seq ?? 0;
}

type ExecutionRow = StoredExecution["start"] & {
  mode: ExecutionMode;
  status: ExecutionStatus;
  wakeAtMs: number | null;
  lastSeq: number;
};

async function executionRows(tx: Transaction, ids: Buffer): Promise<ExecutionRow[]> {
  const { rows } = await tx.query<ExecutionRow>({
    name: "load-executions",
    text: `SELECT id AS "executionId", org_id AS "orgId", env_id AS "envId", workflow_id AS "workflowId",
        version_id AS "versionId", mode, trigger_node AS "triggerNode", parent_id AS "parentId",
        parent_command AS "parentCommand", origin_id AS "originId", depth, actor, cause, trace_id AS "traceId",
        (extract(epoch FROM started_at) * 1000)::float8 AS "startedAtMs", concurrency_key AS "concurrencyKey",
        status, (extract(epoch FROM wake_at) * 1000)::float8 AS "wakeAtMs", last_seq AS "lastSeq"
      FROM workflow_executions WHERE id = ANY ($1::uuid[])`,
    values: [ids],
  });
  return rows;
}

type SnapshotRow = { executionId: string; seq: number; body: Buffer; keyId: string | null };

async function snapshotRows(tx: Transaction, ids: Buffer): Promise<SnapshotRow[]> {
  const { rows } = await tx.query<SnapshotRow>({
    name: "load-snapshots",
    text: `SELECT execution_id AS "executionId", seq, body, key_id AS "keyId" FROM snapshots WHERE execution_id = ANY ($1::uuid[])`,
    values: [ids],
  });
  return rows;
}

type TurnRead = { executionId: string; seq: number; atMs: number; body: Buffer; keyId: string | null };

async function turnRows(tx: Transaction, ids: Buffer, whole: boolean): Promise<TurnRead[]> {
  const { rows } = await tx.query<TurnRead>({
    name: "load-turns",
    text: `SELECT t.execution_id AS "executionId", t.seq, (extract(epoch FROM t.at) * 1000)::float8 AS "atMs", t.body,
        t.key_id AS "keyId"
      FROM (SELECT unnest($1::uuid[]) AS id) x
      LEFT JOIN snapshots s ON s.execution_id = x.id AND NOT $2::bool
      JOIN turns t ON t.execution_id = x.id AND t.seq > coalesce(s.seq, 0)
      ORDER BY t.execution_id, t.seq`,
    values: [ids, whole],
  });
  return rows;
}

/** By the primary key, backwards: one probe for each id, however long the histories are. */
export async function lastSeqsOf(pool: Pool, executionIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ id: string; seq: number }>({
    name: "last-seqs",
    text: `SELECT x.id, t.seq FROM (SELECT unnest($1::uuid[]) AS id) x
      CROSS JOIN LATERAL (SELECT seq FROM turns WHERE execution_id = x.id ORDER BY seq DESC LIMIT 1) t`,
    values: [uuids(executionIds)],
  });
  return new Map(rows.map((row) => [row.id, row.seq]));
}
