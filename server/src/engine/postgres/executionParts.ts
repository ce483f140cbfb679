// The parts of a flush (see parts.ts) that begin executions and change what their rows say. Each writes the row and, in
// open_executions, whether it is still open.
import type { ExecutionUpdate, StartRow } from "../store.ts";
import { bigints, bools, ints, texts, times, uuids } from "./encode.ts";
import type { Part } from "./parts.ts";
import { PLAIN, SEALED } from "./sealed.ts";

/** execution_time is an int4 in the blueprint's schema. */
const INT4_MAX = 2 ** 31 - 1;

/** `updates[i]` is what became of `starts[i]` in the same flush: a statement cannot update a row it inserts. */
export function startsPart(
  starts: readonly StartRow[],
  updates: readonly (ExecutionUpdate | undefined)[],
  keys: ReadonlyMap<string, string>,
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
        status, last_seq, wake_at, completed_at, output_data, output_blob, error_code, error_message, execution_time,
        tokens_in, tokens_out, cost_micros, key_id, codec)
      SELECT id, org_id, env_id, workflow_id, version_id, mode, trigger_node, parent_id,
        parent_command, origin_id, depth, actor, cause, trace_id, started_at, input_data, input_blob, concurrency_key,
        status, last_seq, wake_at, completed_at, output_data, output_blob, error_code, error_message, execution_time,
        tokens_in, tokens_out, cost_micros, key_id, codec
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
      ...outcomeValues(
        updates,
        starts.map((row) => keys.get(row.executionId)),
      ),
    ],
  };
}

export function updatesPart(updates: readonly ExecutionUpdate[], keys: ReadonlyMap<string, string>): Part {
  return {
    sql: `u AS (SELECT unnest(?::uuid[]) AS id, ${OUTCOME_COLUMNS} FROM f),
    ue AS (
      UPDATE workflow_executions e SET status = u.status, last_seq = u.last_seq, wake_at = u.wake_at,
        completed_at = u.completed_at, output_data = u.output_data, output_blob = u.output_blob,
        error_code = u.error_code, error_message = u.error_message, execution_time = u.execution_time,
        tokens_in = u.tokens_in, tokens_out = u.tokens_out, cost_micros = u.cost_micros,
        key_id = coalesce(u.key_id, e.key_id), codec = greatest(u.codec, e.codec)
      FROM u WHERE e.id = u.id),
    uo AS (
      UPDATE open_executions o SET status = u.status, wake_at = u.wake_at
      FROM u WHERE o.execution_id = u.id AND NOT u.is_closed),
    ud AS (DELETE FROM open_executions o USING u WHERE o.execution_id = u.id AND u.is_closed)`,
    values: [
      uuids(updates.map((row) => row.executionId)),
      ...outcomeValues(
        updates,
        updates.map((row) => keys.get(row.executionId)),
      ),
    ],
  };
}

const OUTCOME_COLUMNS = `unnest(?::text[]) AS status, unnest(?::bool[]) AS is_closed, unnest(?::int4[]) AS last_seq,
        unnest(?::timestamptz[]) AS wake_at, unnest(?::timestamptz[]) AS completed_at, unnest(?::text[]) AS output_data,
        unnest(?::text[]) AS output_blob, unnest(?::text[]) AS error_code, unnest(?::text[]) AS error_message,
        unnest(?::int4[]) AS execution_time, unnest(?::int8[]) AS tokens_in, unnest(?::int8[]) AS tokens_out,
        unnest(?::int8[]) AS cost_micros, unnest(?::uuid[]) AS key_id, unnest(?::int4[])::int2 AS codec`;

function outcomeValues(
  updates: readonly (ExecutionUpdate | undefined)[],
  keys: readonly (string | undefined)[],
): Buffer[] {
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
    bigints(updates.map((row) => row?.usage?.tokensIn ?? null)),
    bigints(updates.map((row) => row?.usage?.tokensOut ?? null)),
    bigints(updates.map((row) => row?.usage?.costMicros ?? null)),
    uuids(keys.map((key) => key ?? null)),
    ints(keys.map((key) => (key === undefined ? PLAIN : SEALED))),
  ];
}

function isClosed(row: ExecutionUpdate): boolean {
  return ["succeeded", "failed", "cancelled", "terminated"].includes(row.status);
}
