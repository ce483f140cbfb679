// SQL of what is held: the lanes, the next ones of a lane, and what became of them.
import { type Pool, transaction } from "../platform/db.ts";
import { type Dead, writeDead, writeGates } from "./busStore.ts";

export type HeldRow = {
  run: string;
  position: number;
  receivedMs: number;
  firstMs: number;
  release: number | null;
  dueMs: number | null;
  attempts: number;
  executionId: string | null;
};

export async function listLanes(pool: Pool): Promise<{ subscriptionId: string; lane: string }[]> {
  const { rows } = await pool.query<{ subscriptionId: string; lane: string }>(
    `SELECT DISTINCT subscription_id AS "subscriptionId", lane FROM event_held`,
  );
  return rows;
}

export type LaneHead = { rows: HeldRow[]; gateMs: number | null };

/** The next ones and the gate in front of them, as of one moment: whoever takes an event away closes the gate with it. */
export async function readLane(
  pool: Pool,
  lane: { subscriptionId: string; lane: string },
  limit: number,
): Promise<LaneHead> {
  const { rows } = await pool.query<HeldRow & { gateMs: number | null }>({
    name: "read-lane",
    text: `SELECT run, position, (extract(epoch FROM received_at) * 1000)::float8 AS "receivedMs",
        (extract(epoch FROM first_at) * 1000)::float8 AS "firstMs", release,
        (extract(epoch FROM due_at) * 1000)::float8 AS "dueMs", attempts, execution_id AS "executionId",
        (SELECT at_ms FROM event_gates WHERE subscription_id = $1 AND lane = $2) AS "gateMs"
      FROM event_held WHERE subscription_id = $1 AND lane = $2 ORDER BY position, run LIMIT $3`,
    values: [lane.subscriptionId, lane.lane, limit],
  });
  return { rows, gateMs: rows[0]?.gateMs ?? null };
}

type Place = { run: string; position: number };
type Group = { subscriptionId: string; rows: readonly Place[] };

const places = (group: Group) => [
  group.subscriptionId,
  group.rows.map(({ run }) => run),
  group.rows.map(({ position }) => position),
];
const inGroup = `h.subscription_id = $1 AND (h.run, h.position) IN (SELECT * FROM unnest($2::text[], $3::bigint[]))`;

/**
 * From now on these start together, whatever comes: all of them or, when one is gone or starts with others already, none.
 * True = all.
 */
export async function seal(pool: Pool, group: Group, release: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `WITH free AS (SELECT run, position FROM event_held h WHERE ${inGroup} AND release IS NULL ORDER BY position, run FOR UPDATE)
     UPDATE event_held h SET release = $4 FROM free f
     WHERE h.subscription_id = $1 AND h.run = f.run AND h.position = f.position AND (SELECT count(*) FROM free) = $5`,
    [...places(group), release, group.rows.length],
  );
  return rowCount === group.rows.length;
}

/**
 * Started: gone, and with a gate when the next one may start. The gate is moved by who takes the event away; whoever
 * comes later, as one that does not lead any more may, knew an older gate.
 */
export async function settle(
  pool: Pool,
  group: Group & { orgId: string },
  gate?: { lane: string; atMs: number },
): Promise<void> {
  if (gate === undefined) {
    await pool.query(`DELETE FROM event_held h WHERE ${inGroup}`, places(group));
    return;
  }
  await transaction(pool, async (tx) => {
    const { rowCount } = await tx.query(`DELETE FROM event_held h WHERE ${inGroup}`, places(group));
    if (rowCount === 0) return;
    await writeGates(tx, group.orgId, [{ subscriptionId: group.subscriptionId, ...gate }]);
  });
}

/** Started, and in the way of the next one until it ends. */
export async function markRunning(pool: Pool, group: Group, executionId: string): Promise<void> {
  await pool.query(`UPDATE event_held h SET execution_id = $4 WHERE ${inGroup}`, [
    ...places(group),
    executionId,
  ]);
}

export async function putOff(
  pool: Pool,
  group: Group,
  dueMs: number,
  why: { code: string; reason: string },
): Promise<void> {
  await pool.query(
    `UPDATE event_held h SET attempts = attempts + 1, due_at = to_timestamp($4::float8 / 1000), refusal_code = $5, refusal = $6
     WHERE ${inGroup}`,
    [...places(group), dueMs, why.code.slice(0, 100), why.reason.slice(0, 1_000)],
  );
}

export async function bury(
  pool: Pool,
  group: Group & { orgId: string },
  why: { code: string; reason: string; newId: () => string },
): Promise<void> {
  await transaction(pool, async (tx) => {
    await tx.query(`DELETE FROM event_held h WHERE ${inGroup}`, places(group));
    const dead = group.rows.map(({ position }): Dead => {
      const { code, reason } = why;
      return { id: why.newId(), subscriptionId: group.subscriptionId, position, code, reason };
    });
    await writeDead(tx, group.orgId, dead);
  });
}

export async function isOpen(pool: Pool, executionId: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: "is-open",
    text: "SELECT 1 FROM open_executions WHERE execution_id = $1",
    values: [executionId],
  });
  return (rowCount ?? 0) > 0;
}
