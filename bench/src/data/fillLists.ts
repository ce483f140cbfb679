// Many rows of each kind that a page lists: one of each is made over the API, and copied in the database.
import { ownDatabase } from "../server/ownDatabase.ts";
import type { Server } from "../server/startServer.ts";

/** A time-ordered id for row `i`, one second further back for each; `kind` keeps the ids of kinds apart. */
const idOf = (kind: string) =>
  `(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - i * 1000::bigint), 12, '0') || '7' ||
    substr(md5('${kind}' || i), 1, 3) || '8' || substr(md5('${kind}' || i), 4, 15))`;
const AGO = "now() - i * interval '1 second'";

type Copy = {
  table: string;
  /** From the row that is copied, as SQL of `i`. */
  differing: Record<string, string>;
  /** Which row is copied, where more than one is there. */
  where?: string;
  /** The product allows no more. */
  max?: number;
};

const copies: readonly Copy[] = [
  {
    table: "workflows",
    differing: { id: idOf("workflow"), name: "'Order intake ' || i", updated_at: AGO, created_at: AGO },
    where: "name = 'Order intake'",
  },
  {
    table: "workflow_versions",
    differing: { id: idOf("version"), workflow_id: idOf("workflow") },
    where: "kind = 'draft'",
  },
  {
    table: "workflow_executions",
    differing: {
      id: idOf("execution"),
      status: "CASE WHEN i % 100 = 0 THEN 'failed' ELSE 'succeeded' END",
      error_code: "CASE WHEN i % 100 = 0 THEN 'HTTP_503' END",
      error_message: "CASE WHEN i % 100 = 0 THEN 'The service is busy.' END",
      started_at: AGO,
      completed_at: AGO,
    },
  },
  { table: "tasks", differing: { id: idOf("task"), name: "'Nightly report ' || i", created_at: AGO } },
  {
    table: "schedules",
    differing: {
      id: idOf("schedule"),
      name: "'Every night ' || i",
      paused: "i % 3 = 0",
      next_due: "now() + interval '1 day' + i * interval '1 second'",
      next_fire_at: "now() + interval '1 day' + i * interval '1 second'",
    },
  },
  { table: "connections", differing: { id: idOf("connection"), name: "'Shop ' || i" } },
  {
    table: "events",
    differing: {
      position: "i + 1000",
      event_id: "'event-' || i",
      type: "CASE WHEN i % 10 = 0 THEN 'order.paid' ELSE 'order.placed' END",
      received_at: "now() - interval '1 hour' + i * interval '1 millisecond'",
    },
    where: "source = 'shop'",
  },
  {
    table: "data_table_rows",
    differing: { id: "i + 1", data: "(r.data || jsonb_build_object('c1', 'Customer ' || i))" },
  },
  { table: "data_tables", differing: { id: idOf("table"), name: "'Customers ' || i", row_count: "0" } },
  { table: "variables", differing: { name: "'RATE_' || i" }, max: 400 },
  { table: "alerts", differing: { id: idOf("alert"), key: "'workflow ' || i", opened_at: AGO } },
  {
    table: "incidents",
    differing: { id: idOf("incident"), title: "'Leaked key ' || i", opened_at: AGO },
  },
  {
    table: "users",
    differing: {
      id: "md5('member' || i)::uuid",
      name: "'Member ' || i",
      email: "'m' || i || '@example.com'",
    },
  },
  { table: "memberships", differing: { user_id: "md5('member' || i)::uuid", role: "'viewer'" } },
];

/** Of the log, where rows are counted one by one and hold what they are numbered with. */
const audit = `
  INSERT INTO audit_entries (org_id, seq, entry, hash)
  SELECT r.org_id, head.seq + i, jsonb_set(r.entry::jsonb, '{seq}', to_jsonb(head.seq + i))::text, r.hash
  FROM (SELECT * FROM audit_entries ORDER BY org_id, seq LIMIT 1) r
    JOIN audit_heads head USING (org_id), generate_series(1, $1::int) i`;

/**
 * @param n rows of each kind.
 * @returns the id of the data table that has them.
 */
export async function fillLists(server: Server, folder: string, n: number, note: (text: string) => void) {
  const table = await oneOfEach(server);
  const client = ownDatabase(folder);
  await client.connect();
  try {
    // In one transaction, so that the ids, which are made of the time, are the same for a row and what belongs to it.
    await client.query("BEGIN");
    await client.query(alert);
    await client.query(member);
    for (const copy of copies) {
      note(`${n} rows of ${copy.table}`);
      await client.query(statementOf(copy), [Math.min(n, copy.max ?? n)]);
    }
    note(`${n} entries of the audit log`);
    await client.query(audit, [n]);
    await client.query("UPDATE audit_heads SET seq = (SELECT max(seq) FROM audit_entries)");
    await client.query("UPDATE event_streams SET last_position = $1, routed = $1", [n + 1_000]);
    await client.query("UPDATE data_tables SET row_count = $1, next_row = $1 WHERE id = $2", [n + 2, table]);
    await client.query("COMMIT");
    await client.query("ANALYZE");
  } finally {
    await client.end();
  }
  return table;
}

function statementOf({ table, differing, where = "true" }: Copy): string {
  const pairs = Object.entries(differing).map(([column, sql]) => `'${column}', ${sql}`);
  return `
    INSERT INTO ${table}
    SELECT made.* FROM (SELECT * FROM ${table} WHERE ${where} LIMIT 1) r, generate_series(1, $1::int) i,
      LATERAL jsonb_populate_record(NULL::${table}, to_jsonb(r) || jsonb_build_object(${pairs.join(", ")})) made`;
}

const alert = `
  INSERT INTO alerts (id, org_id, rule_id, key, title, detail)
  SELECT gen_random_uuid(), org_id, id, 'workflow', 'Order intake fails', 'Half of the executions failed.'
  FROM alert_rules LIMIT 1`;

const member = `
  WITH made AS (
    INSERT INTO users (id, name, email) VALUES (gen_random_uuid(), 'Ann', 'ann@example.com') RETURNING id)
  INSERT INTO memberships (org_id, user_id, role) SELECT o.id, made.id, 'owner' FROM organizations o, made LIMIT 1`;

async function oneOfEach({ create, call }: Server): Promise<string> {
  const workflow = await create({
    name: "Order intake",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "keep", type: "set", config: { fields: { seen: true } } },
    ],
    connections: [{ from: "start", to: "keep" }],
  });
  const post = async (path: string, body: Parameters<typeof call>[2]) =>
    (await call("POST", path, body)) as { id: string };
  await post(`/api/v1/workflows/${workflow}/execute?wait=10`, { customer: "Ada" });
  await post("/api/v1/tasks", {
    name: "Nightly report",
    run: { kind: "script", code: "return { ok: true };" },
  });
  await post("/api/v1/schedules", { name: "Every night", workflow, cron: "0 3 * * *" });
  await post("/api/v1/connections", {
    name: "Shop",
    type: "http.bearer",
    values: { token: "a token of the shop" },
    hosts: ["shop.example"],
  });
  await post("/api/v1/events", { source: "shop", type: "order.placed", data: { total: 40 } });
  const { id } = await post("/api/v1/tables", {
    name: "Customers",
    columns: [
      { name: "customer", type: "text" },
      { name: "paid", type: "number" },
    ],
  });
  await post(`/api/v1/tables/${id}/rows`, { rows: [{ customer: "Ada", paid: 40 }] });
  await call("PUT", "/api/v1/variables/RATE", { value: 3 });
  await post("/api/v1/alerts/rules", {
    name: "Too many fail",
    condition: { kind: "failureRate", percent: 50 },
    severity: "critical",
    enabled: false,
  });
  await post("/api/v1/incidents", { title: "Leaked key", severity: "high" });
  return id;
}
