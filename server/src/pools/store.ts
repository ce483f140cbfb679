// SQL of pools. What they hold is counted from the runs themselves: there is no second place that could say otherwise.
import type { Transaction } from "../platform/db.ts";

export type PoolRow = {
  name: string;
  scope: "named" | "tenant" | "workflow" | "connection";
  scopeId: string | null;
  slots: number | null;
  rateCount: number | null;
  rateSeconds: number | null;
  weights: string;
  paused: boolean;
  revision: number;
  updatedAt: Date;
  used: number;
  waiting: number;
  starts: number;
  /** The start that has to leave the window before the next may come; null = none has to. */
  blockingStart: Date | null;
};

/** `names` null = all. Places held, runs that wait, and starts within the window of the rate. */
export async function listPools(
  tx: Transaction,
  orgId: string,
  names: readonly string[] | null,
  nowMs: number,
): Promise<PoolRow[]> {
  const { rows } = await tx.query<PoolRow>(
    `SELECT p.name, p.scope, p.scope_id AS "scopeId", p.slots, p.rate_count AS "rateCount",
       p.rate_seconds AS "rateSeconds", p.weights, p.paused, p.revision, p.updated_at AS "updatedAt",
       coalesce(o.used, 0)::int AS used, coalesce(o.waiting, 0)::int AS waiting, coalesce(s.starts, 0)::int AS starts,
       s.blocking AS "blockingStart"
     FROM pools p
     LEFT JOIN LATERAL (
       SELECT sum((r.resources::jsonb ->> p.name)::int) FILTER (WHERE r.status = 'running') AS used,
         count(*) FILTER (WHERE r.status = 'queued') AS waiting
       FROM task_executions r
       WHERE r.org_id = $1 AND r.status IN ('queued', 'running') AND r.resources::jsonb ? p.name) o ON true
     LEFT JOIN LATERAL (
       SELECT count(*) AS starts, (array_agg(a.at ORDER BY a.at DESC))[p.rate_count] AS blocking
       FROM task_executions r CROSS JOIN LATERAL unnest(r.admitted_before || r.admitted_at) AS a (at)
       WHERE p.rate_seconds IS NOT NULL AND r.org_id = $1 AND r.resources::jsonb ? p.name
         AND r.admitted_at > to_timestamp($3::float8 / 1000) - p.rate_seconds * interval '1 second'
         AND a.at > to_timestamp($3::float8 / 1000) - p.rate_seconds * interval '1 second') s ON true
     WHERE p.org_id = $1 AND ($2::text[] IS NULL OR p.name = ANY($2)) ORDER BY p.name`,
    [orgId, names, nowMs],
  );
  return rows;
}

export async function findRevision(
  tx: Transaction,
  orgId: string,
  name: string,
): Promise<number | undefined> {
  const { rows } = await tx.query<{ revision: number }>(
    "SELECT revision FROM pools WHERE org_id = $1 AND name = $2 FOR UPDATE",
    [orgId, name],
  );
  return rows[0]?.revision;
}

export async function putPool(
  tx: Transaction,
  row: Pick<
    PoolRow,
    "name" | "scope" | "scopeId" | "slots" | "rateCount" | "rateSeconds" | "weights" | "paused"
  > & {
    orgId: string;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO pools (org_id, name, scope, scope_id, slots, rate_count, rate_seconds, weights, paused)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (org_id, name) DO UPDATE SET scope = EXCLUDED.scope, scope_id = EXCLUDED.scope_id,
       slots = EXCLUDED.slots, rate_count = EXCLUDED.rate_count, rate_seconds = EXCLUDED.rate_seconds,
       weights = EXCLUDED.weights, paused = EXCLUDED.paused, revision = pools.revision + 1, updated_at = now()`,
    [
      ...[row.orgId, row.name, row.scope, row.scopeId, row.slots, row.rateCount, row.rateSeconds],
      ...[row.weights, row.paused],
    ],
  );
}

export async function deletePool(tx: Transaction, orgId: string, name: string): Promise<boolean> {
  const { rowCount } = await tx.query("DELETE FROM pools WHERE org_id = $1 AND name = $2", [orgId, name]);
  return rowCount === 1;
}

/** A workflow, a task, or a run that is open, that takes places of it; as a subject for a sentence. */
export async function findUser(tx: Transaction, orgId: string, name: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT format('The task "%s"', name) AS name FROM tasks WHERE org_id = $1 AND settings::jsonb -> 'resources' ? $2
     UNION ALL SELECT format('The workflow "%s"', w.name) FROM workflow_limits l JOIN workflows w ON w.id = l.workflow_id
       WHERE l.org_id = $1 AND l.pool = $2 AND w.deleted_at IS NULL
     UNION ALL SELECT format('A run of "%s"', t.name) FROM task_executions r JOIN tasks t ON t.id = r.task_id
       WHERE r.org_id = $1 AND r.status IN ('waiting', 'queued', 'running') AND r.resources::jsonb ? $2 LIMIT 1`,
    [orgId, name],
  );
  return rows[0]?.name;
}

export type QueueRow = {
  id: string;
  taskId: string;
  task: string;
  fairKey: string;
  priority: number;
  resources: string;
  since: Date;
  status: "queued" | "running";
};

/** In the order of priority and waiting (admission.ts: a step of priority is worth a minute). */
export async function listQueue(
  tx: Transaction,
  about: { orgId: string; pool: string; status: "queued" | "running"; limit: number },
): Promise<QueueRow[]> {
  const { rows } = await tx.query<QueueRow>(
    `SELECT r.id, r.task_id AS "taskId", t.name AS task, r.fair_key AS "fairKey", r.priority, r.resources, r.status,
       coalesce(CASE WHEN r.status = 'running' THEN r.admitted_at END, r.ready_at, r.created_at) AS since
     FROM task_executions r JOIN tasks t ON t.id = r.task_id
     WHERE r.org_id = $1 AND r.status = $3 AND r.resources::jsonb ? $2
     ORDER BY coalesce(r.ready_at, r.created_at) - r.priority * interval '1 minute', r.id LIMIT $4`,
    [about.orgId, about.pool, about.status, about.limit],
  );
  return rows;
}

/** Runs of the same key and pools that come first. */
export async function countBefore(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ id: string; before: number }>(
    `SELECT r.id, (SELECT count(*)::int FROM task_executions o WHERE o.org_id = $1 AND o.status = 'queued'
         AND o.resources = r.resources AND (coalesce(o.ready_at, o.created_at) - o.priority * interval '1 minute', o.id)
           < (coalesce(r.ready_at, r.created_at) - r.priority * interval '1 minute', r.id)) AS before
     FROM task_executions r WHERE r.org_id = $1 AND r.id = ANY($2)`,
    [orgId, ids],
  );
  return new Map(rows.map(({ id, before }) => [id, before]));
}
