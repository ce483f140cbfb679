// SQL of what is not needed any more: old events, and what keys have used up of their rates.
import type { Pool } from "../platform/db.ts";
import { REPLAY } from "./busStore.ts";

const SWEPT_AT_ONCE = 5_000;

/** Events that nobody needs any more: old, routed, and neither held nor dead letters. */
export async function deleteOldEvents(pool: Pool, beforeMs: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM events e WHERE (org_id, position) IN (
       SELECT e.org_id, e.position FROM event_streams s CROSS JOIN LATERAL (
         SELECT org_id, position, received_at FROM events WHERE org_id = s.org_id AND position <= s.routed
         ORDER BY position LIMIT ${SWEPT_AT_ONCE}) e
       WHERE e.received_at < to_timestamp($1::float8 / 1000)
         AND NOT EXISTS (SELECT 1 FROM retention_policies p WHERE p.org_id = e.org_id AND p.class = 'events')
         AND NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.org_id = e.org_id AND h.released_at IS NULL)
         AND NOT EXISTS (SELECT 1 FROM event_held h WHERE h.org_id = e.org_id AND h.position = e.position)
         AND NOT EXISTS (SELECT 1 FROM event_dead d WHERE d.org_id = e.org_id AND d.position = e.position))`,
    [beforeMs],
  );
  return rowCount ?? 0;
}

const GATES_AT_ONCE = 50_000;
/** Clocks that were set, and events that were received in another order than they stand in, are no affair of a gate that long. */
const GATE_IDLE_MS = 3_600_000;

/**
 * Gates that are open for everything that may still come, so that it makes no difference whether they are there: of keys
 * that perhaps never come again. What is not routed yet counts as of the time it was received; a replay, which counts
 * by times of the past, takes its gates with it when it ends.
 */
export async function deleteIdleGates(pool: Pool, nowMs: number): Promise<number> {
  const { rowCount } = await pool.query(
    `WITH streams AS (
       SELECT s.org_id, least($1::float8, coalesce((
         SELECT extract(epoch FROM e.received_at) * 1000 FROM events e WHERE e.org_id = s.org_id AND e.position > s.routed
         ORDER BY e.position LIMIT 1), $1::float8)) - ${GATE_IDLE_MS} AS before_ms FROM event_streams s)
     DELETE FROM event_gates g WHERE (subscription_id, lane) IN (
       SELECT g.subscription_id, g.lane FROM streams s JOIN event_gates g ON g.org_id = s.org_id
       WHERE g.at_ms < s.before_ms AND NOT starts_with(g.lane, '${REPLAY}') LIMIT ${GATES_AT_ONCE})
     AND EXISTS (SELECT 1 FROM streams s WHERE s.org_id = g.org_id AND g.at_ms < s.before_ms)`,
    [nowMs],
  );
  return rowCount ?? 0;
}
