// How the rows of long lists are made of the first one of each kind.

/** A time-ordered id for the row, one second further back for each; `kind` keeps the ids of kinds apart. */
const idOf = (kind: string, row = "i") =>
  `(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - ${row} * 1000::bigint), 12, '0') || '7' ||
    substr(md5('${kind}' || ${row}), 1, 3) || '8' || substr(md5('${kind}' || ${row}), 4, 15))`;
const AGO = "now() - i * interval '1 second'";

export type Copy = {
  table: string;
  /** From the row that is copied, as SQL of `i`. */
  differing: Record<string, string>;
  /** Which row is copied, where more than one is there. */
  where?: string;
  /** The product allows no more. */
  max?: number;
};

export const copies: readonly Copy[] = [
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
  {
    table: "tasks",
    differing: { id: idOf("task"), name: "'Nightly report ' || i", created_at: AGO },
    where: "name = 'Nightly report'",
  },
  {
    table: "schedules",
    differing: {
      id: idOf("schedule"),
      name: "'Every night ' || i",
      paused: "i % 3 = 0",
      // Every second one fires all day.
      spec: `CASE WHEN i % 2 = 0 THEN r.spec ELSE jsonb_set(r.spec::jsonb, '{cron}', '"*/5 * * * *"')::text END`,
      next_due: "now() + interval '1 hour' + i * interval '1 second'",
      next_fire_at: "now() + interval '1 hour' + i * interval '1 second'",
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
  {
    table: "memberships",
    differing: {
      user_id: "md5('member' || i)::uuid",
      role: "CASE WHEN i % 1000 = 0 THEN 'admin' ELSE 'viewer' END",
    },
  },
  {
    table: "workflow_versions",
    differing: { id: idOf("published"), kind: "'published'", version: "i + 1" },
    where: "kind = 'published'",
  },
  { table: "waits", differing: { wait: "'wait ' || i", opened_at: AGO } },
  {
    table: "task_executions",
    differing: {
      id: idOf("run"),
      key: "'copy ' || i",
      flow_id: "NULL",
      created_at: AGO,
      updated_at: AGO,
    },
    where: "status = 'waiting'",
  },
  { table: "schedule_fires", differing: { id: idOf("fire"), key: "'copy ' || i", due: AGO, fired_at: AGO } },
  { table: "event_subscriptions", differing: { id: idOf("subscription"), node_key: "'on ' || i" } },
  { table: "event_held", differing: { position: "i + 1000" } },
  { table: "event_dead", differing: { id: idOf("dead"), position: "i + 1000", at: AGO } },
  {
    table: "api_keys",
    differing: { id: idOf("key"), name: "'Key ' || i", sha256: "sha256(('key ' || i)::bytea)" },
    where: "name = 'Key'",
  },
  {
    table: "invitations",
    differing: {
      id: idOf("invitation"),
      email: "'i' || i || '@example.com'",
      sha256: "sha256(('invitation ' || i)::bytea)",
    },
  },
  { table: "security_findings", differing: { id: idOf("finding"), key: "'place ' || i", last_at: AGO } },
  { table: "backup_runs", differing: { id: idOf("backup"), started_at: AGO, ended_at: AGO } },
  { table: "legal_holds", differing: { id: idOf("hold"), target_id: idOf("workflow"), placed_at: AGO } },
  { table: "reveals", differing: { id: idOf("reveal"), at: AGO } },
  { table: "workflow_limits", differing: { workflow_id: idOf("workflow") } },
];

/** Flows of ten tasks, each after the one before it. */
export const links = `
  INSERT INTO task_dependencies (org_id, task_id, needs_task_id, condition, place)
  SELECT t.org_id, ${idOf("task")}::uuid, ${idOf("task", "(i + 1)")}::uuid, 'success', 0
  FROM (SELECT org_id FROM tasks LIMIT 1) t, generate_series(1, $1::int - 1) i WHERE i % 10 <> 0`;
