// SQL of what became of fires, and of calendars, for the API. The scheduler writes most of them (schedulerStore.ts).
import type { SentencePart } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";
import { partsText, type Said, say } from "../platform/say.ts";

export type FireRow = {
  id: string;
  kind: "schedule" | "manual" | "backfill";
  due: Date;
  firedAt: Date;
  outcome: "started" | "skipped" | "buffered" | "missed";
  count: number;
  reason: string | null;
  reasonParts: SentencePart[] | null;
  executionId: string | null;
  ended: string | null;
};

export async function listFires(
  tx: Transaction,
  query: { orgId: string; scheduleId: string; outcome: string | null; before: string | null; limit: number },
): Promise<FireRow[]> {
  const { rows } = await tx.query<FireRow>(
    `SELECT id, kind, due, fired_at AS "firedAt", outcome, count, reason, reason_parts AS "reasonParts",
       execution_id AS "executionId", ended
     FROM schedule_fires f
     WHERE org_id = $1 AND schedule_id = $2 AND ($3::text IS NULL OR outcome = $3)
       AND ($4::uuid IS NULL OR (due, id) < (SELECT b.due, b.id FROM schedule_fires b WHERE b.id = $4 AND b.schedule_id = $2))
     ORDER BY due DESC, id DESC LIMIT $5`,
    [query.orgId, query.scheduleId, query.outcome, query.before, query.limit],
  );
  return rows;
}

/** Due times, in ms, of which an execution started or is about to. */
export async function startedDues(
  tx: Transaction,
  about: { orgId: string; scheduleId: string; fromMs: number; toMs: number },
): Promise<Set<number>> {
  const { rows } = await tx.query<{ due: Date }>(
    `SELECT due FROM schedule_fires WHERE org_id = $1 AND schedule_id = $2 AND kind <> 'manual'
       AND outcome IN ('started', 'buffered')
       AND due BETWEEN to_timestamp($3::float8 / 1000) AND to_timestamp($4::float8 / 1000)`,
    [about.orgId, about.scheduleId, about.fromMs, about.toMs],
  );
  return new Set(rows.map(({ due }) => due.getTime()));
}

export type BackfillRow = { id: string; key: string; dueMs: number };

const backfill = say("fire.backfill", {});

/** A fire that was skipped before waits now instead. */
export async function insertBackfill(
  tx: Transaction,
  about: { orgId: string; scheduleId: string; overlap: string },
  rows: readonly BackfillRow[],
): Promise<void> {
  await tx.query(
    `INSERT INTO schedule_fires AS f (id, org_id, schedule_id, key, kind, due, outcome, overlap, reason, reason_parts)
     SELECT b.id, $1, $2, b.key, 'backfill', to_timestamp(b.due / 1000), 'buffered', $3, $7, $8::jsonb
     FROM unnest($4::uuid[], $5::text[], $6::float8[]) AS b (id, key, due)
     ON CONFLICT (schedule_id, key) DO UPDATE SET kind = 'backfill', outcome = 'buffered', overlap = EXCLUDED.overlap,
       reason = EXCLUDED.reason, reason_parts = EXCLUDED.reason_parts, count = 1 WHERE f.outcome = 'skipped'`,
    [
      about.orgId,
      about.scheduleId,
      about.overlap,
      rows.map(({ id }) => id),
      rows.map(({ key }) => key),
      rows.map(({ dueMs }) => dueMs),
      backfill.text,
      partsText(backfill),
    ],
  );
  await touch(tx, about.orgId, about.scheduleId);
}

export async function insertStarted(
  tx: Transaction,
  row: {
    id: string;
    orgId: string;
    scheduleId: string;
    kind: "manual" | "schedule";
    key: string;
    dueMs: number;
    executionId: string;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO schedule_fires (id, org_id, schedule_id, key, kind, due, outcome, execution_id)
     VALUES ($1, $2, $3, $4, $7, to_timestamp($5::float8 / 1000), 'started', $6)
     ON CONFLICT (schedule_id, key) DO NOTHING`,
    [row.id, row.orgId, row.scheduleId, row.key, row.dueMs, row.executionId, row.kind],
  );
  await touch(tx, row.orgId, row.scheduleId);
}

/** Some of them may have been given up before, by a scheduler that met the pause before it could move the cursor. */
export async function insertMissed(
  tx: Transaction,
  row: {
    id: string;
    orgId: string;
    scheduleId: string;
    key: string;
    dueMs: number;
    count: number;
    reason: Said;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO schedule_fires (id, org_id, schedule_id, key, kind, due, outcome, count, reason, reason_parts)
     VALUES ($1, $2, $3, $4, 'schedule', to_timestamp($5::float8 / 1000), 'missed', $6, $7, $8)
     ON CONFLICT (schedule_id, key) DO UPDATE SET count = EXCLUDED.count, reason = EXCLUDED.reason,
         reason_parts = EXCLUDED.reason_parts
       WHERE schedule_fires.count < EXCLUDED.count`,
    [
      ...[row.id, row.orgId, row.scheduleId, row.key, row.dueMs, row.count, row.reason.text],
      partsText(row.reason),
    ],
  );
}

/** The scheduler looks at it again. */
async function touch(tx: Transaction, orgId: string, id: string): Promise<void> {
  await tx.query("UPDATE schedules SET updated_at = clock_timestamp() WHERE org_id = $1 AND id = $2", [
    orgId,
    id,
  ]);
}

export type CalendarRow = { name: string; dates: string[]; updatedAt: Date };

export async function listCalendars(tx: Transaction, orgId: string): Promise<CalendarRow[]> {
  const { rows } = await tx.query<CalendarRow>(
    `SELECT name, dates, updated_at AS "updatedAt" FROM schedule_calendars WHERE org_id = $1 ORDER BY name`,
    [orgId],
  );
  return rows;
}

export async function putCalendar(
  tx: Transaction,
  orgId: string,
  name: string,
  dates: readonly string[],
): Promise<void> {
  await tx.query(
    `INSERT INTO schedule_calendars (org_id, name, dates) VALUES ($1, $2, $3)
     ON CONFLICT (org_id, name) DO UPDATE SET dates = EXCLUDED.dates, updated_at = now()`,
    [orgId, name, dates],
  );
}

export async function deleteCalendar(tx: Transaction, orgId: string, name: string): Promise<boolean> {
  const { rowCount } = await tx.query("DELETE FROM schedule_calendars WHERE org_id = $1 AND name = $2", [
    orgId,
    name,
  ]);
  return rowCount === 1;
}

/** Those that exclude the calendar. */
export async function schedulesMentioning(
  tx: Transaction,
  orgId: string,
  name: string,
): Promise<{ id: string; name: string; spec: string; nextDue: Date | null }[]> {
  const { rows } = await tx.query<{ id: string; name: string; spec: string; nextDue: Date | null }>(
    `SELECT id, name, spec, next_due AS "nextDue" FROM schedules
     WHERE org_id = $1 AND position($2 IN spec) > 0 FOR UPDATE`,
    [orgId, JSON.stringify(name)],
  );
  return rows.filter(({ spec }) =>
    ((JSON.parse(spec) as { excludeCalendars?: string[] }).excludeCalendars ?? []).includes(name),
  );
}
