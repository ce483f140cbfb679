// SQL of the scheduler: it works for every organization, so it has the engine's role.
import { firstIdAt } from "../executions/executionTime.ts";
import type { Pool, Transaction } from "../platform/db.ts";
import { partsText, type Said } from "../platform/say.ts";
import { dueKey } from "./startFire.ts";
import { type ScheduleRow, scheduleColumns } from "./store.ts";

/** `mark` changes with every change that somebody makes; fires do not change it. */
export type StoredSchedule = ScheduleRow & { mark: string };

export async function listMarks(pool: Pool): Promise<{ id: string; mark: string }[]> {
  const { rows } = await pool.query<{ id: string; mark: string }>({
    name: "schedule-marks",
    text: "SELECT id, updated_at::text AS mark FROM schedules",
  });
  return rows;
}

export async function loadSchedules(pool: Pool, ids: readonly string[]): Promise<StoredSchedule[]> {
  const { rows } = await pool.query<StoredSchedule>({
    name: "load-schedules",
    text: `SELECT ${scheduleColumns}, s.updated_at::text AS mark FROM schedules s JOIN workflows w ON w.id = s.workflow_id
      WHERE s.id = ANY($1::uuid[]) AND w.deleted_at IS NULL`,
    values: [ids],
  });
  return rows;
}

export async function loadCalendars(
  pool: Pool,
  orgIds: readonly string[],
): Promise<Map<string, Map<string, string[]>>> {
  const { rows } = await pool.query<{ orgId: string; name: string; dates: string[] }>({
    name: "load-calendars",
    text: `SELECT org_id AS "orgId", name, dates FROM schedule_calendars WHERE org_id = ANY($1::uuid[])`,
    values: [[...new Set(orgIds)]],
  });
  const byOrg = new Map<string, Map<string, string[]>>();
  for (const { orgId, name, dates } of rows) {
    const calendars = byOrg.get(orgId) ?? new Map<string, string[]>();
    byOrg.set(orgId, calendars.set(name, dates));
  }
  return byOrg;
}

export type OpenFire = {
  id: string;
  scheduleId: string;
  key: string;
  kind: "schedule" | "manual" | "backfill";
  due: Date;
  outcome: "buffered" | "started";
  overlap: string | null;
  executionId: string | null;
  /** Of the execution, as it is now; null = it has no row. */
  status: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  /** It has no row and does not wait for its turn either. */
  isGone: boolean;
};

/** What waits, and what was started and had not ended when it was last looked at. In the order of due time. */
export async function loadOpenFires(pool: Pool, ids: readonly string[]): Promise<OpenFire[]> {
  const { rows } = await pool.query<OpenFire>({
    name: "load-open-fires",
    text: `SELECT f.id, f.schedule_id AS "scheduleId", f.key, f.kind, f.due, f.outcome, f.overlap,
        f.execution_id AS "executionId", e.status, e.error_code AS "errorCode", e.error_message AS "errorMessage",
        f.execution_id IS NOT NULL AND e.id IS NULL
          AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.execution_id = f.execution_id) AS "isGone"
      FROM schedule_fires f LEFT JOIN workflow_executions e ON e.id = f.execution_id
      WHERE f.schedule_id = ANY($1::uuid[]) AND (f.outcome = 'buffered' OR (f.outcome = 'started' AND f.ended IS NULL))
      ORDER BY f.due, f.id`,
    values: [ids],
  });
  return rows;
}

export type FireRecord = {
  id: string;
  scheduleId: string;
  key: string;
  kind: "schedule" | "manual" | "backfill";
  dueMs: number;
  firedMs: number;
  outcome: "started" | "skipped" | "buffered" | "missed";
  count: number;
  reason: Said | null;
  executionId: string | null;
};

/** The cursor moves only if it still stands where it did and nobody changed the schedule. */
export type Advance = {
  scheduleId: string;
  mark: string;
  dueMs: number;
  nextDueMs: number | null;
  nextFireMs: number | null;
};

/** All of it or nothing. Gives the schedules whose cursor moved. */
export async function writeFires(
  pool: Pool,
  epoch: number,
  fires: readonly FireRecord[],
  advances: readonly Advance[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: "write-fires",
    text: `WITH lease AS (SELECT 1 FROM engine_lease WHERE id = 1 AND epoch = $16 FOR SHARE),
      put AS (
        INSERT INTO schedule_fires AS f
          (id, org_id, schedule_id, key, kind, due, fired_at, outcome, count, reason, execution_id,
           reason_parts)
        SELECT g.id, s.org_id, s.id, g.key, g.kind, to_timestamp(g.due / 1000), to_timestamp(g.fired / 1000), g.outcome,
          g.count, g.reason, g.execution, g.parts
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::float8[], $6::float8[], $7::text[], $8::int[],
            $9::text[], $10::uuid[], $17::jsonb[])
            AS g (id, schedule, key, kind, due, fired, outcome, count, reason, execution, parts)
          JOIN schedules s ON s.id = g.schedule WHERE EXISTS (SELECT 1 FROM lease)
        ON CONFLICT (schedule_id, key) DO UPDATE SET outcome = EXCLUDED.outcome, fired_at = EXCLUDED.fired_at,
          count = EXCLUDED.count, reason = EXCLUDED.reason, execution_id = EXCLUDED.execution_id,
          reason_parts = EXCLUDED.reason_parts
          WHERE f.execution_id IS NULL)
      UPDATE schedules s SET next_due = to_timestamp(a.next / 1000), next_fire_at = to_timestamp(a.fire / 1000)
      FROM unnest($11::uuid[], $12::text[], $13::float8[], $14::float8[], $15::float8[]) AS a (id, mark, due, next, fire)
      WHERE s.id = a.id AND s.next_due = to_timestamp(a.due / 1000) AND s.updated_at::text = a.mark
        AND EXISTS (SELECT 1 FROM lease)
      RETURNING s.id`,
    values: [
      fires.map(({ id }) => id),
      fires.map(({ scheduleId }) => scheduleId),
      fires.map(({ key }) => key),
      fires.map(({ kind }) => kind),
      fires.map(({ dueMs }) => dueMs),
      fires.map(({ firedMs }) => firedMs),
      fires.map(({ outcome }) => outcome),
      fires.map(({ count }) => count),
      fires.map(({ reason }) => reason?.text ?? null),
      fires.map(({ executionId }) => executionId),
      advances.map(({ scheduleId }) => scheduleId),
      advances.map(({ mark }) => mark),
      advances.map(({ dueMs }) => dueMs),
      advances.map(({ nextDueMs }) => nextDueMs),
      advances.map(({ nextFireMs }) => nextFireMs),
      epoch,
      fires.map(({ reason }) => partsText(reason)),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}

export type Ending = {
  orgId: string;
  scheduleId: string;
  executionId: string;
  ended: string;
  failures: number;
  /** Set = the schedule is paused for it. */
  pauseReason: Said | null;
  /** Told with the pause. */
  about: { name: string; workflowId: string; workflowName: string };
};

/** Of several endings of one schedule, give them in separate calls. Gives the schedules that were changed. */
export async function writeEndings(
  pool: Pool | Transaction,
  endings: readonly Ending[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: "write-endings",
    text: `WITH e AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::jsonb[])
          AS e (schedule, execution, ended, failures, reason, parts)),
        put AS (UPDATE schedule_fires f SET ended = e.ended FROM e
          WHERE f.schedule_id = e.schedule AND f.execution_id = e.execution AND f.ended IS NULL)
      UPDATE schedules s SET failures = e.failures, paused = s.paused OR e.reason IS NOT NULL,
        pause_reason = coalesce(e.reason, s.pause_reason),
        pause_parts = CASE WHEN e.reason IS NULL THEN s.pause_parts ELSE e.parts END,
        paused_at = CASE WHEN e.reason IS NULL THEN s.paused_at ELSE now() END,
        paused_by = CASE WHEN e.reason IS NULL THEN s.paused_by ELSE 'scheduler' END,
        revision = s.revision + CASE WHEN e.reason IS NULL THEN 0 ELSE 1 END,
        updated_at = CASE WHEN e.reason IS NULL THEN s.updated_at ELSE clock_timestamp() END
      FROM e WHERE s.id = e.schedule AND (s.failures <> e.failures OR e.reason IS NOT NULL) RETURNING s.id`,
    values: [
      endings.map(({ scheduleId }) => scheduleId),
      endings.map(({ executionId }) => executionId),
      endings.map(({ ended }) => ended),
      endings.map(({ failures }) => failures),
      endings.map(({ pauseReason }) => pauseReason?.text ?? null),
      endings.map(({ pauseReason }) => partsText(pauseReason)),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}

type BegunExecution = {
  executionId: string;
  startedMs: number | null;
  execution: Pick<OpenFire, "status" | "errorCode" | "errorMessage" | "isGone">;
};

type BegunRow = Omit<BegunExecution, "execution"> & BegunExecution["execution"];

function begunOf<Row extends BegunRow>({ status, errorCode, errorMessage, isGone, ...rest }: Row) {
  return { ...rest, execution: { status, errorCode, errorMessage, isGone } };
}

/** What has begun under these keys, or waits for its place under them; `number` counts the keys from 1. */
export async function findBegun(
  pool: Pool,
  keys: readonly { orgId: string; envId: string; workflowId: string; key: string; inboxKey: string | null }[],
): Promise<(BegunExecution & { number: number })[]> {
  if (keys.length === 0) return [];
  const { rows } = await pool.query<BegunRow & { number: number }>({
    name: "begun-fires",
    text: `WITH x AS MATERIALIZED (
        SELECT x.number::int, coalesce(k.execution_id, i.execution_id) AS id, i.id IS NOT NULL AS is_waiting
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) WITH ORDINALITY
            AS x (org, env, workflow, key, inbox_key, number)
          LEFT JOIN start_keys k ON k.org_id = x.org AND k.workflow_id = x.workflow AND k.env_id = x.env AND k.key = x.key
          LEFT JOIN inbox i ON i.org_id = x.org AND i.dedupe_key = x.inbox_key
        WHERE k.execution_id IS NOT NULL OR i.id IS NOT NULL)
      SELECT x.number, x.id AS "executionId", (extract(epoch FROM e.started_at) * 1000)::float8 AS "startedMs", e.status,
        e.error_code AS "errorCode", e.error_message AS "errorMessage", e.id IS NULL AND NOT x.is_waiting AS "isGone"
      FROM x LEFT JOIN workflow_executions e ON e.id = x.id ORDER BY x.number`,
    values: [
      keys.map(({ orgId }) => orgId),
      keys.map(({ envId }) => envId),
      keys.map(({ workflowId }) => workflowId),
      keys.map(({ key }) => key),
      keys.map(({ inboxKey }) => inboxKey),
    ],
  });
  return rows.map(begunOf);
}

/** For fires so old that their start keys may have expired. Looked for from a day before, because clocks are set. */
export async function findBegunLongAgo(
  pool: Pool,
  about: { workflowId: string; sinceMs: number; causes: readonly string[] },
): Promise<(BegunExecution & { cause: string })[]> {
  const { rows } = await pool.query<BegunRow & { cause: string }>({
    name: "begun-fires-long-ago",
    text: `SELECT cause, id AS "executionId", (extract(epoch FROM started_at) * 1000)::float8 AS "startedMs", status,
        error_code AS "errorCode", error_message AS "errorMessage", false AS "isGone"
      FROM workflow_executions WHERE workflow_id = $1 AND id >= $2 AND cause = ANY($3::text[]) ORDER BY id`,
    values: [about.workflowId, firstIdAt(about.sinceMs - 86_400_000), about.causes],
  });
  return rows.map(begunOf);
}

/** The execution of a fire of the rule. Looked for from a day before it was due, because clocks are set. */
export async function findStarted(
  tx: Transaction,
  about: { workflowId: string; scheduleId: string; dueMs: number },
): Promise<string | undefined> {
  const cause = `schedule/${about.scheduleId}/${dueKey(about.dueMs)}`;
  const { rows } = await tx.query<{ id: string }>({
    name: "execution-by-cause",
    text: "SELECT id FROM workflow_executions WHERE workflow_id = $1 AND id >= $2 AND cause = $3 LIMIT 1",
    values: [about.workflowId, firstIdAt(about.dueMs - 86_400_000), cause],
  });
  return rows[0]?.id;
}

const DELETED_AT_ONCE = 5_000;

export async function deleteOldFires(pool: Pool, beforeMs: number): Promise<number> {
  const { rowCount } = await pool.query({
    name: "delete-old-fires",
    text: `DELETE FROM schedule_fires WHERE ctid = ANY (ARRAY(SELECT ctid FROM schedule_fires
        WHERE due < to_timestamp($1::float8 / 1000) AND NOT (outcome = 'buffered' OR (outcome = 'started' AND ended IS NULL))
          AND NOT EXISTS (SELECT 1 FROM retention_policies p WHERE p.org_id = schedule_fires.org_id AND p.class = 'scheduleFires')
          AND NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.org_id = schedule_fires.org_id AND h.released_at IS NULL)
        LIMIT ${DELETED_AT_ONCE}))`,
    values: [beforeMs],
  });
  return rowCount ?? 0;
}
