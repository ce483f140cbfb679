// Executions take places of pools: at every start from outside, never more than there are, in order, across restarts; and
// whoever waits is told why. Places are counted from what the journal says was open, not from what the book believes.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { QueryResultRow } from "pg";
import { openPool, type Pool } from "../platform/db.ts";
import { runningServer } from "../testing/runningServer.ts";

let reading: Pool | undefined;
// Registered first: the database counts the connections that are left.
after(() => reading?.end());
const server = await runningServer({ after });
const { call } = server;
reading = openPool(server.database.url, { role: "auraos_engine", name: "test", max: 1 });

async function query<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
  return (await (reading as Pool).query<Row>(text, values)).rows;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1_200; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`it did not come about: ${what}`);
}

type Made = { id: string; name: string };

async function make(name: string, nodes: object[], connections: object[], settings?: object): Promise<Made> {
  const made = await call("POST", "/api/v1/workflows", {
    name,
    nodes,
    connections,
    ...(settings ? { settings } : {}),
  });
  assert.equal(made.status, 201, made.text);
  const published = await call("POST", `/api/v1/workflows/${made.json.id}/publish`, {});
  assert.equal(published.status, 200, published.text);
  return { id: made.json.id, name };
}

const hold = { id: "hold", type: "wait", config: { for: "signal", signal: "go" } };
const manual = { id: "start", type: "trigger.manual", config: {} };

const holding = (name: string, settings?: object) =>
  make(name, [manual, hold], [{ from: "start", to: "hold" }], settings);

async function start(workflow: Made, input: object = {}): Promise<string> {
  const started = await call("POST", `/api/v1/workflows/${workflow.id}/execute`, input);
  assert.equal(started.status, 202, started.text);
  return started.json.id;
}

const go = (id: string) => call("POST", `/api/v1/executions/${id}/signal`, { name: "go" });
const show = async (id: string, more = "") => (await call("GET", `/api/v1/executions/${id}${more}`)).json;
const pool = async (name: string) => (await call("GET", `/api/v1/pools/${name}`)).json;

async function limit(workflow: Made, limits: object): Promise<void> {
  const put = await call("PUT", `/api/v1/workflows/${workflow.id}/limits`, limits);
  assert.equal(put.status, 200, put.text);
}

/** The most that were open at one moment, by the times in the journal. */
async function mostOpen(workflowIds: readonly string[]): Promise<number> {
  const rows = await query<{ most: number }>(
    `WITH edges AS (SELECT started_at AS at, 1 AS step FROM workflow_executions WHERE workflow_id = ANY($1::uuid[])
       UNION ALL SELECT completed_at, -1 FROM workflow_executions
         WHERE workflow_id = ANY($1::uuid[]) AND completed_at IS NOT NULL)
     SELECT max(open)::int AS most FROM (SELECT sum(step) OVER (ORDER BY at, step) AS open FROM edges) o`,
    [workflowIds],
  );
  return rows[0]?.most ?? 0;
}

test("a workflow that names a pool waits for its places, says why, and goes on when one comes back", async () => {
  const workflow = await holding("waits for a pool");
  const unknown = await call("PUT", `/api/v1/workflows/${workflow.id}/limits`, { pool: "nowhere" });
  assert.deepEqual([unknown.status, unknown.json.problems[0].path], [422, "/pool"]);
  assert.equal((await call("PUT", "/api/v1/pools/db", { slots: 2 })).status, 200);
  await limit(workflow, { pool: "db" });
  const { json: limited } = await call("GET", "/api/v1/limits");
  assert.deepEqual(
    limited.items.map(({ workflowName, pool: name, places }: Record<string, unknown>) => [
      workflowName,
      name,
      places,
    ]),
    [[workflow.name, "db", 1]],
  );
  const ids = [await start(workflow), await start(workflow), await start(workflow), await start(workflow)];
  const [first, , third, fourth] = ids as [string, string, string, string];

  await until("two hold places", async () => (await pool("db")).used === 2);
  await until("the last one is told why", async () => (await show(fourth)).queue.before === 1);
  const waiting = await show(third);
  assert.deepEqual([waiting.status, waiting.seq, waiting.version], ["waiting", 0, 1]);
  assert.deepEqual(waiting.queue.pools, ["db"]);
  assert.match(waiting.queue.reason, /^2 of 2 places of "db" are taken, and it needs 1\.$/);
  assert.match((await show(fourth)).queue.reason, /1 comes first\.$/);
  const { json } = await call("GET", "/api/v1/pools/db/waiting");
  assert.deepEqual(
    json.items.map(({ id, kind, position }: { id: string; kind: string; position: number }) => [
      id,
      kind,
      position,
    ]),
    [
      [third, "execution", 1],
      [fourth, "execution", 2],
    ],
  );
  assert.deepEqual(
    json.holders.map(({ name }: Made) => name),
    [workflow.name, workflow.name],
  );

  assert.equal((await call("DELETE", "/api/v1/pools/db")).json.code, "POOL_IN_USE");
  // Withdrawn, it never ran, and nobody loses a place by it.
  assert.equal((await call("POST", `/api/v1/executions/${third}/cancel`, {})).status, 200);
  const cancelled = await show(third, "?wait=20");
  assert.equal(cancelled.status, "cancelled");
  assert.ok(!cancelled.timeline.some(({ node }: { node: string }) => node === "hold"));
  await go(first);
  await until("the fourth begins", async () => (await show(fourth)).queue === undefined);
  await go(fourth);
  assert.equal((await show(fourth, "?wait=20")).status, "succeeded");
  await go(ids[1] as string);
  await until("all places are back", async () => (await pool("db")).used === 0);
});

test("webhook, event, schedule, API and task share one pool and are never more than it has", async () => {
  assert.equal((await call("PUT", "/api/v1/pools/shared", { slots: 3 })).status, 200);
  const pause = { id: "pause", type: "wait", config: { for: "duration", seconds: 0.04 } };
  const hook = await make(
    "by webhook",
    [{ id: "in", type: "trigger.webhook", config: { path: "pooled", respond: "immediately" } }, pause],
    [{ from: "in", to: "pause" }],
  );
  const event = await make(
    "by event",
    [{ id: "in", type: "trigger.event", config: { types: ["pooled.thing"] } }, pause],
    [{ from: "in", to: "pause" }],
  );
  const plain = await make("by hand", [manual, pause], [{ from: "start", to: "pause" }]);
  const scheduled = await make("by schedule", [manual, pause], [{ from: "start", to: "pause" }]);
  const tasked = await make("by task", [manual, pause], [{ from: "start", to: "pause" }]);
  const all = [hook, event, plain, scheduled, tasked];
  for (const workflow of all) await limit(workflow, { pool: "shared" });

  const schedule = await call("POST", "/api/v1/schedules", {
    name: "often",
    workflow: scheduled.id,
    interval: "1s",
    overlap: "allow",
  });
  assert.equal(schedule.status, 201, schedule.text);
  const task = await call("POST", "/api/v1/tasks", {
    name: "pooled task",
    run: { kind: "workflow", workflow: tasked.id },
  });
  assert.equal(task.status, 201, task.text);
  const starts: Promise<unknown>[] = [];
  for (let n = 0; n < 12; n += 1) {
    starts.push(call("POST", "/hooks/pooled", { n }).then((r) => assert.ok(r.status < 300, r.text)));
    starts.push(
      call("POST", "/api/v1/events", [{ type: "pooled.thing", data: { n } }]).then((r) =>
        assert.ok(r.status < 300, r.text),
      ),
    );
    starts.push(start(plain, { n }));
    starts.push(
      call("POST", `/api/v1/tasks/${task.json.id}/execute`, {}).then((r) =>
        assert.ok(r.status < 300, r.text),
      ),
    );
  }
  await Promise.all(starts);
  await until("everything has ended", async () => {
    const rows = await query<{ workflow: string; done: number }>(
      `SELECT workflow_id AS workflow, count(*)::int AS done FROM workflow_executions
       WHERE workflow_id = ANY($1::uuid[]) AND status = 'succeeded' GROUP BY 1`,
      [all.map(({ id }) => id)],
    );
    const done = new Map(rows.map((row) => [row.workflow, row.done]));
    return (
      [hook, event, plain, tasked].every(({ id }) => done.get(id) === 12) &&
      (done.get(scheduled.id) ?? 0) >= 1
    );
  });
  assert.equal((await call("DELETE", `/api/v1/schedules/${schedule.json.id}`)).status, 204);
  const most = await mostOpen(all.map(({ id }) => id));
  assert.ok(most <= 3, `${most} were open at once`);
  await until("all places are back", async () => (await pool("shared")).used === 0);
});

test("after a restart those that are open hold their places, and those that waited wait on in their order", async () => {
  assert.equal((await call("PUT", "/api/v1/pools/restarted", { slots: 1 })).status, 200);
  const workflow = await holding("restarted");
  await limit(workflow, { pool: "restarted" });
  const ids = [await start(workflow), await start(workflow), await start(workflow)];
  await server.restart();
  await until("all are known again", async () => {
    const { used, waiting } = await pool("restarted");
    return used === 1 && waiting === 2;
  });
  for (const [at, id] of ids.entries()) {
    for (const later of ids.slice(at + 1)) assert.ok((await show(later)).queue, "it began too early");
    assert.equal((await go(id)).status, 200);
    assert.equal((await show(id, "?wait=20")).status, "succeeded");
    const next = ids[at + 1];
    if (next) await until("the next one begins", async () => (await show(next)).queue === undefined);
  }
  assert.ok((await mostOpen([workflow.id])) === 1);
});

test("priority goes first, a pool of a workflow takes its starts unasked, and a paused pool starts nothing", async () => {
  const [low, high] = [await holding("low"), await holding("high")];
  await call("PUT", "/api/v1/pools/ordered", { slots: 1, paused: true });
  await limit(low, { pool: "ordered" });
  await limit(high, { pool: "ordered", priority: 5 });
  const own = await call("PUT", "/api/v1/pools/own", { scope: "workflow", scopeId: high.id, slots: 5 });
  assert.equal(own.status, 200, own.text);
  const second = await start(low);
  const first = await start(high);
  // It is accepted once it is stored, and comes to the gate right after that.
  await until("it is told why", async () => /"ordered" is paused/.test((await show(first)).queue.reason));
  assert.deepEqual((await show(first)).queue.pools.toSorted(), ["ordered", "own"]);
  await call("PUT", "/api/v1/pools/ordered", { slots: 1 });
  await until("the more urgent one begins", async () => (await show(first)).queue === undefined);
  assert.ok((await show(second)).queue);
  assert.equal((await pool("own")).used, 1);
  await go(first);
  await until("the other one begins", async () => (await show(second)).queue === undefined);
  await go(second);
});

test("a rate spreads starts, and says when the next one may come", async () => {
  const workflow = await make("rated", [manual], []);
  await call("PUT", "/api/v1/pools/rated", { rate: { count: 2, seconds: 1 } });
  await limit(workflow, { pool: "rated" });
  const askedMs = Date.now();
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) ids.push(await start(workflow));
  for (const id of ids) assert.equal((await show(id, "?wait=20")).status, "succeeded");
  const rows = await query<{ at: number }>(
    `SELECT (extract(epoch FROM started_at) * 1000)::float8 AS at FROM workflow_executions WHERE workflow_id = $1
     ORDER BY started_at`,
    [workflow.id],
  );
  // The journal has the turn after the place was taken, so what it says can only be later: two in the first second, two more
  // in the next one.
  const at = rows.map((row) => row.at - askedMs);
  for (const [index, sinceMs] of at.entries())
    assert.ok(sinceMs >= Math.floor(index / 2) * 1000, at.join(" "));
});

test("places of a workflow are counted by its key", async () => {
  const workflow = await holding("by customer", {
    concurrency: { limit: 1, overlap: "queue", key: "{{ $json.customer }}" },
  });
  const a = await start(workflow, { customer: "a" });
  const again = await start(workflow, { customer: "a" });
  const b = await start(workflow, { customer: "b" });
  await until("another customer is not held up", async () => (await show(b)).timeline?.length === 2);
  assert.match((await show(again)).queue.reason, /has 1 open execution for "a" at a time/);
  for (const id of [a, b]) await go(id);
  await until("the second of the first begins", async () => (await show(again)).queue === undefined);
  await go(again);
  assert.equal((await show(again, "?wait=20")).status, "succeeded");
});
