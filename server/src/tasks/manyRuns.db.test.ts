// More open runs than one statement takes: whoever comes to lead reads and writes them in parts, of which each comes within the
// time that the database has for an answer, and works.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openPool, type Pool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { createTaskRunner, type TaskRunner } from "./runner.ts";
import { ROWS_MAX } from "./runnerStore.ts";

const WITHIN_MS = 60_000;
let pool: Pool | undefined;
let runner: TaskRunner | undefined;
after(async () => {
  await runner?.stop();
  await pool?.end();
});
const server = await runningServer({ after });
const { call } = server;
const { deps } = server.running;

test("a leader with more open runs than a statement takes reads them all, judges them all, and starts what may start", async () => {
  const task = async (name: string, more: object = {}): Promise<string> => {
    const run = { kind: "node", type: "set", config: { fields: { done: "yes" } } };
    const made = await call("POST", "/api/v1/tasks", { name, run, ...more });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  };
  const execute = async (id: string): Promise<string> => {
    const started = await call("POST", `/api/v1/tasks/${id}/execute`, {});
    assert.equal(started.status, 202, started.text);
    return started.json.runId;
  };
  const free = await task("free");
  await task("first");
  const hanging = await task("hanging", { dependencies: [{ task: "first" }] });
  await deps.tasks.stop();
  const freeRun = await execute(free);
  const copied = await execute(hanging);
  const real = openPool(server.database.url, { role: "auraos_engine", name: "test", max: 2 });
  pool = real;
  const count = 2 * ROWS_MAX;
  await real.query(
    `INSERT INTO task_executions (id, org_id, task_id, env_id, workflow_id, flow_id, kind, key, due, plan, actor, status, started_at)
     SELECT gen_random_uuid(), org_id, task_id, env_id, workflow_id, gen_random_uuid(), 'dependency', 'copy/' || n, due,
       jsonb_set(plan::jsonb, '{needs}', (SELECT jsonb_build_array(jsonb_build_object('taskId', id, 'task', 'first', 'on', 'success'))
         FROM tasks WHERE name = 'first'))::text, actor, 'waiting', NULL
     FROM task_executions, generate_series(1, $2::int) AS n WHERE id = $1`,
    [copied, count],
  );
  const most = { rows: 0, values: 0 };
  const query = async (statement: { text: string; values?: unknown[] }) => {
    const result = await real.query(statement);
    most.rows = Math.max(most.rows, result.rows.length);
    for (const value of statement.values ?? [])
      if (Array.isArray(value)) most.values = Math.max(most.values, value.length);
    return result;
  };
  runner = createTaskRunner({
    ...{ pool: Object.assign(Object.create(real), { query }) as Pool, engine: deps.engine },
    ...{ published: deps.published, newId: deps.newId, nowMs: deps.nowMs },
    ...{ log: () => {}, onChange: () => {}, nodesOf: async () => new Map() },
  });
  const statusOf = async (id: string) => (await call("GET", `/api/v1/tasks/runs/${id}`)).json.status;
  await until(async () => (await statusOf(freeRun)) === "succeeded", WITHIN_MS);
  const { rows } = await real.query(
    `SELECT status, reason, count(*)::int AS runs FROM task_executions WHERE key LIKE 'copy/%' GROUP BY 1, 2`,
  );
  assert.deepEqual(rows, [{ status: "waiting", reason: '"first" has not run yet.', runs: count }]);
  assert.deepEqual(most, { rows: ROWS_MAX, values: ROWS_MAX });
});
