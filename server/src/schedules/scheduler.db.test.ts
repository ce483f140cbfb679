// The scheduler on a real engine and a real PostgreSQL, with a clock of the test's own: crashes, downtimes, overlap,
// two at once, a thousand at once.
import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import pg from "pg";
import { openPool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { failing, hello, waitsForSignal } from "../testing/workflows.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import type { SchedulerParts } from "./scheduler.types.ts";

after(() => Promise.all([pool.end(), admin.end()]));
const server = await runningServer({ after });
const { deps } = server.running;
await deps.schedules.stop();
const pool = openPool(server.database.url, { role: "auraos_engine", name: "schedules", max: 2 });
const admin = new pg.Client({ connectionString: server.database.url });
await admin.connect();
const workflows = new Map<string, string>();
for (const definition of [hello, failing, waitsForSignal]) {
  const { json } = await server.call("POST", "/api/v1/workflows", definition);
  workflows.set(definition.name, json.id);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The beginning of an hour, long ago. */
const T0 = Date.parse("2026-02-03T04:00:00Z");
let now = T0;
let schedulers: Scheduler[] = [];
const real = { pool, engine: deps.engine, published: deps.published, newId: deps.newId, log: () => {} };

function run(parts: Partial<SchedulerParts> = {}): Scheduler {
  const made = createScheduler({ ...real, nowMs: () => now, ...parts });
  schedulers.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(schedulers.map((one) => one.stop()));
  schedulers = [];
  await admin.query("DELETE FROM schedules");
  const { rows } = await admin.query("SELECT execution_id AS id FROM open_executions");
  for (const { id } of rows) await deps.engine.deliver(id, { type: "TerminateRequested" });
});

/** A schedule whose next fire is due at `dueMs`. */
async function schedule(workflow: string, more: Record<string, unknown>, dueMs: number): Promise<string> {
  const body = { name: workflow, workflow, cron: "* * * * *", ...more };
  const { json, text, status } = await server.call("POST", "/api/v1/schedules", body);
  assert.equal(status, 201, text);
  await admin.query(
    `UPDATE schedules SET next_due = to_timestamp($2::float8 / 1000), next_fire_at = to_timestamp($2::float8 / 1000),
       updated_at = clock_timestamp() WHERE id = $1`,
    [json.id, dueMs],
  );
  return json.id;
}

type Fire = {
  due: Date;
  outcome: string;
  count: number;
  reason: string | null;
  executionId: string | null;
  ended: string | null;
};

async function fires(id: string): Promise<Fire[]> {
  const { rows } = await admin.query<Fire>(
    `SELECT due, outcome, count, reason, execution_id AS "executionId", ended FROM schedule_fires
     WHERE schedule_id = $1 ORDER BY due, id`,
    [id],
  );
  return rows;
}

const outcomes = (rows: Fire[]) => rows.map(({ outcome }) => outcome);
const settled = (id: string, ...wanted: string[]) =>
  until(async () => {
    const rows = await fires(id);
    return outcomes(rows).join() === wanted.join() && rows;
  });
const nextDue = async (id: string): Promise<number> =>
  (await admin.query("SELECT next_due FROM schedules WHERE id = $1", [id])).rows[0].next_due?.getTime();
const executionsOf = async (id: string): Promise<string[]> =>
  (
    await admin.query("SELECT cause FROM workflow_executions WHERE cause LIKE $1 ORDER BY 1", [
      `schedule/${id}/%`,
    ])
  ).rows.map(({ cause }) => cause);
const quiet = () => new Promise((resolve) => setTimeout(resolve, 500));

test("killed between the start and the advance: started once, and written down afterwards", async () => {
  const id = await schedule("hello", {}, T0);
  now = T0 + 10;
  let kills = 0;
  const first = run({
    engine: {
      ...deps.engine,
      start: async (request) => {
        await deps.engine.start(request);
        kills += 1;
        throw new Error("killed");
      },
    },
  });
  await until(async () => kills > 0);
  await first.stop();
  assert.deepEqual(await fires(id), []);
  assert.equal(await nextDue(id), T0);
  assert.equal((await executionsOf(id)).length, 1);

  run();
  const [fire] = await settled(id, "started");
  assert.equal(await nextDue(id), T0 + MINUTE);
  assert.equal((await executionsOf(id)).length, 1);
  assert.equal(fire?.due.getTime(), T0);
  await until(async () => (await fires(id))[0]?.ended === "succeeded");
});

test("the same, found so late that the start key is gone", async () => {
  const id = await schedule("hello", { missed: "all", end: new Date(T0).toISOString() }, T0);
  now = T0;
  const key = `schedule/${id}/${new Date(T0).toISOString()}`;
  const target = await deps.published.find(server.running.orgId, workflows.get("hello") ?? "");
  assert.ok(target);
  await deps.engine.start({
    ...{ orgId: server.running.orgId, envId: server.running.envId, ...target, mode: "production" },
    ...{ items: [{ json: {} }], actor: "schedule", cause: key },
  });
  now = T0 + 30 * 24 * HOUR;
  run();
  await settled(id, "started");
  assert.equal((await executionsOf(id)).length, 1);
});

test("two schedulers at once: each fire once", async () => {
  const id = await schedule("hello", { cron: "* * * * * *", overlap: "allow" }, T0);
  now = T0 - 500;
  run();
  run();
  for (let second = 0; second < 20; second += 1) {
    now += 1000;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await until(async () => (await nextDue(id)) === T0 + 20_000);
  await quiet();
  const causes = await executionsOf(id);
  assert.equal(causes.length, 20);
  assert.equal(new Set(causes).size, 20);
  assert.equal((await fires(id)).length, 20);
});

test("a standby fires nothing", async () => {
  const id = await schedule("hello", {}, T0);
  now = T0 + 10;
  run({ engine: { ...deps.engine, status: () => ({ ...deps.engine.status(), state: "standby" }) } });
  await quiet();
  assert.deepEqual(await fires(id), []);
});

test("a clock that goes back fires nothing again; one that jumps forward is a downtime", async () => {
  const id = await schedule("hello", { overlap: "allow" }, T0);
  now = T0 + 10;
  const scheduler = run();
  await settled(id, "started");
  now = T0 - HOUR;
  await scheduler.sync();
  await quiet();
  now = T0 + 10;
  await quiet();
  assert.equal((await executionsOf(id)).length, 1);
  now = T0 + 2 * HOUR + 10;
  const rows = await settled(id, "started", "missed", "started", "started");
  assert.equal(rows[1]?.count, 118);
  assert.equal(await nextDue(id), T0 + 2 * HOUR + MINUTE);
});

const downtimes = { "1 hour": 1, "1 day": 24, "1 month": 24 * 30 };
for (const [name, hours] of Object.entries(downtimes))
  for (const missed of ["all", "last", "none", "window"] as const)
    test(`down for ${name}, missed: ${missed}`, async () => {
      const window = missed === "window" ? { missedWindowSeconds: 3 * 3600 } : {};
      const id = await schedule("hello", { cron: "0 * * * *", missed, overlap: "allow", ...window }, T0);
      now = T0 + hours * HOUR + 30 * MINUTE;
      run();
      await until(async () => (await nextDue(id)) === T0 + (hours + 1) * HOUR, 240_000);
      const rows = await fires(id);
      const started = rows.filter(({ outcome }) => outcome === "started");
      const given = rows.filter(({ outcome }) => outcome === "missed");
      const wanted = { all: hours + 1, last: 1, none: 0, window: Math.min(3, hours + 1) }[missed];
      assert.equal(started.length, wanted);
      assert.equal(
        given.reduce((sum, { count }) => sum + count, 0),
        hours + 1 - wanted,
      );
      for (const { reason } of given) assert.match(reason ?? "", new RegExp(`missed: ${missed}`));
      assert.equal((await executionsOf(id)).length, wanted);
      const [cause] = (await executionsOf(id)).slice(-1);
      if (wanted > 0) assert.equal(cause, `schedule/${id}/${new Date(T0 + hours * HOUR).toISOString()}`);
    });

test("what was missed can be backfilled, and the history keeps both", async () => {
  const id = await schedule("hello", { cron: "0 * * * *", missed: "last" }, T0);
  now = T0 + 3 * HOUR + 30 * MINUTE;
  const scheduler = run();
  await settled(id, "missed", "started");
  const range = { from: new Date(T0).toISOString(), to: new Date(now).toISOString() };
  const reply = await server.call("POST", `/api/v1/schedules/${id}/backfill`, range);
  assert.deepEqual([reply.status, reply.json.count], [202, 3]);
  await scheduler.sync();
  const rows = await until(async () => {
    const found = await fires(id);
    return outcomes(found).filter((one) => one === "started").length === 4 && found;
  });
  assert.equal(rows.length, 5);
  assert.equal((await executionsOf(id)).length, 4);
});

test("made up for, one after the other where nothing may overlap, and marked as missed", async () => {
  const id = await schedule("hello", { cron: "0 * * * *", missed: "all", overlap: "skip" }, T0);
  now = T0 + 20 * HOUR + 30 * MINUTE;
  run();
  await until(async () => (await nextDue(id)) === T0 + 21 * HOUR, 20_000);
  const rows = await fires(id);
  assert.deepEqual(new Set(outcomes(rows)), new Set(["started"]));
  assert.equal(rows.length, 21);
  const input = (await server.call("GET", `/api/v1/executions/${rows[3]?.executionId}/input`)).json;
  const item = Array.isArray(input) ? input[0] : input;
  assert.equal((item.json ?? item).missed, true);
});

/** Due at T0, T0 + 1 min, ... with the first execution open. */
async function overlapping(
  overlap: string,
  count: number,
): Promise<{ id: string; end: (index: number) => Promise<void> }> {
  const id = await schedule("waits for a signal", { overlap }, T0);
  now = T0 + 10;
  run();
  await settled(id, "started");
  for (let index = 1; index < count; index += 1) {
    now += MINUTE;
    await until(async () => (await nextDue(id)) === T0 + (index + 1) * MINUTE);
  }
  const end = async (index: number) => {
    const { executionId } = (await fires(id))[index] ?? {};
    await deps.engine.deliver(executionId ?? "", { type: "CancelRequested" });
  };
  return { id, end };
}

test("overlap skip", async () => {
  const { id, end } = await overlapping("skip", 3);
  const rows = await settled(id, "started", "skipped", "skipped");
  assert.match(rows[1]?.reason ?? "", /is still open/);
  await end(0);
  await until(async () => (await fires(id))[0]?.ended === "cancelled");
  now += MINUTE;
  await settled(id, "started", "skipped", "skipped", "started");
});

test("overlap bufferOne", async () => {
  const { id, end } = await overlapping("bufferOne", 3);
  await settled(id, "started", "buffered", "skipped");
  await end(0);
  await settled(id, "started", "started", "skipped");
});

test("overlap bufferAll, over a restart", async () => {
  const { id, end } = await overlapping("bufferAll", 4);
  await settled(id, "started", "buffered", "buffered", "buffered");
  await Promise.all(schedulers.map((one) => one.stop()));
  await end(0);
  run();
  await settled(id, "started", "started", "buffered", "buffered");
  await end(1);
  await settled(id, "started", "started", "started", "buffered");
  await end(2);
  await settled(id, "started", "started", "started", "started");
});

for (const [overlap, status] of [
  ["cancelOther", "cancelled"],
  ["terminateOther", "terminated"],
] as const)
  test(`overlap ${overlap}`, async () => {
    const { id } = await overlapping(overlap, 3);
    await settled(id, "started", "started", "started");
    await until(async () => (await fires(id)).map(({ ended }) => ended).join() === `${status},${status},`);
  });

test("overlap allow", async () => {
  const { id } = await overlapping("allow", 3);
  await settled(id, "started", "started", "started");
  assert.deepEqual(
    (await fires(id)).map(({ ended }) => ended),
    [null, null, null],
  );
});

test("repeated failure pauses, with the reason, and resuming begins anew", async () => {
  const id = await schedule("failing", { pauseAfterFailures: 3 }, T0);
  now = T0 + 10;
  const scheduler = run();
  for (let index = 0; index < 3; index += 1) {
    await until(async () => (await fires(id)).filter(({ ended }) => ended === "failed").length === index + 1);
    now += MINUTE;
  }
  const paused = await until(async () => {
    const { json } = await server.call("GET", `/api/v1/schedules/${id}`);
    return json.status === "paused" && json;
  });
  assert.match(paused.pauseReason, /^3 executions in a row have failed; the last was .*No way\. \(NO_WAY\)/);
  assert.equal(paused.pausedBy, "scheduler");
  now += 5 * MINUTE;
  await quiet();
  assert.equal((await fires(id)).length, 3);
  const resumed = (await server.call("POST", `/api/v1/schedules/${id}/resume`)).json;
  assert.deepEqual([resumed.status, resumed.failures, resumed.pauseReason], ["active", 0, null]);
  await scheduler.sync();
});

test("reading schedules fails at the very end: they are read again, and fire", async () => {
  const id = await schedule("hello", {}, T0);
  // Whose execution has gone: its end is written down while the schedule is read.
  await admin.query(
    `INSERT INTO schedule_fires (id, org_id, schedule_id, key, kind, due, outcome, execution_id)
     SELECT gen_random_uuid(), org_id, id, 'before', 'schedule', next_due - interval '1 minute', 'started', gen_random_uuid()
     FROM schedules WHERE id = $1`,
    [id],
  );
  now = T0 + 10;
  let failures = 0;
  const query = (asked: { name?: string }) => {
    if (asked.name !== "write-endings" || failures++ > 0) return pool.query(asked as pg.QueryConfig);
    return Promise.reject(new Error("the connection was lost"));
  };
  run({ pool: Object.assign(Object.create(pool), { query }) });
  await settled(id, "started", "started");
  assert.equal((await fires(id))[0]?.ended, "unknown");
  assert.ok(failures > 1);
});

test("a pause that comes while fires are given up: the history names all that did not happen", async () => {
  const id = await schedule("hello", {}, T0);
  // Written in the statement whose cursor the pause kept from moving.
  await admin.query(
    `INSERT INTO schedule_fires (id, org_id, schedule_id, key, kind, due, outcome, count, reason)
     SELECT gen_random_uuid(), org_id, id, $2, 'schedule', next_due, 'missed', 6, 'when nothing ran' FROM schedules WHERE id = $1`,
    [id, `${new Date(T0).toISOString()}/missed`],
  );
  await server.call("POST", `/api/v1/schedules/${id}/pause`);
  assert.equal((await server.call("POST", `/api/v1/schedules/${id}/resume`)).json.status, "active");
  const [given, ...others] = await fires(id);
  assert.deepEqual(others, []);
  assert.ok((given?.count ?? 0) > 6, `${given?.count} fires`);
  assert.match(given?.reason ?? "", /and not settled when the schedule was paused/);
});

test("a workflow that is not published any more: skipped, and said", async () => {
  const other = await server.call("POST", "/api/v1/workflows", { ...hello, name: "for a while" });
  const id = await schedule("for a while", {}, T0);
  await server.call("POST", `/api/v1/workflows/${other.json.id}/unpublish`);
  now = T0 + 10;
  run();
  const [fire] = await settled(id, "skipped");
  assert.match(fire?.reason ?? "", /not published/);
});

test("1,000 schedules that are due at once", async (t) => {
  const id = await schedule("hello", { cron: "* * * * * *" }, T0);
  const due = Math.ceil((Date.now() + 4_000) / 1000) * 1000;
  await admin.query(
    `INSERT INTO schedules (id, org_id, env_id, workflow_id, name, spec, policy, next_due, next_fire_at)
     SELECT gen_random_uuid(), org_id, env_id, workflow_id, 'one of many', '{"cron":"0 0 1 1 *","timezone":"Europe/Berlin"}',
       policy, to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000)
     FROM schedules, generate_series(1, 1000) WHERE id = $1`,
    [id, due],
  );
  await admin.query("DELETE FROM schedules WHERE id = $1", [id]);
  await run({ nowMs: Date.now }).sync();
  const { rows } = await until(async () => {
    const found = await admin.query(
      `SELECT extract(epoch FROM e.started_at - f.due)::float8 * 1000 AS late FROM schedule_fires f
       JOIN schedules s ON s.id = f.schedule_id JOIN workflow_executions e ON e.id = f.execution_id
       WHERE s.name = 'one of many' ORDER BY 1`,
    );
    return found.rows.length === 1000 && found;
  }, 60_000);
  const late = rows.map((row) => row.late as number);
  const show = (share: number) => `${(late[Math.ceil(late.length * share) - 1] ?? 0).toFixed(0)} ms`;
  t.diagnostic(`started after due: median ${show(0.5)}, 99 % ${show(0.99)}, last ${show(1)}`);
  const { rows: counts } = await admin.query(
    "SELECT count(DISTINCT execution_id) AS n FROM schedule_fires f JOIN schedules s ON s.id = f.schedule_id WHERE s.name = 'one of many'",
  );
  assert.equal(counts[0].n, 1000);
});
