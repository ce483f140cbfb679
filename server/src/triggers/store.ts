// SQL of outside triggers.
import type { Pool, Transaction } from "../platform/db.ts";
import type { TriggerOwner } from "./registerTriggers.ts";

export async function putTrigger(
  tx: Transaction,
  row: TriggerOwner & { id: string; node: string; type: string; config: string },
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO triggers AS t (id, org_id, env_id, workflow_id, node_key, type, config)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (workflow_id, node_key) DO UPDATE SET env_id = EXCLUDED.env_id, type = EXCLUDED.type,
       config = EXCLUDED.config, state = 'starting', error = NULL, failures = 0,
       cursor = CASE WHEN t.config = EXCLUDED.config AND t.type = EXCLUDED.type THEN t.cursor END,
       updated_at = CASE WHEN t.config = EXCLUDED.config AND t.type = EXCLUDED.type THEN t.updated_at ELSE clock_timestamp() END
     RETURNING id`,
    [row.id, row.orgId, row.envId, row.workflowId, row.node, row.type, row.config],
  );
  return rows[0]?.id ?? row.id;
}

export async function deleteTriggers(
  tx: Transaction,
  owner: { orgId: string; workflowId: string },
  kept: readonly string[],
): Promise<void> {
  await tx.query(
    "DELETE FROM triggers WHERE org_id = $1 AND workflow_id = $2 AND node_key <> ALL ($3::text[])",
    [owner.orgId, owner.workflowId, kept],
  );
}

export type TriggerState = "starting" | "listening" | "failing";

export type TriggerRow = {
  id: string;
  workflowId: string;
  workflowName: string;
  node: string;
  type: string;
  state: TriggerState;
  error: string | null;
  failures: number;
  received: number;
  lastEventAt: Date | null;
};

export async function listTriggers(
  tx: Transaction,
  query: {
    orgId: string;
    workflow: string | null;
    state: string | null;
    before: string | null;
    limit: number;
  },
): Promise<TriggerRow[]> {
  const { rows } = await tx.query<TriggerRow>(
    `SELECT t.id, t.workflow_id AS "workflowId", w.name AS "workflowName", t.node_key AS node, t.type, t.state, t.error,
       t.failures, t.received, t.last_event_at AS "lastEventAt"
     FROM triggers t JOIN workflows w ON w.id = t.workflow_id
     WHERE t.org_id = $1 AND ($2::uuid IS NULL OR t.workflow_id = $2) AND ($3::text IS NULL OR t.state = $3)
       AND ($4::uuid IS NULL OR t.id < $4) ORDER BY t.id DESC LIMIT $5`,
    [query.orgId, query.workflow, query.state, query.before, query.limit],
  );
  return rows;
}

export type ListenerRow = {
  id: string;
  orgId: string;
  workflowId: string;
  node: string;
  type: string;
  config: string;
  cursor: string | null;
  /** Differs when a person changed the trigger. */
  mark: string;
};

export async function listListeners(pool: Pool): Promise<ListenerRow[]> {
  const { rows } = await pool.query<ListenerRow>(
    `SELECT id, org_id AS "orgId", workflow_id AS "workflowId", node_key AS node, type, config, cursor,
       updated_at::text AS mark FROM triggers`,
  );
  return rows;
}

/** Messages were taken in, and how far that is; nothing when somebody changed the trigger. */
export async function writeReceived(
  pool: Pool,
  row: { id: string; mark: string; cursor: string | null; count: number },
): Promise<void> {
  await pool.query(
    `UPDATE triggers SET cursor = $3, received = received + $4::int, state = 'listening', error = NULL, failures = 0,
       last_event_at = CASE WHEN $4::int > 0 THEN now() ELSE last_event_at END
     WHERE id = $1 AND updated_at::text = $2`,
    [row.id, row.mark, row.cursor, row.count],
  );
}

export async function writeState(
  pool: Pool,
  row: { id: string; mark: string; state: TriggerState; error: string | null },
): Promise<void> {
  await pool.query(
    `UPDATE triggers SET state = $3::text, error = $4, failures = CASE WHEN $3::text = 'failing' THEN failures + 1 ELSE 0 END
     WHERE id = $1 AND updated_at::text = $2`,
    [row.id, row.mark, row.state, row.error],
  );
}
