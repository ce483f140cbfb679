// Fires that were started by a scheduler which died before it wrote them down: whatever the schedule would do with them now,
// they have begun.
import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import pg from "pg";
import { openPool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { failing, hello, waitsForSignal } from "../testing/workflows.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";

after(() => Promise.all([pool.end(), admin.end()]));
const server = await runningServer({ after });
const { deps, orgId, envId } = server.running;
await deps.schedules.stop();
const pool = openPool(server.database.url, { role: "auraos_engine", name: "schedules", max: 2 });
const admin = new pg.Client({ connectionString: server.database.url });
await admin.connect();
const queueing = {
  ...{ ...waitsForSignal, name: "one at a time" },
  settings: { concurrency: { limit: 1, overlap: "queue" } },
};
const workflows = new Map<string, string>();
for (const definition of [hello, failing, waitsForSignal, queueing]) {
  const { json, status, text } = await server.call("POST", "/api/v1/workflows", definition);
  assert.equal(status, 201, text);
  workflows.set(definition.name, json.id);
}

const MINUTE = 60_000;
const T0 = Date.parse("2026-02-03T04:00:00Z");
const now = T0 + 10;
const schedulers: Scheduler[] = [];

function run(): Scheduler {
  const made = createScheduler({
    ...{ pool, engine: deps.engine, published: deps.published, newId: deps.newId, log: () => {} },
    nowMs: () => now,
  });
  schedulers.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(schedulers.splice(0).map((one) => one.stop()));
  await admin.query("DELETE FROM schedules");
  const { rows } = await admin.query("SELECT execution_id AS id FROM open_executions");
  for (const { id } of rows) await deps.engine.deliver(id, { type: "TerminateRequested" });
});

/** Due at T0. */
async function schedule(workflow: string, more: Record<string, unknown>): Promise<string> {
  const body = { name: workflow, workflow, cron: "* * * * *", ...more };
  const { json, text, status } = await server.call("POST", "/api/v1/schedules", body);
  assert.equal(status, 201, text);
  await admin.query(
    `UPDATE schedules SET next_due = to_timestamp($2::float8 / 1000), next_fire_at = to_timestamp($2::float8 / 1000),
       updated_at = clock_timestamp() WHERE id = $1`,
    [json.id, T0],
  );
  return json.id;
}

/** As a scheduler does it that dies before it comes to write it down. */
async function begin(scheduleId: string, workflow: string, dueMs: number): Promise<string> {
  const cause = `schedule/${scheduleId}/${new Date(dueMs).toISOString()}`;
  const target = await deps.published.find(orgId, workflows.get(workflow) ?? "");
  assert.ok(target);
  const started = await deps.engine.start({
    ...{ orgId, envId, ...target, mode: "production", items: [{ json: {} }], actor: "schedule", cause },
    key: { key: cause, requestHash: "schedule", ttlMs: 7 * 86_400_000 },
  });
  assert.equal(started.kind, "started");
  return (started as { executionId: string }).executionId;
}

async function buffer(scheduleId: string, dueMs: number, kind: "schedule" | "backfill"): Promise<void> {
  await admin.query(
    `INSERT INTO schedule_fires (id, org_id, schedule_id, key, kind, due, outcome, overlap)
     SELECT gen_random_uuid(), org_id, id, $2, $3::text, to_timestamp($4::float8 / 1000), 'buffered',
       CASE WHEN $3::text = 'backfill' THEN 'bufferAll' END FROM schedules WHERE id = $1`,
    [scheduleId, new Date(dueMs).toISOString(), kind, dueMs],
  );
}

type Fire = {
  dueMs: number;
  outcome: string;
  executionId: string | null;
  ended: string | null;
  reason: string;
};

async function fires(id: string): Promise<Fire[]> {
  const { rows } = await admin.query<Fire>(
    `SELECT (extract(epoch FROM due) * 1000)::float8 AS "dueMs", outcome, execution_id AS "executionId", ended, reason
     FROM schedule_fires WHERE schedule_id = $1 ORDER BY due, id`,
    [id],
  );
  return rows;
}

const settled = (id: string, ...wanted: string[]) =>
  until(async () => {
    const rows = await fires(id);
    return rows.map(({ outcome }) => outcome).join() === wanted.join() && rows;
  });

test("the fire that is due has begun: a backfill waits for it, and does not make it skip", async () => {
  const id = await schedule("waits for a signal", { overlap: "skip" });
  await buffer(id, T0 - MINUTE, "backfill");
  const executionId = await begin(id, "waits for a signal", T0);
  run();
  const [, fire] = await settled(id, "buffered", "started");
  assert.equal(fire?.executionId, executionId);
  await deps.engine.deliver(executionId, { type: "CancelRequested" });
  await settled(id, "started", "started");
});

test("one that waited has begun: a later fire cancels it instead of taking its place", async () => {
  const id = await schedule("waits for a signal", { overlap: "cancelOther" });
  await buffer(id, T0 - MINUTE, "schedule");
  const executionId = await begin(id, "waits for a signal", T0 - MINUTE);
  run();
  const [first] = await settled(id, "started", "started");
  assert.equal(first?.executionId, executionId);
  await until(async () => (await fires(id))[0]?.ended === "cancelled");
});

test("it was paused before it was written down: the history has it all the same, and how it ended", async () => {
  const id = await schedule("failing", { pauseAfterFailures: 5 });
  const executionId = await begin(id, "failing", T0);
  await until(async () => (await deps.engine.waitFor(executionId, 1_000))?.kind === "finished");
  await server.call("POST", `/api/v1/schedules/${id}/pause`);
  run();
  await settled(id, "started");
  const [fire] = await until(async () => {
    const rows = await fires(id);
    return rows[0]?.ended === "failed" && rows;
  });
  assert.equal(fire?.executionId, executionId);
  const { rows } = await admin.query("SELECT next_due, failures, paused FROM schedules WHERE id = $1", [id]);
  assert.equal(rows[0].next_due.getTime(), T0 + MINUTE);
  assert.deepEqual([rows[0].failures, rows[0].paused], [1, true]);
});

test("it waits for its place in the workflow: it has begun, and is open", async () => {
  const id = await schedule("one at a time", { overlap: "skip" });
  await begin(id, "one at a time", T0 - 10 * MINUTE);
  const executionId = await begin(id, "one at a time", T0);
  await buffer(id, T0 - MINUTE, "backfill");
  run();
  const [, fire] = await settled(id, "buffered", "started");
  assert.deepEqual([fire?.executionId, fire?.ended], [executionId, null]);
});
