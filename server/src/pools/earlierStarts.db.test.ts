// A leader that begins counts every start of the runs of tasks for the rates of their pools, those of earlier attempts as well.
import assert from "node:assert/strict";
import { randomUUID as newId } from "node:crypto";
import { after, test } from "node:test";
import { migrate } from "../migrations/migrate.ts";
import { openPool, type Pool } from "../platform/db.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { createPoolGate } from "./gate.ts";

let opened: Pool | undefined;
after(() => opened?.end());
const database = await freshDatabase({ after }, migrate);
opened = openPool(database.url, { role: "auraos_owner", name: "test", max: 1 });
const pool = opened;

const [orgId, taskId] = [newId(), newId()];
await pool.query("INSERT INTO organizations (id, name) VALUES ($1, 'one')", [orgId]);
await pool.query(
  "INSERT INTO tasks (id, org_id, name, type, config) VALUES ($1, $2, 't', 'workflow', '{}')",
  [taskId, orgId],
);

/** Times are seconds ago. */
async function run(status: string, admitted: number, before: number[]): Promise<void> {
  await pool.query(
    `INSERT INTO task_executions (id, org_id, task_id, status, resources, admitted_at, admitted_before)
     SELECT $1, $2, $3, $4, '{"one":1}', now() - make_interval(secs => $5), ARRAY(SELECT now() - make_interval(secs => s) FROM unnest($6::float8[]) s)`,
    [newId(), orgId, taskId, status, admitted, before],
  );
}

/** Whether another run may start, in the eyes of one who begins to lead. */
async function mayStart(): Promise<boolean> {
  const parts = { pool, nowMs: Date.now, log: () => {} };
  const gate = createPoolGate({ ...parts, definitionOf: async () => undefined, keyOf: () => "" });
  after(() => gate.close());
  await gate.open(1);
  const seat = gate.seatOf(1, () => {});
  assert.ok(seat);
  const now = Date.now();
  seat.add({
    ...{ id: newId(), orgId, fairKey: "", priority: 0, sinceMs: now, estimatedMs: 1, places: { one: 1 } },
  });
  return seat.next(now) !== undefined;
}

test("the last and the earlier starts of runs that run, wait for their next attempt, and are over", async () => {
  await pool.query(
    "INSERT INTO pools (org_id, name, scope, rate_count, rate_seconds) VALUES ($1, 'one', 'named', 6, 3600)",
    [orgId],
  );
  await run("running", 60, [120]);
  await run("waiting", 50, [110]);
  await run("failed", 40, [7_200]);
  assert.equal(await mayStart(), true, "five within the hour");
  await pool.query(
    `UPDATE task_executions SET admitted_before = admitted_before || (now() - interval '30 minutes') WHERE status = 'failed'`,
  );
  assert.equal(await mayStart(), false, "six within the hour");
});
