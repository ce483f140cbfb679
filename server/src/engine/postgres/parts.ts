// The parts of a flush: SQL with a `?` for each value, and the values. Each part reads `FROM f`, the fence, which has
// one row while the epoch is ours and none afterwards; so no part of a deposed writer's flush finds anything to do.
// Columns are unnested in the select list, in lockstep: half a microsecond a row faster than unnest(...) in FROM.
import type {
  EffectRow,
  ExecutionUpdate,
  FlushBatch,
  StartKeyRow,
  StartRow,
  TurnRow,
  WaitRow,
} from "../store.ts";
import { bools, byteas, ints, texts, times, uuids } from "./encode.ts";

export type Part = { sql: string; values: (string | number | Buffer)[] };

/** execution_time is an int4 in the blueprint's schema. */
const INT4_MAX = 2 ** 31 - 1;

export function turnsPart(rows: readonly TurnRow[]): Part {
  return {
    sql: `t AS (
      INSERT INTO turns (execution_id, seq, org_id, at, body)
      SELECT unnest(?::uuid[]), unnest(?::int4[]), unnest(?::uuid[]), unnest(?::timestamptz[]), unnest(?::bytea[]) FROM f)`,
    values: [
      uuids(rows.map((row) => row.executionId)),
      ints(rows.map((row) => row.seq)),
      uuids(rows.map((row) => row.orgId)),
      times(rows.map((row) => row.atMs)),
      byteas(rows.map((row) => row.body)),
    ],
  };
}

/** `updates[i]` is what became of `starts[i]` in the same flush: a statement cannot update a row it inserts. */
export function startsPart(
  starts: readonly StartRow[],
  updates: readonly (ExecutionUpdate | undefined)[],
): Part {
  return {
    sql: `s AS (
      SELECT unnest(?::uuid[]) AS id, unnest(?::uuid[]) AS org_id, unnest(?::uuid[]) AS env_id,
        unnest(?::uuid[]) AS workflow_id, unnest(?::uuid[]) AS version_id, unnest(?::text[]) AS mode,
        unnest(?::text[]) AS trigger_node, unnest(?::uuid[]) AS parent_id, unnest(?::text[]) AS parent_command,
        unnest(?::uuid[]) AS origin_id, unnest(?::int4[]) AS depth, unnest(?::text[]) AS actor, unnest(?::text[]) AS cause,
        unnest(?::text[]) AS trace_id, unnest(?::timestamptz[]) AS started_at, unnest(?::text[]) AS input_data,
        unnest(?::text[]) AS input_blob, unnest(?::text[]) AS concurrency_key, ${OUTCOME_COLUMNS} FROM f),
    se AS (
      INSERT INTO workflow_executions (id, org_id, env_id, workflow_id, version_id, mode, trigger_node, parent_id,
        parent_command, origin_id, depth, actor, cause, trace_id, started_at, input_data, input_blob, concurrency_key,
        status, last_seq, wake_at, completed_at, output_data, output_blob, error_code, error_message, execution_time)
      SELECT id, org_id, env_id, workflow_id, version_id, mode, trigger_node, parent_id,
        parent_command, origin_id, depth, actor, cause, trace_id, started_at, input_data, input_blob, concurrency_key,
        status, last_seq, wake_at, completed_at, output_data, output_blob, error_code, error_message, execution_time
      FROM s),
    so AS (
      INSERT INTO open_executions (execution_id, org_id, workflow_id, parent_id, concurrency_key, status, wake_at)
      SELECT id, org_id, workflow_id, parent_id, concurrency_key, status, wake_at FROM s WHERE NOT is_closed)`,
    values: [
      uuids(starts.map((row) => row.executionId)),
      uuids(starts.map((row) => row.orgId)),
      uuids(starts.map((row) => row.envId)),
      uuids(starts.map((row) => row.workflowId)),
      uuids(starts.map((row) => row.versionId)),
      texts(starts.map((row) => row.mode)),
      texts(starts.map((row) => row.triggerNode)),
      uuids(starts.map((row) => row.parentId)),
      texts(starts.map((row) => row.parentCommand)),
      uuids(starts.map((row) => row.originId)),
      ints(starts.map((row) => row.depth)),
      texts(starts.map((row) => row.actor)),
      texts(starts.map((row) => row.cause)),
      texts(starts.map((row) => row.traceId)),
      times(starts.map((row) => row.startedAtMs)),
      texts(starts.map((row) => row.input)),
      texts(starts.map((row) => row.inputBlob)),
      texts(starts.map((row) => row.concurrencyKey)),
      ...outcomeValues(updates),
    ],
  };
}

export function updatesPart(updates: readonly ExecutionUpdate[]): Part {
  return {
    sql: `u AS (SELECT unnest(?::uuid[]) AS id, ${OUTCOME_COLUMNS} FROM f),
    ue AS (
      UPDATE workflow_executions e SET status = u.status, last_seq = u.last_seq, wake_at = u.wake_at,
        completed_at = u.completed_at, output_data = u.output_data, output_blob = u.output_blob,
        error_code = u.error_code, error_message = u.error_message, execution_time = u.execution_time
      FROM u WHERE e.id = u.id),
    uo AS (
      UPDATE open_executions o SET status = u.status, wake_at = u.wake_at
      FROM u WHERE o.execution_id = u.id AND NOT u.is_closed),
    ud AS (DELETE FROM open_executions o USING u WHERE o.execution_id = u.id AND u.is_closed)`,
    values: [uuids(updates.map((row) => row.executionId)), ...outcomeValues(updates)],
  };
}

const OUTCOME_COLUMNS = `unnest(?::text[]) AS status, unnest(?::bool[]) AS is_closed, unnest(?::int4[]) AS last_seq,
        unnest(?::timestamptz[]) AS wake_at, unnest(?::timestamptz[]) AS completed_at, unnest(?::text[]) AS output_data,
        unnest(?::text[]) AS output_blob, unnest(?::text[]) AS error_code, unnest(?::text[]) AS error_message,
        unnest(?::int4[]) AS execution_time`;

function outcomeValues(updates: readonly (ExecutionUpdate | undefined)[]): Buffer[] {
  return [
    texts(updates.map((row) => row?.status ?? "running")),
    bools(updates.map((row) => row !== undefined && isClosed(row))),
    ints(updates.map((row) => row?.seq ?? 0)),
    times(updates.map((row) => row?.wakeAtMs ?? null)),
    times(updates.map((row) => row?.completedAtMs ?? null)),
    texts(updates.map((row) => row?.output ?? null)),
    texts(updates.map((row) => row?.outputBlob ?? null)),
    texts(updates.map((row) => row?.errorCode ?? null)),
    texts(updates.map((row) => row?.errorMessage ?? null)),
    ints(
      updates.map((row) => (row?.durationMs == null ? null : Math.min(Math.round(row.durationMs), INT4_MAX))),
    ),
  ];
}

function isClosed(row: ExecutionUpdate): boolean {
  return ["succeeded", "failed", "cancelled", "terminated"].includes(row.status);
}

/** The ledger keeps the latest outcome of an attempt, and the deadline its intent was written with. */
export function effectsPart(rows: readonly EffectRow[]): Part {
  return {
    sql: `e AS (
      INSERT INTO effects (execution_id, org_id, command, attempt, key, outcome, at, deadline)
      SELECT unnest(?::uuid[]), unnest(?::uuid[]), unnest(?::text[]), unnest(?::int4[]), unnest(?::text[]),
        unnest(?::text[]), unnest(?::timestamptz[]), unnest(?::timestamptz[]) FROM f
      ON CONFLICT (execution_id, command, attempt) DO UPDATE
        SET outcome = excluded.outcome, at = excluded.at, deadline = coalesce(excluded.deadline, effects.deadline))`,
    values: [
      uuids(rows.map((row) => row.executionId)),
      uuids(rows.map((row) => row.orgId)),
      texts(rows.map((row) => row.command)),
      ints(rows.map((row) => row.attempt)),
      texts(rows.map((row) => row.key)),
      texts(rows.map((row) => row.outcome)),
      times(rows.map((row) => row.atMs)),
      times(rows.map((row) => row.deadlineMs)),
    ],
  };
}

/** Opening a wait again changes who is asked (escalation). Assignees travel as one text, by the unit separator. */
export function waitsOpenedPart(rows: readonly WaitRow[]): Part {
  return {
    sql: `wo AS (
      INSERT INTO waits (execution_id, org_id, wait, run, kind, title, assignees, opened_at, expires_at)
      SELECT unnest(?::uuid[]), unnest(?::uuid[]), unnest(?::text[]), unnest(?::text[]), unnest(?::text[]),
        unnest(?::text[]), string_to_array(unnest(?::text[]), E'\\x1f'), unnest(?::timestamptz[]), unnest(?::timestamptz[]) FROM f
      ON CONFLICT (execution_id, wait) DO UPDATE
        SET title = excluded.title, assignees = excluded.assignees, expires_at = excluded.expires_at)`,
    values: [
      uuids(rows.map((row) => row.executionId)),
      uuids(rows.map((row) => row.orgId)),
      texts(rows.map((row) => row.wait)),
      texts(rows.map((row) => row.run)),
      texts(rows.map((row) => row.kind)),
      texts(rows.map((row) => row.title)),
      texts(rows.map((row) => row.assignees.join("\x1f"))),
      times(rows.map((row) => row.openedAtMs)),
      times(rows.map((row) => row.expiresAtMs)),
    ],
  };
}

export function waitsClosedPart(rows: FlushBatch["waitsClosed"]): Part {
  return {
    sql: `wc AS (
      UPDATE waits w SET closed_at = now()
      FROM (SELECT unnest(?::uuid[]) AS execution_id, unnest(?::text[]) AS wait FROM f) c
      WHERE w.execution_id = c.execution_id AND w.wait = c.wait)`,
    values: [uuids(rows.map((row) => row.executionId)), texts(rows.map((row) => row.wait))],
  };
}

export function inboxPart(done: readonly string[]): Part {
  return {
    sql: "i AS (DELETE FROM inbox USING (SELECT unnest(?::uuid[]) AS id FROM f) d WHERE inbox.id = d.id)",
    values: [uuids(done)],
  };
}

/**
 * A key that has expired by the engine's clock names the new execution; one that is alive is left, and `k` is then
 * shorter than the rows given, which refuses the whole flush (flush.ts).
 */
export function startKeysPart(rows: readonly StartKeyRow[], nowMs: number): Part {
  return {
    sql: `k AS (
      INSERT INTO start_keys AS old (org_id, workflow_id, env_id, key, execution_id, request_hash, expires_at)
      SELECT unnest(?::uuid[]), unnest(?::uuid[]), unnest(?::uuid[]), unnest(?::text[]), unnest(?::uuid[]),
        unnest(?::text[]), unnest(?::timestamptz[]) FROM f
      ON CONFLICT (org_id, workflow_id, env_id, key) DO UPDATE
        SET execution_id = excluded.execution_id, request_hash = excluded.request_hash, expires_at = excluded.expires_at
        WHERE old.expires_at <= to_timestamp(?::float8 / 1000) OR old.execution_id = excluded.execution_id
      RETURNING 1)`,
    values: [
      uuids(rows.map((row) => row.orgId)),
      uuids(rows.map((row) => row.workflowId)),
      uuids(rows.map((row) => row.envId)),
      texts(rows.map((row) => row.key)),
      uuids(rows.map((row) => row.executionId)),
      texts(rows.map((row) => row.requestHash)),
      times(rows.map((row) => row.expiresAtMs)),
      nowMs,
    ],
  };
}

export function statsPart(body: Uint8Array): Part {
  return { sql: "d AS (INSERT INTO stat_deltas (body) SELECT ?::bytea FROM f)", values: [Buffer.from(body)] };
}
