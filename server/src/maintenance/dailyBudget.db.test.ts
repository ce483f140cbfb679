// The daily budget on a real engine and a real PostgreSQL, with a clock of the test's own: midnight of the organization's zone,
// several at once, a clock that is set back, a server that takes over.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import type { Engine } from "../engine/engine.types.ts";
import { openPool } from "../platform/db.ts";
import { runningServer } from "../testing/runningServer.ts";
import { hello } from "../testing/workflows.ts";
import { type Guard, guardStarts } from "./guardStarts.ts";

const guards: Guard[] = [];
after(() => Promise.all([...guards.map((guard) => guard.stop()), pool.end(), admin.end()]));
const server = await runningServer({ after });
const { deps } = server.running;
const pool = openPool(server.database.url, { role: "auraos_engine", name: "budget", max: 2 });
const admin = new pg.Client({ connectionString: server.database.url });
await admin.connect();
const { json: made } = await server.call("POST", "/api/v1/workflows", hello);
const orgId = (await admin.query("SELECT org_id FROM workflows WHERE id = $1", [made.id])).rows[0].org_id;
const envId = (await admin.query("SELECT id FROM environments WHERE org_id = $1", [orgId])).rows[0].id;
const target = await deps.published.find(orgId, made.id);
assert.ok(target);
// The server's own guard has looked, and looks no more: only the one under test, with its clock, knows limits.
assert.equal((await server.call("POST", `/api/v1/workflows/${made.id}/execute?wait=20`, {})).status, 200);
await deps.guard.stop();

const HOUR = 3_600_000;
/** 02:30 of tomorrow in Riyadh: executions are stamped by the real clock, and that is long before this day. */
const T0 = Math.ceil(Date.now() / (24 * HOUR)) * 24 * HOUR + 23.5 * HOUR;
let now = T0;

function guarded(): Engine {
  const quiet = { freezes: { of: () => undefined, isAny: () => false }, disk: { state: () => undefined } };
  const parts = { pool, nowMs: () => now, log: () => {}, isOff: false, onPause: () => {}, ...quiet };
  const { engine, guard } = guardStarts(deps.engine, parts);
  guards.push(guard);
  return engine;
}

const start = (engine: Engine) =>
  engine.start({ orgId, envId, ...target, mode: "production", actor: "test", cause: "test", items: [] });

async function limit(columns: string): Promise<void> {
  await admin.query("DELETE FROM workflow_limits");
  await admin.query(`INSERT INTO workflow_limits (org_id, workflow_id, ${columns.split("=")[0]})
    VALUES ('${orgId}', '${made.id}', ${columns.split("=")[1]})`);
}

test("the budget of a day lasts until midnight of the organization's zone, and begins anew there", async () => {
  await admin.query("UPDATE organizations SET timezone = 'Asia/Riyadh' WHERE id = $1", [orgId]);
  await limit("daily_max = 2");
  const engine = guarded();
  const kinds = async (count: number) =>
    (await Promise.all(Array.from({ length: count }, () => start(engine))))
      .map(({ kind }) => kind)
      .toSorted();
  // Midnight in Riyadh is 21:00 UTC: 23:30 UTC is 02:30 of its next day.
  assert.deepEqual(await kinds(3), ["refused", "started", "started"]);
  const midnightUtc = T0 + 0.5 * HOUR;
  now = midnightUtc + 1;
  const refused = await start(engine);
  assert.ok(refused.kind === "refused");
  assert.equal(refused.code, "DAILY_LIMIT");
  const nextMidnight = midnightUtc + 21 * HOUR;
  assert.equal(
    refused.remedy,
    `Try again at ${new Date(nextMidnight).toISOString()} (midnight in Asia/Riyadh), or raise the budget.`,
  );
  now = nextMidnight - 1;
  assert.equal((await start(engine)).kind, "refused");
  now = nextMidnight;
  assert.deepEqual(await kinds(3), ["refused", "started", "started"]);
});

test("a clock that is set back over midnight gives the budget of that day once, and a rate holds nobody longer than it says", async () => {
  await admin.query("UPDATE organizations SET timezone = 'UTC' WHERE id = $1", [orgId]);
  await admin.query("DELETE FROM workflow_executions");
  await limit("daily_max = 2");
  // The real day: what is started stands in the table with the real time.
  const today = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR;
  now = Date.now();
  const engine = guarded();
  assert.equal((await start(engine)).kind, "started");
  now = today + 25 * HOUR;
  assert.equal((await start(engine)).kind, "started");
  now = today + 23 * HOUR;
  // Two stand in the table for this day; several ask at once.
  const kinds = (await Promise.all([1, 2, 3].map(() => start(engine)))).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["refused", "refused", "refused"]);

  await limit("rate_count, rate_seconds = 1, 60");
  const rated = guarded();
  now = T0;
  assert.equal((await start(rated)).kind, "started");
  now = T0 - HOUR;
  const refused = await start(rated);
  assert.ok(refused.kind === "refused");
  assert.deepEqual(
    [refused.code, refused.remedy],
    ["RATE_LIMIT", `Try again at ${new Date(now + 60_000).toISOString()}.`],
  );
  now += 60_000;
  assert.equal((await start(rated)).kind, "started");
});

test("who takes over counts what the table has of this day", async () => {
  await admin.query("UPDATE organizations SET timezone = 'UTC' WHERE id = $1", [orgId]);
  await limit("daily_max = 1");
  now = Date.now();
  assert.equal((await start(guarded())).kind, "refused");
  now += 24 * HOUR;
  assert.equal((await start(guarded())).kind, "started");
});
