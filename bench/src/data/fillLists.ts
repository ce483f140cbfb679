// Many rows of each kind that a page lists: one of each is made over the API, and copied in the database.
import { ownDatabase } from "../server/ownDatabase.ts";
import type { Server } from "../server/startServer.ts";
import { type Copy, copies, links } from "./listCopies.ts";
import { type Filled, oneOfEach } from "./oneOfEach.ts";

/** Of the log, where rows are counted one by one and hold what they are numbered with. */
const audit = `
  INSERT INTO audit_entries (org_id, seq, entry, hash)
  SELECT r.org_id, head.seq + i, jsonb_set(r.entry::jsonb, '{seq}', to_jsonb(head.seq + i))::text, r.hash
  FROM (SELECT * FROM audit_entries ORDER BY org_id, seq LIMIT 1) r
    JOIN audit_heads head USING (org_id), generate_series(1, $1::int) i`;

/**
 * @param n rows of each kind.
 * @returns the ids of what has them.
 */
export async function fillLists(
  server: Server,
  folder: string,
  n: number,
  note: (text: string) => void,
): Promise<Filled> {
  const filled = await oneOfEach(server);
  const client = ownDatabase(folder);
  await client.connect();
  try {
    // In one transaction, so that the ids, which are made of the time, are the same for a row and what belongs to it.
    await client.query("BEGIN");
    for (const statement of made) await client.query(statement);
    for (const copy of copies) {
      note(`${n} rows of ${copy.table}`);
      await client.query(statementOf(copy), [Math.min(n, copy.max ?? n)]);
    }
    note(`${n} dependencies of tasks`);
    await client.query(links, [n]);
    note(`${n} entries of the audit log`);
    await client.query(audit, [n]);
    await client.query("UPDATE audit_heads SET seq = (SELECT max(seq) FROM audit_entries)");
    await client.query("UPDATE event_streams SET last_position = $1, routed = $1", [n + 1_000]);
    await client.query("UPDATE data_tables SET row_count = $1, next_row = $1 WHERE id = $2", [
      n + 2,
      filled.table,
    ]);
    await client.query("COMMIT");
    await client.query("ANALYZE");
  } finally {
    await client.end();
  }
  return filled;
}

function statementOf({ table, differing, where = "true" }: Copy): string {
  const pairs = Object.entries(differing).map(([column, sql]) => `'${column}', ${sql}`);
  return `
    INSERT INTO ${table}
    SELECT made.* FROM (SELECT * FROM ${table} WHERE ${where} LIMIT 1) r, generate_series(1, $1::int) i,
      LATERAL jsonb_populate_record(NULL::${table}, to_jsonb(r) || jsonb_build_object(${pairs.join(", ")})) made`;
}

/** What no address makes, or not at once: one of each, in the database. */
const made = [
  `INSERT INTO alerts (id, org_id, rule_id, key, title, detail)
   SELECT gen_random_uuid(), org_id, id, 'workflow', 'Order intake fails', 'Half of the executions failed.'
   FROM alert_rules LIMIT 1`,
  `WITH made AS (
     INSERT INTO users (id, name, email) VALUES (gen_random_uuid(), 'Ann', 'ann@example.com') RETURNING id)
   INSERT INTO memberships (org_id, user_id, role) SELECT o.id, made.id, 'owner' FROM organizations o, made LIMIT 1`,
  `INSERT INTO event_dead (id, org_id, subscription_id, position, code, reason)
   SELECT gen_random_uuid(), org_id, id, 1, 'START_REFUSED', 'The workflow was busy.' FROM event_subscriptions LIMIT 1`,
  `INSERT INTO security_findings (id, org_id, kind, key, severity, title, detail)
   SELECT gen_random_uuid(), id, 'newPlace', 'place', 'info', 'Ann signed in from a new place', 'From 203.0.113.7.'
   FROM organizations LIMIT 1`,
  `INSERT INTO backup_runs (id, kind, state, started_by, started_at, ended_at)
   VALUES (gen_random_uuid(), 'backup', 'failed', 'the server', now(), now())`,
  `INSERT INTO legal_holds (id, org_id, kind, target_id, reason, placed_by, released_by, released_at)
   SELECT gen_random_uuid(), org_id, 'workflow', id, 'A case.', 'Ann', 'Ann', now() FROM workflows LIMIT 1`,
  `INSERT INTO reveals (id, org_id, execution_id, workflow_id, reason, revealed_by)
   SELECT gen_random_uuid(), org_id, id, workflow_id, 'A complaint.', 'Ann' FROM workflow_executions LIMIT 1`,
  `INSERT INTO schedule_fires (id, org_id, schedule_id, key, kind, due, outcome, ended)
   SELECT gen_random_uuid(), org_id, id, 'first', 'schedule', now(), 'started', 'succeeded' FROM schedules LIMIT 1`,
];
