// SQL of events as people see them. `tx` has its tenant set (withTenant); every statement names the organization too.
import type { Transaction } from "../platform/db.ts";
import type { HeldPlace } from "./heldReason.ts";
import type { SubscriptionOwner } from "./registerSubscriptions.ts";

/** `updated_at` is the mark by which the bus notices a change. */
export async function putSubscription(
  tx: Transaction,
  row: SubscriptionOwner & { id: string; node: string; spec: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO event_subscriptions AS s (id, org_id, env_id, workflow_id, node_key, spec, since)
     VALUES ($1, $2, $3, $4, $5, $6, coalesce((SELECT last_position FROM event_streams WHERE org_id = $2), 0))
     ON CONFLICT (workflow_id, node_key) DO UPDATE SET env_id = EXCLUDED.env_id, spec = EXCLUDED.spec,
       updated_at = clock_timestamp() WHERE s.spec <> EXCLUDED.spec OR s.env_id <> EXCLUDED.env_id`,
    [row.id, row.orgId, row.envId, row.workflowId, row.node, row.spec],
  );
}

export async function deleteSubscriptions(
  tx: Transaction,
  owner: { orgId: string; workflowId: string },
  kept: readonly string[],
): Promise<void> {
  await tx.query(
    "DELETE FROM event_subscriptions WHERE org_id = $1 AND workflow_id = $2 AND node_key <> ALL ($3::text[])",
    [owner.orgId, owner.workflowId, kept],
  );
}

export type SubscriptionListRow = {
  id: string;
  workflowId: string;
  workflowName: string;
  trigger: string;
  spec: string;
  since: number;
  paused: boolean;
  matched: number;
  dropped: number;
  lastEventAt: Date | null;
  held: number;
  dead: number;
};

/** What waits is counted in one walk for all that are shown, and not in one for each. */
const subscriptions = (which: string) => `WITH page AS MATERIALIZED (
    SELECT id FROM event_subscriptions WHERE org_id = $1 AND ${which}),
  held AS (SELECT subscription_id, count(*) AS n FROM event_held
    WHERE org_id = $1 AND subscription_id IN (SELECT id FROM page) GROUP BY subscription_id),
  dead AS (SELECT subscription_id, count(*) AS n FROM event_dead
    WHERE org_id = $1 AND subscription_id IN (SELECT id FROM page) GROUP BY subscription_id)
  SELECT s.id, s.workflow_id AS "workflowId", w.name AS "workflowName", s.node_key AS trigger, s.spec, s.since,
    s.paused, s.matched, s.dropped, s.last_event_at AS "lastEventAt", coalesce(held.n, 0) AS held,
    coalesce(dead.n, 0) AS dead
  FROM event_subscriptions s JOIN workflows w ON w.id = s.workflow_id
    LEFT JOIN held ON held.subscription_id = s.id LEFT JOIN dead ON dead.subscription_id = s.id
  WHERE s.org_id = $1 AND s.id IN (SELECT id FROM page) ORDER BY s.id DESC`;

export async function listSubscriptions(
  tx: Transaction,
  query: { orgId: string; workflow: string | null; before: string | null; limit: number },
): Promise<SubscriptionListRow[]> {
  const { rows } = await tx.query<SubscriptionListRow>(
    subscriptions(`($2::uuid IS NULL OR workflow_id = $2) AND ($3::uuid IS NULL OR id < $3)
      ORDER BY id DESC LIMIT $4`),
    [query.orgId, query.workflow, query.before, query.limit],
  );
  return rows;
}

export async function findSubscription(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<SubscriptionListRow | undefined> {
  const { rows } = await tx.query<SubscriptionListRow>(subscriptions("id = $2"), [orgId, id]);
  return rows[0];
}

export async function setSubscriptionPaused(
  tx: Transaction,
  orgId: string,
  id: string,
  paused: boolean,
): Promise<void> {
  await tx.query(
    `UPDATE event_subscriptions SET paused = $3, updated_at = clock_timestamp()
     WHERE org_id = $1 AND id = $2 AND paused <> $3`,
    [orgId, id, paused],
  );
}

/** More than these are not counted in front of an event. */
const COUNTED_MAX = 1_001;

export type HeldListRow = HeldPlace & {
  run: string;
  position: number;
  type: string | null;
  body: string | null;
};

/** In the order of the stream. `after` is the place of the last one seen. */
export async function listHeld(
  tx: Transaction,
  query: {
    orgId: string;
    subscription: string;
    after: { position: number; run: string } | null;
    limit: number;
  },
): Promise<HeldListRow[]> {
  const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;
  const lane =
    "FROM event_held b WHERE b.org_id = $1 AND b.subscription_id = h.subscription_id AND b.lane = h.lane";
  const { rows } = await tx.query<HeldListRow>(
    `SELECT h.run, h.position, h.lane, ${ms("h.received_at")} AS "receivedMs", ${ms("h.first_at")} AS "firstMs",
       h.release, ${ms("h.due_at")} AS "dueMs", h.attempts, h.execution_id AS "executionId",
       h.refusal_code AS "refusalCode", h.refusal, e.type, e.body, g.at_ms AS "gateMs",
       (SELECT count(*) FROM (SELECT 1 ${lane} AND (b.position, b.run) < (h.position, h.run) LIMIT ${COUNTED_MAX}) x) AS before,
       (SELECT count(*) FROM (SELECT 1 ${lane} LIMIT ${COUNTED_MAX}) x) AS "inLane",
       f.position AS "headPosition", ${ms("f.received_at")} AS "headReceivedMs", f.execution_id AS "headExecutionId",
       f.refusal AS "headRefusal"
     FROM event_held h
       CROSS JOIN LATERAL (SELECT b.* ${lane} ORDER BY b.position, b.run LIMIT 1) f
       LEFT JOIN events e ON e.org_id = h.org_id AND e.position = h.position
       LEFT JOIN event_gates g ON g.org_id = h.org_id AND g.subscription_id = h.subscription_id AND g.lane = h.lane
     WHERE h.org_id = $1 AND h.subscription_id = $2 AND ($3::bigint IS NULL OR (h.position, h.run) > ($3, $4::text))
     ORDER BY h.position, h.run LIMIT $5`,
    [query.orgId, query.subscription, query.after?.position ?? null, query.after?.run ?? "", query.limit],
  );
  return rows;
}

export type StoredRow = { position: number; body: string; receivedAt: Date };

export async function listEvents(
  tx: Transaction,
  query: {
    orgId: string;
    type: string | null;
    source: string | null;
    before: number | null;
    limit: number;
  },
): Promise<StoredRow[]> {
  const { rows } = await tx.query<StoredRow>(
    `SELECT position, body, received_at AS "receivedAt" FROM events
     WHERE org_id = $1 AND ($2::text IS NULL OR type = $2) AND ($3::text IS NULL OR source = $3)
       AND ($4::bigint IS NULL OR position < $4) ORDER BY position DESC LIMIT $5`,
    [query.orgId, query.type, query.source, query.before, query.limit],
  );
  return rows;
}

/** First and last position that a replay may take; undefined = there is nothing. */
export async function boundsOf(
  tx: Transaction,
  orgId: string,
  fromMs: number | null,
): Promise<{ first: number; last: number } | undefined> {
  const { rows } = await tx.query<{ first: number | null; last: number | null }>(
    `SELECT min(position) AS first, max(position) AS last FROM events
     WHERE org_id = $1 AND ($2::float8 IS NULL OR received_at >= to_timestamp($2::float8 / 1000))`,
    [orgId, fromMs],
  );
  const [row] = rows;
  return row && row.first !== null && row.last !== null ? { first: row.first, last: row.last } : undefined;
}

export async function insertReplay(
  tx: Transaction,
  row: { id: string; orgId: string; subscriptionId: string; from: number; to: number; actor: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO event_replays (id, org_id, subscription_id, next_position, to_position, created_by)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [row.id, row.orgId, row.subscriptionId, row.from, row.to, row.actor],
  );
}

export type DeadRow = {
  id: string;
  subscriptionId: string;
  workflowName: string;
  trigger: string;
  position: number;
  code: string;
  reason: string;
  at: Date;
  body: string | null;
};

const dead = `SELECT d.id, d.subscription_id AS "subscriptionId", w.name AS "workflowName", s.node_key AS trigger, d.position,
    d.code, d.reason, d.at, e.body
  FROM event_dead d JOIN event_subscriptions s ON s.id = d.subscription_id JOIN workflows w ON w.id = s.workflow_id
    LEFT JOIN events e ON e.org_id = d.org_id AND e.position = d.position WHERE d.org_id = $1`;

export async function listDead(
  tx: Transaction,
  query: { orgId: string; subscription: string | null; before: string | null; limit: number },
): Promise<DeadRow[]> {
  const { rows } = await tx.query<DeadRow>(
    `${dead} AND ($2::uuid IS NULL OR d.subscription_id = $2) AND ($3::uuid IS NULL OR d.id < $3)
     ORDER BY d.id DESC LIMIT $4`,
    [query.orgId, query.subscription, query.before, query.limit],
  );
  return rows;
}

/** Out of the dead letters and into its lane again. False = there is none. */
export async function reviveDead(tx: Transaction, orgId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `WITH gone AS (DELETE FROM event_dead WHERE org_id = $1 AND id = $2 RETURNING *)
     INSERT INTO event_held (subscription_id, org_id, run, position, lane, received_at, first_at)
     SELECT g.subscription_id, g.org_id, 'again/' || g.id, g.position, 'retry/again/' || g.id, e.received_at, e.received_at
     FROM gone g JOIN events e ON e.org_id = g.org_id AND e.position = g.position`,
    [orgId, id],
  );
  return rowCount === 1;
}

export async function deleteDead(tx: Transaction, orgId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query("DELETE FROM event_dead WHERE org_id = $1 AND id = $2", [orgId, id]);
  return rowCount === 1;
}

/** Makes the bus look at its lanes again. */
export async function touchSubscription(tx: Transaction, orgId: string, deadId: string): Promise<void> {
  await tx.query(
    `UPDATE event_subscriptions SET updated_at = clock_timestamp()
     WHERE org_id = $1 AND id = (SELECT subscription_id FROM event_dead WHERE org_id = $1 AND id = $2)`,
    [orgId, deadId],
  );
}
