// A backfill that has to wait, because its workflow may not start so often, does not hold back what the schedule fires by itself.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { openPool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { hello } from "../testing/workflows.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";

const WITHIN_MS = 60_000;
let scheduler: Scheduler | undefined;
after(async () => {
  await scheduler?.stop();
  await Promise.all([pool.end(), admin.end()]);
});
const server = await runningServer({ after });
const { deps } = server.running;
const pool = openPool(server.database.url, { role: "auraos_engine", name: "schedules", max: 2 });
const admin = new pg.Client({ connectionString: server.database.url });
await admin.connect();

const MINUTE = 60_000;
const T0 = Date.parse("2026-02-03T04:00:00Z");

test("of a backfill and a fire that is due, the fire comes first when one of them may start", async () => {
  await deps.schedules.stop();
  const made = await server.call("POST", "/api/v1/workflows", hello);
  assert.equal(made.status, 201, made.text);
  const limits = { rate: { count: 1, seconds: 86_400 } };
  const put = await server.call("PUT", `/api/v1/workflows/${made.json.id}/limits`, limits);
  assert.equal(put.status, 200, put.text);
  const body = { name: "each minute", workflow: hello.name, cron: "* * * * *", overlap: "allow" };
  const { json, status, text } = await server.call("POST", "/api/v1/schedules", body);
  assert.equal(status, 201, text);
  await admin.query(
    `UPDATE schedules SET next_due = to_timestamp($2::float8 / 1000), next_fire_at = to_timestamp($2::float8 / 1000),
       updated_at = clock_timestamp() WHERE id = $1`,
    [json.id, T0],
  );
  for (const [key, back] of [
    ["one", 2],
    ["two", 1],
  ] as const)
    await admin.query(
      `INSERT INTO schedule_fires (id, org_id, schedule_id, key, kind, due, outcome, overlap)
       SELECT gen_random_uuid(), org_id, id, $2, 'backfill', to_timestamp($3::float8 / 1000), 'buffered', 'allow'
       FROM schedules WHERE id = $1`,
      [json.id, key, T0 - back * MINUTE],
    );
  scheduler = createScheduler({
    ...{ pool, engine: deps.engine, published: deps.published, newId: deps.newId, log: () => {} },
    nowMs: () => T0 + 10,
  });
  let outcomes: string[] = [];
  await until(async () => {
    const { rows } = await admin.query<{ said: string }>(
      "SELECT kind || ' ' || outcome AS said FROM schedule_fires WHERE schedule_id = $1 ORDER BY due",
      [json.id],
    );
    outcomes = rows.map(({ said }) => said);
    return outcomes.some((one) => one.endsWith("started"));
  }, WITHIN_MS);
  assert.deepEqual(outcomes, ["backfill buffered", "backfill buffered", "schedule started"]);
});
