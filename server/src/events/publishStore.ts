// SQL of publishing. One statement takes the positions and writes the events: what it returns is durable.
import type { Pool, Transaction } from "../platform/db.ts";
import type { NewEvent, Placed } from "./bus.types.ts";

export type Publishing = { orgId: string; events: readonly NewEvent[] };

type Queries = Pick<Pool, "query"> | Pick<Transaction, "query">;

/** In the order given. */
export async function insertEvents(pool: Queries, given: readonly Publishing[]): Promise<Placed[][]> {
  const first = new Map<string, { orgId: string; event: NewEvent; isNew: boolean; position: number }>();
  for (const { orgId, events } of given)
    for (const event of events) {
      const name = nameOf(orgId, event.source, event.id);
      if (!first.has(name)) first.set(name, { orgId, event, isNew: false, position: 0 });
    }
  const rows = [...first.values()];
  const written = await pool.query<{ org: string; source: string; id: string; position: number }>({
    name: "insert-events",
    text: `WITH given AS (
        SELECT g.*, row_number() OVER (PARTITION BY g.org ORDER BY g.place) AS n, count(*) OVER (PARTITION BY g.org) AS size
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
          AS g (org, source, id, type, body, place)
        WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.org_id = g.org AND e.source = g.source AND e.event_id = g.id)),
      streams AS (
        INSERT INTO event_streams AS s (org_id, last_position)
        SELECT org, max(size) FROM given GROUP BY org ORDER BY org
        ON CONFLICT (org_id) DO UPDATE SET last_position = s.last_position + EXCLUDED.last_position
        RETURNING org_id, last_position)
      INSERT INTO events (org_id, position, source, event_id, type, body)
      SELECT g.org, s.last_position - g.size + g.n, g.source, g.id, g.type, g.body
      FROM given g JOIN streams s ON s.org_id = g.org ORDER BY g.org, g.n
      ON CONFLICT (org_id, source, event_id) DO NOTHING
      RETURNING org_id AS org, source, event_id AS id, position`,
    values: [
      rows.map(({ orgId }) => orgId),
      rows.map(({ event }) => event.source),
      rows.map(({ event }) => event.id),
      rows.map(({ event }) => event.type),
      rows.map(({ event }) => JSON.stringify(event)),
    ],
  });
  for (const row of written.rows) {
    const one = first.get(nameOf(row.org, row.source, row.id));
    if (one) Object.assign(one, { isNew: true, position: row.position });
  }
  const known = rows.filter(({ isNew }) => !isNew);
  if (known.length > 0) await findPositions(pool, known);
  // Of two requests with the same event in one statement, the first one is new.
  const seen = new Set<string>();
  return given.map(({ orgId, events }) =>
    events.map((event) => {
      const name = nameOf(orgId, event.source, event.id);
      const { position = 0, isNew = false } = first.get(name) ?? {};
      const isFirst = isNew && !seen.has(name);
      seen.add(name);
      return { position, isNew: isFirst };
    }),
  );
}

async function findPositions(
  pool: Queries,
  known: { orgId: string; event: NewEvent; position: number }[],
): Promise<void> {
  const { rows } = await pool.query<{ place: number; position: number }>({
    name: "event-positions",
    text: `SELECT g.place, e.position FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS g (org, source, id, place)
      JOIN events e ON e.org_id = g.org AND e.source = g.source AND e.event_id = g.id`,
    values: [
      known.map(({ orgId }) => orgId),
      known.map(({ event }) => event.source),
      known.map(({ event }) => event.id),
    ],
  });
  for (const { place, position } of rows) {
    const one = known[place - 1];
    if (one) one.position = position;
  }
}

function nameOf(orgId: string, source: string, id: string): string {
  return `${orgId}\n${source}\n${id}`;
}
