// A schedule that is paused because its executions fail, and the event that tells of it: both are there, or neither.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { openPool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { failing } from "../testing/workflows.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";

let scheduler: Scheduler | undefined;
after(async () => {
  await scheduler?.stop();
  await Promise.all([pool.end(), admin.end()]);
});
const server = await runningServer({ after });
const { deps } = server.running;
await deps.schedules.stop();
const pool = openPool(server.database.url, { role: "auraos_engine", name: "schedules", max: 2 });
const admin = new pg.Client({ connectionString: server.database.url });
await admin.connect();
await server.call("POST", "/api/v1/workflows", failing);

type Standing = { paused: boolean; failures: number; events: string[] };

/** In one look. */
async function standing(id: string): Promise<Standing> {
  const { rows } = await admin.query<Standing>(
    `SELECT paused, failures, ARRAY(SELECT body FROM events e WHERE e.type = 'auraos.schedule.paused'
       AND starts_with(e.event_id, s.id || '/paused/')) AS events FROM schedules s WHERE s.id = $1`,
    [id],
  );
  return rows[0] as Standing;
}

test("an event that cannot be written holds the pause back, and both are written once it can", async () => {
  const body = { name: "sick", workflow: "failing", interval: "1h", pauseAfterFailures: 1 };
  const { json } = await server.call("POST", "/api/v1/schedules", body);
  const refused: Standing[] = [];
  const query = (text: string, values?: unknown[]) => pool.query(text, values);
  const connect = async () => {
    const client = await pool.connect();
    const asked = async (given: { name?: string }, values?: unknown[]) => {
      if (given.name !== "insert-events" || refused.length > 0)
        return client.query(given as pg.QueryConfig, values);
      refused.push(await standing(json.id));
      throw new Error("the connection was lost");
    };
    return Object.assign(Object.create(client), { query: asked, release: () => client.release() });
  };
  const looks: Standing[] = [];
  scheduler = createScheduler({
    ...{ engine: deps.engine, published: deps.published, newId: deps.newId, log: () => {} },
    ...{ pool: Object.assign(Object.create(pool), { query, connect }), nowMs: Date.now },
  });
  await admin.query(
    "UPDATE schedules SET next_due = now(), next_fire_at = now(), updated_at = clock_timestamp() WHERE id = $1",
    [json.id],
  );
  await scheduler.sync();
  await until(async () => {
    looks.push(await standing(json.id));
    return looks.at(-1)?.paused;
  });
  assert.deepEqual([refused[0]?.paused, refused[0]?.events], [false, []]);
  for (const { paused, events } of looks) assert.equal(events.length, paused ? 1 : 0);
  const { data } = JSON.parse(looks.at(-1)?.events[0] ?? "{}");
  assert.deepEqual([data.scheduleId, data.name, data.workflowName], [json.id, "sick", "failing"]);
  assert.match(data.reason, /^1 execution has failed; the last was .*No way\. \(NO_WAY\)/);
  const { rows } = await admin.query("SELECT execution_id FROM schedule_fires WHERE schedule_id = $1", [
    json.id,
  ]);
  assert.equal(data.executionId, rows[0].execution_id);
});
