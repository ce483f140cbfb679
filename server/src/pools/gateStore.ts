// SQL of the gate: it works for every organization, so it has the engine's role.
import type { Pool } from "../platform/db.ts";

export type PoolLimitRow = {
  orgId: string;
  name: string;
  scope: "named" | "tenant" | "workflow" | "connection";
  scopeId: string | null;
  slots: number | null;
  rateCount: number | null;
  rateSeconds: number | null;
  weights: string;
  paused: boolean;
};

/** What a workflow asks of pools by itself (`PUT /workflows/:id/limits`). */
export type WorkflowNeedRow = {
  orgId: string;
  workflowId: string;
  pool: string | null;
  places: number;
  priority: number;
  fairKey: string | null;
};

export type HolderRow = {
  id: string;
  orgId: string;
  workflowId: string;
  workflowName: string;
  versionId: string;
  startedMs: number;
};

const ms = (column: string, name: string) => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;

export async function loadPools(pool: Pool): Promise<PoolLimitRow[]> {
  const { rows } = await pool.query<PoolLimitRow>({
    name: "gate-pools",
    text: `SELECT org_id AS "orgId", name, scope, scope_id AS "scopeId", slots, rate_count AS "rateCount",
        rate_seconds AS "rateSeconds", weights, paused FROM pools ORDER BY org_id, name`,
  });
  return rows;
}

export async function loadWorkflowNeeds(pool: Pool): Promise<WorkflowNeedRow[]> {
  const { rows } = await pool.query<WorkflowNeedRow>({
    name: "gate-needs",
    text: `SELECT org_id AS "orgId", workflow_id AS "workflowId", pool, pool_places AS places, pool_priority AS priority,
        fair_key AS "fairKey" FROM workflow_limits
      WHERE pool IS NOT NULL OR pool_priority <> 0 OR fair_key IS NOT NULL ORDER BY workflow_id`,
  });
  return rows;
}

export async function loadWeights(pool: Pool): Promise<{ orgId: string; weight: number }[]> {
  const { rows } = await pool.query<{ orgId: string; weight: number }>({
    name: "gate-weights",
    text: `SELECT id AS "orgId", (limits ->> 'weight')::float8 AS weight FROM organizations
      WHERE jsonb_typeof(limits -> 'weight') = 'number' ORDER BY id`,
  });
  return rows;
}

/** As `isAsked` in gate.ts. */
const isAsked = `e.parent_id IS NULL AND e.origin_id IS NULL AND e.mode = 'production'
  AND coalesce(e.actor, '') <> 'task' AND coalesce(e.actor, '') NOT LIKE 'execution:%'
  AND NOT (e.actor IS NULL AND coalesce(e.cause, '') LIKE 'error/%')`;

/** Executions that are open and answer for themselves. */
export async function loadHolders(pool: Pool, orgIds: readonly string[]): Promise<HolderRow[]> {
  const { rows } = await pool.query<HolderRow>({
    name: "gate-holders",
    text: `SELECT e.id, e.org_id AS "orgId", e.workflow_id AS "workflowId", w.name AS "workflowName",
        e.version_id AS "versionId", ${ms("e.started_at", "startedMs")}
      FROM open_executions o JOIN workflow_executions e ON e.id = o.execution_id JOIN workflows w ON w.id = e.workflow_id
      WHERE o.org_id = ANY($1::uuid[]) AND o.status <> 'parked' AND ${isAsked} ORDER BY e.started_at`,
    values: [orgIds],
  });
  return rows;
}

/** Executions that have ended since: their starts count for rates. `firstId` keeps the search short. */
export async function loadRecentStarts(
  pool: Pool,
  about: { orgIds: readonly string[]; firstId: string; sinceMs: number },
): Promise<HolderRow[]> {
  const { rows } = await pool.query<HolderRow>({
    name: "gate-starts",
    text: `SELECT e.id, e.org_id AS "orgId", e.workflow_id AS "workflowId", '' AS "workflowName",
        e.version_id AS "versionId", ${ms("e.started_at", "startedMs")} FROM workflow_executions e
      WHERE e.org_id = ANY($1::uuid[]) AND e.id >= $2 AND e.started_at > to_timestamp($3::float8 / 1000)
        AND ${isAsked} AND NOT EXISTS (SELECT 1 FROM open_executions o WHERE o.execution_id = e.id) ORDER BY e.started_at`,
    values: [about.orgIds, about.firstId, about.sinceMs],
  });
  return rows;
}

export type TaskHolderRow = {
  id: string;
  orgId: string;
  fairKey: string;
  priority: number;
  resources: string;
  estimatedMs: number | null;
  admittedMs: number;
};

/** Runs of tasks that hold places: known before anything else may take some. */
export async function loadTaskHolders(pool: Pool): Promise<TaskHolderRow[]> {
  const { rows } = await pool.query<TaskHolderRow>({
    name: "gate-task-holders",
    text: `SELECT id, org_id AS "orgId", fair_key AS "fairKey", priority, resources, estimated_ms::float8 AS "estimatedMs",
        ${ms("coalesce(admitted_at, created_at)", "admittedMs")} FROM task_executions WHERE status = 'running'
      ORDER BY id`,
  });
  return rows;
}

/** Of runs that are over, and earlier ones of the others, of pools with a rate, as far back as their rate looks. */
export async function loadTaskStarts(pool: Pool): Promise<{ orgId: string; name: string; atMs: number }[]> {
  const { rows } = await pool.query<{ orgId: string; name: string; atMs: number }>({
    name: "gate-task-starts",
    text: `SELECT r.org_id AS "orgId", p.name, ${ms("s.at", "atMs")} FROM pools p
      JOIN task_executions r ON r.org_id = p.org_id AND r.resources::jsonb ? p.name
        AND r.admitted_at > now() - p.rate_seconds * interval '1 second'
      CROSS JOIN LATERAL unnest(r.admitted_before || CASE WHEN r.status <> 'running' THEN r.admitted_at END) AS s (at)
      WHERE p.rate_seconds IS NOT NULL AND s.at > now() - p.rate_seconds * interval '1 second'`,
  });
  return rows;
}
