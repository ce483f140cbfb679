// Statistics: every flush appends what its turns counted as one delta (exactly once, because it is the same
// statement), a rollup merges deltas into minutes, and a reader adds the minutes and what waits to be merged. So a
// number equals a recount of the history at any moment. Runs with the engine's role: a delta holds many tenants.
import { type Pool, snapshot, type Transaction, transaction } from "../../platform/db.ts";
import { byteas, ints, texts, times, uuids } from "./encode.ts";
import { addHistogram, decodeHistogram, encodeHistogram, type Histogram } from "./histogram.ts";

/** One entry of a delta as the engine writes it; `minute` counts minutes since 1970. */
export type StatDelta = {
  org: string;
  workflow: string;
  node: string | null;
  worker: string | null;
  minute: number;
  count: number;
  failures: number;
  hist: Histogram;
};

export type StatMinute = Omit<StatDelta, "org">;

const DELTAS_AT_ONCE = 500;

/** Merges what waits; returns how many deltas. To be called every few seconds, and by one process at a time. */
export async function rollUpStats(pool: Pool): Promise<number> {
  let merged = 0;
  for (;;) {
    const count = await transaction(pool, rollUpSome);
    merged += count;
    if (count < DELTAS_AT_ONCE) return merged;
  }
}

/** The minutes of [fromMs, toMs), of all workflows of an organization or of one. */
export async function readStats(
  pool: Pool,
  query: { orgId: string; workflowId?: string; fromMs: number; toMs: number },
): Promise<StatMinute[]> {
  return snapshot(pool, async (tx) => {
    const stats = new Map<string, StatDelta>();
    for (const row of await minutesOf(tx, query)) add(stats, row);
    for (const delta of (await pendingDeltas(tx)).flatMap(parseDelta)) {
      const atMs = delta.minute * 60_000;
      const isWanted = delta.org === query.orgId && atMs >= query.fromMs && atMs < query.toMs;
      if (isWanted && delta.workflow === (query.workflowId ?? delta.workflow)) add(stats, delta);
    }
    return [...stats.values()].map(({ org: _org, ...minute }) => minute).sort((a, b) => a.minute - b.minute);
  });
}

async function rollUpSome(tx: Transaction): Promise<number> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('auraos statistics'))");
  const bodies = await takeDeltas(tx);
  const stats = new Map<string, StatDelta>();
  for (const delta of bodies.flatMap(parseDelta)) add(stats, delta);
  if (stats.size === 0) return bodies.length;
  for (const row of await existingMinutes(tx, [...stats.values()])) add(stats, row);
  await putMinutes(tx, [...stats.values()]);
  return bodies.length;
}

function add(stats: Map<string, StatDelta>, row: StatDelta): void {
  const key = JSON.stringify([row.org, row.workflow, row.node, row.worker, row.minute]);
  const existing = stats.get(key);
  if (!existing) {
    stats.set(key, { ...row, hist: { ...row.hist } });
    return;
  }
  existing.count += row.count;
  existing.failures += row.failures;
  addHistogram(existing.hist, row.hist);
}

function parseDelta(body: Buffer): StatDelta[] {
  return JSON.parse(body.toString()) as StatDelta[];
}

async function takeDeltas(tx: Transaction): Promise<Buffer[]> {
  const { rows } = await tx.query<{ body: Buffer }>({
    name: "take-deltas",
    text: "DELETE FROM stat_deltas WHERE id IN (SELECT id FROM stat_deltas ORDER BY id LIMIT $1) RETURNING body",
    values: [DELTAS_AT_ONCE],
  });
  return rows.map((row) => row.body);
}

async function pendingDeltas(tx: Transaction): Promise<Buffer[]> {
  const { rows } = await tx.query<{ body: Buffer }>({
    name: "pending-deltas",
    text: "SELECT body FROM stat_deltas",
  });
  return rows.map((row) => row.body);
}

const COLUMNS = `m.org_id AS org, m.workflow_id AS workflow, nullif(m.node, '') AS node, nullif(m.worker, '') AS worker,
  (extract(epoch FROM m.minute) / 60)::int AS minute, m.count, m.failures, m.histogram`;

type MinuteRow = Omit<StatDelta, "hist"> & { histogram: Buffer };

function fromRow({ histogram, ...row }: MinuteRow): StatDelta {
  return { ...row, hist: decodeHistogram(histogram) };
}

async function minutesOf(
  tx: Transaction,
  query: { orgId: string; workflowId?: string; fromMs: number; toMs: number },
): Promise<StatDelta[]> {
  const { rows } = await tx.query<MinuteRow>({
    name: "stat-minutes",
    text: `SELECT ${COLUMNS} FROM stat_minutes m WHERE m.org_id = $1 AND ($2::uuid IS NULL OR m.workflow_id = $2)
      AND m.minute >= to_timestamp($3::float8 / 1000) AND m.minute < to_timestamp($4::float8 / 1000)`,
    values: [query.orgId, query.workflowId ?? null, query.fromMs, query.toMs],
  });
  return rows.map(fromRow);
}

async function existingMinutes(tx: Transaction, wanted: readonly StatDelta[]): Promise<StatDelta[]> {
  const { rows } = await tx.query<MinuteRow>({
    name: "existing-minutes",
    text: `SELECT ${COLUMNS} FROM stat_minutes m
      JOIN unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[]) AS w (org, workflow, minute, node, worker)
        ON m.org_id = w.org AND m.workflow_id = w.workflow AND m.minute = w.minute AND m.node = w.node AND m.worker = w.worker`,
    values: keysOf(wanted),
  });
  return rows.map(fromRow);
}

async function putMinutes(tx: Transaction, stats: readonly StatDelta[]): Promise<void> {
  await tx.query({
    name: "put-minutes",
    text: `INSERT INTO stat_minutes (org_id, workflow_id, minute, node, worker, count, failures, histogram)
      SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::timestamptz[]), unnest($4::text[]), unnest($5::text[]),
        unnest($6::int4[]), unnest($7::int4[]), unnest($8::bytea[])
      ON CONFLICT (org_id, workflow_id, minute, node, worker) DO UPDATE
        SET count = excluded.count, failures = excluded.failures, histogram = excluded.histogram`,
    values: [
      ...keysOf(stats),
      ints(stats.map((row) => row.count)),
      ints(stats.map((row) => row.failures)),
      byteas(stats.map((row) => encodeHistogram(row.hist))),
    ],
  });
}

function keysOf(stats: readonly StatDelta[]): Buffer[] {
  return [
    uuids(stats.map((row) => row.org)),
    uuids(stats.map((row) => row.workflow)),
    times(stats.map((row) => row.minute * 60_000)),
    texts(stats.map((row) => row.node ?? "")),
    texts(stats.map((row) => row.worker ?? "")),
  ];
}
