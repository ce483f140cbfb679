// The parts of a flush: SQL with a `?` for each value, and the values. Each part reads `FROM f`, the fence, which has
// one row while the epoch is ours and none afterwards; so no part of a deposed writer's flush finds anything to do.
// Columns are unnested in the select list, in lockstep: half a microsecond a row faster than unnest(...) in FROM.
import type { EffectRow, FlushBatch, StartKeyRow, TurnRow, WaitRow } from "../store.ts";
import { byteas, ints, texts, times, uuids } from "./encode.ts";
import { PLAIN, SEALED } from "./sealed.ts";

export type Part = { sql: string; values: (string | number | Buffer)[] };

/** `keys`: of each row, or none at all when nothing is sealed (the column is then filled up with nulls). */
export function turnsPart(rows: readonly TurnRow[], keys: readonly string[]): Part {
  return {
    sql: `t AS (
      INSERT INTO turns (execution_id, seq, org_id, at, body, key_id, codec)
      SELECT unnest(?::uuid[]), unnest(?::int4[]), unnest(?::uuid[]), unnest(?::timestamptz[]), unnest(?::bytea[]),
        unnest(?::uuid[]), ?::int2 FROM f)`,
    values: [
      uuids(rows.map((row) => row.executionId)),
      ints(rows.map((row) => row.seq)),
      uuids(rows.map((row) => row.orgId)),
      times(rows.map((row) => row.atMs)),
      byteas(rows.map((row) => row.body)),
      uuids(keys),
      keys.length === 0 ? PLAIN : SEALED,
    ],
  };
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
