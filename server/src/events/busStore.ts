// SQL of the bus: streams, pages of events, subscriptions, and what is written when a page was routed.
import type { JsonObject } from "@auraos/kernel";
import { type Pool, type Transaction, transaction } from "../platform/db.ts";
import type { StoredEvent, SubscriptionRow } from "./bus.types.ts";

export const subscriptionColumns = `s.id, s.org_id AS "orgId", s.env_id AS "envId", s.workflow_id AS "workflowId",
  w.name AS "workflowName", s.node_key AS node, s.spec, s.since, s.paused, s.updated_at::text AS mark`;

/** Of workflows that are published. */
export async function listSubscriptionRows(pool: Pool): Promise<SubscriptionRow[]> {
  const { rows } = await pool.query<SubscriptionRow>(
    `SELECT ${subscriptionColumns} FROM event_subscriptions s JOIN workflows w ON w.id = s.workflow_id`,
  );
  return rows;
}

export type Stream = { orgId: string; routed: number; lastPosition: number };

export async function listBehind(pool: Pool): Promise<Stream[]> {
  const { rows } = await pool.query<Stream>({
    name: "streams-behind",
    text: `SELECT org_id AS "orgId", routed, last_position AS "lastPosition" FROM event_streams WHERE routed < last_position`,
  });
  return rows;
}

type EventRow = { position: number; type: string; source: string; body: string; receivedMs: number };
const eventColumns = `position, type, source, body, (extract(epoch FROM received_at) * 1000)::float8 AS "receivedMs"`;

export async function readEvents(
  pool: Pool,
  query: { orgId: string; after: number; to: number; limit: number },
): Promise<StoredEvent[]> {
  const { rows } = await pool.query<EventRow>({
    name: "read-events",
    text: `SELECT ${eventColumns} FROM events WHERE org_id = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4`,
    values: [query.orgId, query.after, query.to, query.limit],
  });
  return rows.map(eventOf);
}

export async function findEvents(
  pool: Pool,
  orgId: string,
  positions: readonly number[],
): Promise<Map<number, StoredEvent>> {
  const { rows } = await pool.query<EventRow>({
    name: "find-events",
    text: `SELECT ${eventColumns} FROM events WHERE org_id = $1 AND position = ANY($2::bigint[])`,
    values: [orgId, positions],
  });
  return new Map(rows.map((row) => [row.position, eventOf(row)]));
}

export function eventOf({ body, ...row }: EventRow): StoredEvent {
  return { ...row, json: { ...(JSON.parse(body) as JsonObject), position: row.position } };
}

export type Held = {
  subscriptionId: string;
  position: number;
  lane: string;
  receivedMs: number;
  /** Of the first event whose place a later one took. */
  firstMs: number;
  dueMs: number | null;
  /** Takes the place of what waits in its lane (debounce). */
  replaces: boolean;
};
export type Dead = { id: string; subscriptionId: string; position: number; code: string; reason: string };
export type Tally = { subscriptionId: string; matched: number; dropped: number };
export type Gate = { subscriptionId: string; lane: string; atMs: number };

export type Routed = {
  /** Who does not lead any more moves nothing. */
  epoch: number;
  orgId: string;
  /** '' = the stream itself, else the id of a replay. */
  run: string;
  from: number;
  to: number;
  held: readonly Held[];
  dead: readonly Dead[];
  gates: readonly Gate[];
  tallies: readonly Tally[];
};

/** False: somebody else routed this page, or leads. What it returns is how many events gave their place to later ones. */
export async function writeRouted(pool: Pool, routed: Routed): Promise<boolean> {
  const { epoch, orgId, run, from, to } = routed;
  if (routed.held.length + routed.dead.length + routed.gates.length === 0 && run === "") {
    return moveCursor(pool, routed);
  }
  return transaction(pool, async (tx) => {
    if (!(await moveCursor(tx, { epoch, orgId, run, from, to, tallies: routed.tallies }))) return false;
    await writeHeld(tx, orgId, run, routed.held);
    await writeDead(tx, orgId, routed.dead);
    await writeGates(tx, orgId, routed.gates);
    return true;
  });
}

/** Read without a lock: several statements follow, and a process that stalls between them must not hold up the next leader. */
async function moveCursor(
  tx: Pool | Transaction,
  { epoch, orgId, run, from, to, tallies }: Omit<Routed, "held" | "dead" | "gates">,
): Promise<boolean> {
  const count = `, t AS (UPDATE event_subscriptions s SET matched = s.matched + t.matched, dropped = s.dropped + t.dropped,
      last_event_at = CASE WHEN t.matched > 0 THEN now() ELSE s.last_event_at END
    FROM unnest($4::uuid[], $5::int[], $6::int[]) AS t (id, matched, dropped), m WHERE s.id = t.id)`;
  const move =
    run === ""
      ? "UPDATE event_streams SET routed = $3 WHERE org_id = $1 AND routed = $2 AND EXISTS (SELECT 1 FROM lease) RETURNING 1"
      : "UPDATE event_replays SET next_position = $3 + 1 WHERE org_id = $1 AND id = $8 AND next_position = $2 + 1 AND EXISTS (SELECT 1 FROM lease) RETURNING 1";
  const { rowCount } = await tx.query({
    name: run === "" ? "event-routed" : "event-replayed",
    text: `WITH lease AS (SELECT 1 FROM engine_lease WHERE id = 1 AND epoch = $7), m AS (${move}) ${count} SELECT 1 FROM m`,
    values: [
      orgId,
      from,
      to,
      tallies.map(({ subscriptionId }) => subscriptionId),
      tallies.map(({ matched }) => matched),
      tallies.map(({ dropped }) => dropped),
      epoch,
      ...(run === "" ? [] : [run]),
    ],
  });
  return rowCount === 1;
}

async function writeHeld(tx: Transaction, orgId: string, run: string, held: readonly Held[]): Promise<void> {
  if (held.length === 0) return;
  const columns = (rows: readonly Held[]) => [
    orgId,
    run,
    rows.map(({ subscriptionId }) => subscriptionId),
    rows.map(({ position }) => position),
    rows.map(({ lane }) => lane),
    rows.map(({ receivedMs }) => receivedMs),
    rows.map(({ firstMs }) => firstMs),
    rows.map(({ dueMs }) => dueMs),
  ];
  const given = `unnest($3::uuid[], $4::bigint[], $5::text[], $6::float8[], $7::float8[], $8::float8[])
    AS g (subscription, position, lane, received, first, due)`;
  const insert = (from: string, first: string) => `
    INSERT INTO event_held (subscription_id, org_id, run, position, lane, received_at, first_at, due_at)
    SELECT g.subscription, $1, $2, g.position, g.lane, to_timestamp(g.received / 1000), ${first}, to_timestamp(g.due / 1000)
    FROM ${from} JOIN event_subscriptions s ON s.id = g.subscription ON CONFLICT DO NOTHING`;
  const added = held.filter(({ replaces }) => !replaces);
  const replacing = held.filter(({ replaces }) => replaces);
  if (added.length > 0) await tx.query(insert(given, "to_timestamp(g.first / 1000)"), columns(added));
  if (replacing.length > 0)
    await tx.query(
      `WITH old AS (DELETE FROM event_held h USING ${given}
          WHERE h.subscription_id = g.subscription AND h.lane = g.lane AND h.run = $2 AND h.release IS NULL
          RETURNING h.subscription_id, h.lane, h.first_at)
       ${insert(
         `${given} LEFT JOIN old ON old.subscription_id = g.subscription AND old.lane = g.lane`,
         "coalesce(old.first_at, to_timestamp(g.first / 1000))",
       )}`,
      columns(replacing),
    );
}

export async function writeDead(tx: Pool | Transaction, orgId: string, dead: readonly Dead[]): Promise<void> {
  if (dead.length === 0) return;
  await tx.query(
    `INSERT INTO event_dead (id, org_id, subscription_id, position, code, reason)
     SELECT g.id, $1, g.subscription, g.position, g.code, g.reason
     FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[]) AS g (id, subscription, position, code, reason)
       JOIN event_subscriptions s ON s.id = g.subscription`,
    [
      orgId,
      dead.map(({ id }) => id),
      dead.map(({ subscriptionId }) => subscriptionId),
      dead.map(({ position }) => position),
      dead.map(({ code }) => code.slice(0, 100)),
      dead.map(({ reason }) => reason.slice(0, 2000)),
    ],
  );
}

export async function writeGates(
  tx: Pool | Transaction,
  orgId: string,
  gates: readonly Gate[],
): Promise<void> {
  if (gates.length === 0) return;
  await tx.query(
    `INSERT INTO event_gates (subscription_id, org_id, lane, at_ms)
     SELECT g.subscription, $1, g.lane, g.at FROM unnest($2::uuid[], $3::text[], $4::float8[]) AS g (subscription, lane, at)
       JOIN event_subscriptions s ON s.id = g.subscription
     ON CONFLICT (subscription_id, lane) DO UPDATE SET at_ms = EXCLUDED.at_ms`,
    [
      orgId,
      gates.map(({ subscriptionId }) => subscriptionId),
      gates.map(({ lane }) => lane),
      gates.map(({ atMs }) => atMs),
    ],
  );
}

export async function readGates(
  pool: Pool,
  keys: readonly { subscriptionId: string; lane: string }[],
): Promise<Gate[]> {
  const { rows } = await pool.query<Gate>(
    `SELECT g.subscription_id AS "subscriptionId", g.lane, g.at_ms AS "atMs" FROM event_gates g
     JOIN unnest($1::uuid[], $2::text[]) AS k (id, lane) ON g.subscription_id = k.id AND g.lane = k.lane`,
    [keys.map(({ subscriptionId }) => subscriptionId), keys.map(({ lane }) => lane)],
  );
  return rows;
}

/** Nobody has moved the cursor that the page begins at. */
export async function isAt(
  pool: Pool,
  { orgId, run, from }: Pick<Routed, "orgId" | "run" | "from">,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    run === ""
      ? "SELECT 1 FROM event_streams WHERE org_id = $1 AND routed = $2"
      : "SELECT 1 FROM event_replays WHERE org_id = $1 AND next_position = $2::bigint + 1 AND id = $3",
    run === "" ? [orgId, from] : [orgId, from, run],
  );
  return rowCount === 1;
}

export type Replay = { id: string; orgId: string; subscriptionId: string; next: number; to: number };

export async function listReplays(pool: Pool): Promise<Replay[]> {
  const { rows } = await pool.query<Replay>(
    `SELECT id, org_id AS "orgId", subscription_id AS "subscriptionId", next_position AS next, to_position AS to
     FROM event_replays`,
  );
  return rows;
}

/** What the lanes of replays begin with that are their own. */
export const REPLAY = "replay/";

/** What the lanes of a replay begin with that are its own. */
export function replayLanes(id: string): string {
  return `${REPLAY}${id}/`;
}

/** It is over, and what it counted goes with it. */
export async function deleteReplay(pool: Pool, { id, subscriptionId }: Replay): Promise<void> {
  await pool.query(
    `WITH gates AS (DELETE FROM event_gates WHERE subscription_id = $2 AND starts_with(lane, $3))
     DELETE FROM event_replays WHERE id = $1`,
    [id, subscriptionId, replayLanes(id)],
  );
}

export type EventWait = { orgId: string; executionId: string; wait: string; signal: string };

/** Executions that wait for events: their waits carry what they wait for as title. */
/** Open ones; `openedMs` of those that were opened after `through` of the happenings less `overlapMs`, null of others. */
export async function listEventWaits(
  pool: Pool,
  overlapMs: number,
): Promise<(EventWait & { openedMs: number | null })[]> {
  const { rows } = await pool.query<EventWait & { openedMs: number | null }>(
    `SELECT org_id AS "orgId", execution_id AS "executionId", wait, title AS signal,
       CASE WHEN opened_at >= (SELECT through FROM event_happenings) - make_interval(secs => $1) IS NOT FALSE
         THEN (extract(epoch FROM opened_at) * 1000)::float8 END AS "openedMs"
     FROM waits WHERE closed_at IS NULL AND kind = 'signal' AND title LIKE 'event:%'`,
    [overlapMs / 1000],
  );
  return rows;
}

/** The position up to which events were given to subscriptions and waits. */
export async function readRouted(pool: Pool, orgId: string): Promise<number> {
  const { rows } = await pool.query<{ routed: number }>(
    "SELECT routed FROM event_streams WHERE org_id = $1",
    [orgId],
  );
  return rows[0]?.routed ?? 0;
}
