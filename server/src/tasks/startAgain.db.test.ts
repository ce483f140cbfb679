// A start whose answer is lost is asked for again a moment later. By then it may have been done and have ended, and its run wait
// for its next attempt: that is not to begin early, and without places.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openPool, type Pool } from "../platform/db.ts";
import { systemTimers } from "../platform/timers.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { createTaskRunner, type TaskRunner } from "./runner.ts";

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

test("a start that is asked for again after its end does not begin the next attempt", async () => {
  await deps.tasks.stop();
  const workflow = await call("POST", "/api/v1/workflows?publish=1", {
    name: "fails when it is told",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "hold", type: "wait", config: { for: "signal", signal: "go" } },
      { id: "stop", type: "stop", config: { message: "no" } },
    ],
    connections: [
      { from: "start", to: "hold" },
      { from: "hold", to: "stop" },
    ],
  });
  assert.equal(workflow.status, 201, workflow.text);
  const made = await call("POST", "/api/v1/tasks", {
    name: "fails",
    run: { kind: "workflow", workflow: workflow.json.id },
    retry: { attempts: 2, delaySeconds: 3_600 },
    recovery: [{ code: "*", action: "retry" }],
  });
  assert.equal(made.status, 201, made.text);
  const started = await call("POST", `/api/v1/tasks/${made.json.id}/execute`, {});
  assert.equal(started.status, 202, started.text);

  const real = openPool(server.database.url, { role: "auraos_engine", name: "test", max: 2 });
  pool = real;
  const runOf = async () =>
    (
      await real.query(
        "SELECT status, attempt, execution_id AS execution FROM task_executions WHERE id = $1",
        [started.json.runId],
      )
    ).rows[0];
  let lost = 0;
  const query = async (statement: { name?: string; text: string; values?: unknown[] }) => {
    const result = await real.query(statement);
    if (statement.name !== "task-note-executions" || lost > 0) return result;
    lost += 1;
    throw new Error("the answer was lost");
  };
  let [asked, starts] = [0, 0];
  const timers = {
    ...systemTimers,
    // The moment in which it is asked for again comes when the run waits for its next attempt, on the slowest machine too.
    after: (delayMs: number, act: () => void) => {
      if (delayMs !== 1_000) return systemTimers.after(delayMs, act);
      void until(async () => (await runOf()).attempt === 2, WITHIN_MS).then(() => {
        act();
        asked += 1;
      });
      return () => {};
    },
  };
  const published = {
    ...deps.published,
    find: (orgId: string, workflowId: string) => {
      starts += 1;
      return deps.published.find(orgId, workflowId);
    },
  };
  runner = createTaskRunner({
    ...{
      pool: Object.assign(Object.create(real), { query }) as Pool,
      engine: deps.engine,
      published,
      timers,
    },
    ...{
      newId: deps.newId,
      nowMs: deps.nowMs,
      log: () => {},
      onChange: () => {},
      nodesOf: async () => new Map(),
    },
  });
  await until(async () => lost === 1, WITHIN_MS);
  const told = await call("POST", `/api/v1/executions/${(await runOf()).execution}/signal`, { name: "go" });
  assert.ok(told.status < 300, told.text);
  await until(async () => asked === 1, WITHIN_MS);
  assert.deepEqual([lost, starts], [1, 1]);
  assert.deepEqual(await runOf(), { status: "waiting", attempt: 2, execution: null });
});
