// Tasks through the API and the runner: made, refused, run in order, retried, watched, found again after a restart.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { openPool, type Pool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { createTaskRunner } from "./runner.ts";

const peer = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  const answer = answers.get(request.url ?? "")?.shift() ?? 200;
  response
    .writeHead(answer, { "content-type": "application/json" })
    .end(JSON.stringify([{ id: "a1", n: 1 }]));
});
const seen: string[] = [];
const answers = new Map<string, number[]>();
peer.listen(0, "127.0.0.1");
await once(peer, "listening");
after(() => peer.close());
const port = (peer.address() as AddressInfo).port;
// Before the hook of the server, so that it is closed when the database goes.
let database: Pool | undefined;
after(() => database?.end());
const server = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: `127.0.0.1:${port}` });
database = openPool(server.database.url, { role: "auraos_owner", name: "test", max: 2 });
const query = (text: string, values: unknown[] = []) => (database as Pool).query(text, values);
const path = "/api/v1/tasks";
const call = (method: string, at: string, body?: unknown, headers?: Record<string, string>) =>
  server.call(method, at, body, headers);

type Run = {
  id: string;
  taskName: string;
  status: string;
  reason: string | null;
  percent: number;
  attempt: number;
};

async function make(name: string, more: Record<string, unknown> = {}): Promise<string> {
  const run = { kind: "script", code: `return { done: ${JSON.stringify(name)} };` };
  const { status, json } = await call("POST", path, { name, run, ...more });
  assert.equal(status, 201, JSON.stringify(json));
  return json.id as string;
}

async function ended(runId: string): Promise<Run> {
  let run: Run | undefined;
  await until(async () => {
    run = (await call("GET", `${path}/runs/${runId}`)).json as Run;
    return !["waiting", "queued", "running"].includes(run.status);
    // A script begins a process of its own, which a busy machine takes its time for.
  }, 60_000);
  return run as Run;
}

async function flowEnds(flowId: string): Promise<Map<string, Run>> {
  let runs: Run[] = [];
  await until(async () => {
    runs = (await call("GET", `${path}/runs?flow=${flowId}`)).json.items as Run[];
    return runs.every(({ status }) => !["waiting", "queued", "running"].includes(status));
  });
  return new Map(runs.map((run) => [run.taskName, run]));
}

test("a script, a node and a workflow each run, with result, progress and the blueprint's columns", async () => {
  await call("POST", "/api/v1/workflows", {
    name: "Adder",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "add", type: "set", config: { fields: { sum: "{{ $json.a + $json.b }}" } } },
    ],
    connections: [{ from: "start", to: "add" }],
  });
  const script = await make("script", {
    run: { kind: "script", code: "return { twice: $items[0].json.n * 2 };", input: { n: 21 } },
  });
  const node = await make("node", {
    run: {
      kind: "node",
      type: "set",
      config: { fields: { hello: "{{ $json.name }}" } },
      input: { name: "Ann" },
    },
  });
  const workflow = await make("workflow", {
    run: { kind: "workflow", workflow: "Adder", input: { a: 1, b: 2 } },
  });
  for (const [id, part] of [
    [script, '"twice":42'],
    [node, '"hello":"Ann"'],
    [workflow, '"sum":3'],
  ] as const) {
    const started = await call("POST", `${path}/${id}/execute`, {});
    assert.equal(started.status, 202, started.text);
    const run = await ended(started.json.runId);
    assert.equal(run.status, "succeeded", JSON.stringify(run));
    assert.equal(run.percent, 100);
    assert.ok(JSON.stringify(run).includes(part), JSON.stringify(run));
  }
  const { rows } = await query("SELECT type, config->>'kind' AS kind, status FROM tasks WHERE id = $1", [
    script,
  ]);
  assert.deepEqual(rows, [{ type: "script", kind: "script", status: "succeeded" }]);
  const runs = await query(
    "SELECT status, completed_at >= started_at AS ordered, execution_time >= 0 AS timed, result FROM task_executions WHERE task_id = $1",
    [script],
  );
  assert.deepEqual(runs.rows[0].ordered && runs.rows[0].timed, true);
  assert.match(runs.rows[0].result, /42/);
});

test("the same Idempotency-Key is the same flow", async () => {
  const id = await make("once only");
  const [first, second] = await Promise.all(
    [1, 2].map(() => call("POST", `${path}/${id}/execute`, {}, { "idempotency-key": "k1" })),
  );
  assert.equal(first?.json.runId, second?.json.runId);
  await ended(first?.json.runId);
  const { json } = await call("GET", `${path}/runs?task=${id}`);
  assert.equal(json.items.length, 1);
});

test("what is wrong is refused with its place: unknown task, pool, node type, circle with its path", async () => {
  const refused = async (body: Record<string, unknown>, status: number, code: string) => {
    const reply = await call("POST", path, {
      name: "wrong",
      run: { kind: "script", code: "return 1" },
      ...body,
    });
    assert.equal(reply.status, status, reply.text);
    assert.equal(reply.json.code, code);
    return reply.json;
  };
  const unknown = await refused({ dependencies: [{ task: "nobody" }] }, 422, "TASK_INVALID");
  assert.equal(unknown.problems[0].path, "/dependencies/0/task");
  await refused({ resources: { nowhere: 1 } }, 422, "TASK_INVALID");
  await refused({ schedule: { cron: "0 9 * * FRX" } }, 422, "SCHEDULE_INVALID");
  await refused({ window: { from: "01:00", to: "02:00", timezone: "Mars/Base" } }, 422, "TASK_INVALID");
  await refused({ recovery: [{ action: "fallback" }] }, 422, "TASK_INVALID");
  await refused({ run: { kind: "workflow", workflow: "no such" } }, 404, "NOT_FOUND");
  const node = await call("POST", path, { name: "wrong", run: { kind: "node", type: "nope" } });
  assert.equal(node.status, 422);
  const left = await query("SELECT 1 FROM tasks WHERE name = 'wrong'");
  assert.equal(left.rowCount, 0);
  const workflow = await call("POST", "/api/v1/workflows", {
    ...{ name: "by name", nodes: [{ id: "start", type: "trigger.manual", config: {} }], connections: [] },
  });
  assert.equal(workflow.status, 201, workflow.text);
  const byName = await make("by name", { run: { kind: "workflow", workflow: "by name" } });
  const replaced = await call("PUT", `${path}/${byName}`, {
    ...{ name: "wrong", run: { kind: "script", code: "return 1" }, resources: { nowhere: 1 } },
  });
  assert.equal(replaced.status, 422, replaced.text);
  // What was made for them is not left behind either.
  const { json: orphans } = await call("GET", "/api/v1/workflows?name=Task:%20wrong");
  assert.deepEqual(orphans.items, []);
  const { rows: kept } = await query("SELECT type FROM tasks WHERE id = $1", [byName]);
  assert.deepEqual(kept, [{ type: "workflow" }]);

  const a = await make("circle a");
  const b = await make("circle b", { dependencies: [{ task: "circle a" }] });
  await make("circle c", { dependencies: [{ task: b }] });
  const body = {
    name: "circle a",
    run: { kind: "script", code: "return 1" },
    dependencies: [{ task: "circle c" }],
  };
  const cycle = await call("PUT", `${path}/${a}`, body);
  assert.equal(cycle.status, 409);
  assert.equal(cycle.json.code, "DEPENDENCY_CYCLE");
  assert.match(cycle.json.detail, /"circle a" -> "circle b" -> "circle c" -> "circle a"/);
  await refused({ name: "CIRCLE A" }, 409, "NAME_TAKEN");
  const needed = await call("DELETE", `${path}/${a}`);
  assert.deepEqual([needed.status, needed.json.code], [409, "TASK_NEEDED"]);
});

test("a flow runs in the order of its graph; conditions and policies decide what follows a failure", async () => {
  const fail = { run: { kind: "node", type: "stop", config: { message: "broken", code: "BROKEN" } } };
  const root = await make("flow root");
  await make("flow good", { dependencies: [{ task: "flow root" }] });
  await make("flow bad", { ...fail, dependencies: [{ task: "flow root" }] });
  await make("flow skipped", { dependencies: [{ task: "flow bad" }, { task: "flow good" }] });
  await make("flow behind skipped", { dependencies: [{ task: "flow skipped", on: "completion" }] });
  await make("flow repair", { dependencies: [{ task: "flow bad", on: "failure" }] });
  await make("flow any", { dependencies: [{ task: "flow bad" }, { task: "flow good" }], need: "any" });
  await make("flow all the same", { dependencies: [{ task: "flow bad" }], onUnmet: "run" });
  const started = await call("POST", `${path}/${root}/execute`, {});
  assert.equal(started.json.runs.length, 8);
  const ends = await flowEnds(started.json.flowId);
  assert.deepEqual(
    Object.fromEntries([...ends].map(([name, { status }]) => [name.replace("flow ", ""), status])),
    {
      ...{ root: "succeeded", good: "succeeded", bad: "failed", skipped: "skipped" },
      ...{ "behind skipped": "skipped", repair: "succeeded", any: "succeeded", "all the same": "succeeded" },
    },
  );
  assert.match(ends.get("flow skipped")?.reason ?? "", /"flow bad" failed, and success was wanted/);
  const { rows } = await query(
    `SELECT bool_and(r.started_at >= n.completed_at) AS ordered FROM task_executions r
     JOIN task_dependencies d ON d.task_id = r.task_id JOIN task_executions n ON n.task_id = d.needs_task_id AND n.flow_id = r.flow_id
     WHERE r.flow_id = $1 AND r.started_at IS NOT NULL AND d.condition <> 'success'`,
    [started.json.flowId],
  );
  assert.equal(rows[0].ordered, true);
  const graph = await call("GET", `${path}/graph`);
  const levels = new Map(
    graph.json.tasks.map((one: { name: string; level: number }) => [one.name, one.level]),
  );
  assert.deepEqual([levels.get("flow root"), levels.get("flow behind skipped")], [0, 3]);
});

test("of very many tasks the graph shows the newest, each with all that it hangs on, and says so", async () => {
  const root = await make("many root");
  const first = await make("many first", { dependencies: [{ task: root }] });
  const second = await make("many second", { dependencies: [{ task: root }, { task: first }] });
  const before = (await call("GET", `${path}/graph`)).json;
  assert.equal(before.isComplete, true);
  await query(
    `INSERT INTO tasks SELECT made.* FROM tasks r, generate_series(1, 1002) i, LATERAL jsonb_populate_record(
       NULL::tasks, to_jsonb(r) || jsonb_build_object('id', 'ffffffff-0000-7000-8000-' || lpad(i::text, 12, '0'),
       'name', 'many ' || i)) made WHERE r.id = $1`,
    [root],
  );
  // Of the one after the thousand the last link is cut off; the ones behind it are too old.
  await query(
    `INSERT INTO task_dependencies (org_id, task_id, needs_task_id, condition, place)
     SELECT org_id, id, $1::uuid, 'success', 0 FROM tasks WHERE id::text LIKE 'ffffffff%' AND name NOT IN ('many 1', 'many 1000')
     UNION ALL SELECT org_id, id, $2::uuid, 'failure', 1 FROM tasks WHERE name = 'many 2'`,
    [root, first],
  );
  try {
    const { tasks, edges, isComplete } = (await call("GET", `${path}/graph`)).json;
    const names = new Set(tasks.map(({ name }: { name: string }) => name));
    assert.deepEqual([isComplete, edges.length], [false, 999]);
    assert.deepEqual(
      ["many root", "many 3", "many 1002", "many 1000", "many second"].map((name) => names.has(name)),
      [true, true, true, true, false],
    );
    assert.ok(!names.has("many 2"), "half of what it hangs on is not what it hangs on");
    const known = new Set(tasks.map(({ id }: { id: string }) => id));
    assert.ok(edges.every((one: { from: string; to: string }) => known.has(one.from) && known.has(one.to)));
  } finally {
    await query("DELETE FROM task_dependencies WHERE task_id::text LIKE 'ffffffff%'");
    await query("DELETE FROM tasks WHERE id::text LIKE 'ffffffff%'");
  }
  assert.deepEqual((await call("GET", `${path}/graph`)).json, before);
  for (const id of [second, first, root]) assert.equal((await call("DELETE", `${path}/${id}`)).status, 204);
});

test("a failure is tried again by its policy, and run again by hand with what was skipped", async () => {
  answers.set("/flaky", [400, 200]);
  const http = (url: string) => ({
    kind: "node",
    type: "http",
    config: { method: "GET", url: `http://127.0.0.1:${port}${url}` },
  });
  const flaky = await make("flaky", {
    run: http("/flaky"),
    retry: { attempts: 2, delaySeconds: 0 },
    recovery: [{ code: "*", action: "retry" }],
  });
  const started = await call("POST", `${path}/${flaky}/execute`, {});
  const run = await ended(started.json.runId);
  assert.deepEqual([run.status, run.attempt], ["succeeded", 2]);
  assert.equal(seen.filter((one) => one === "GET /flaky").length, 2);

  answers.set("/down", [400, 200]);
  const down = await make("down", { run: http("/down") });
  await make("behind down", { dependencies: [{ task: "down" }] });
  const flow = await call("POST", `${path}/${down}/execute`, {});
  const ends = await flowEnds(flow.json.flowId);
  assert.deepEqual([ends.get("down")?.status, ends.get("behind down")?.status], ["failed", "skipped"]);
  const readyAt = () =>
    query("SELECT ready_at FROM task_executions WHERE id = $1", [flow.json.runId]).then(
      ({ rows }) => rows[0].ready_at,
    );
  const firstReadyAt = await readyAt();
  const again = await call("POST", `${path}/runs/${flow.json.runId}/retry`);
  assert.equal(again.status, 200, again.text);
  const second = await flowEnds(flow.json.flowId);
  assert.deepEqual(
    [second.get("down")?.status, second.get("behind down")?.status],
    ["succeeded", "succeeded"],
  );
  // It did not wait all the time since the first try: that would put it before those who really wait.
  assert.ok((await readyAt()) > firstReadyAt);

  const decided = await call("POST", `${path}/${flaky}/recovery`, {
    code: "HTTP_503",
    message: "x",
    attempt: 2,
  });
  assert.deepEqual([decided.json.action, /All 2 attempts/.test(decided.json.reason)], ["fail", true]);
});

test("a fallback takes the place of what failed", async () => {
  await make("plan b");
  const a = await make("plan a", {
    run: { kind: "node", type: "stop", config: { message: "no" } },
    recovery: [{ action: "fallback", task: "Plan B" }],
  });
  const { json } = await call("POST", `${path}/${a}/execute`, {});
  assert.equal((await ended(json.runId)).status, "failed");
  await until(async () => {
    const { items } = (await call("GET", `${path}/runs`)).json;
    return items.some(
      (run: { taskName: string; kind: string; status: string }) =>
        run.taskName === "plan b" && run.kind === "fallback" && run.status === "succeeded",
    );
  });
});

test("pools: never over their places, waiting ones say why, and the queue goes on", async () => {
  assert.equal((await call("PUT", "/api/v1/pools/narrow", { slots: 2 })).status, 200);
  const wait = (seconds: number) => ({ kind: "node", type: "wait", config: { for: "duration", seconds } });
  const ids = [];
  for (let index = 0; index < 5; index += 1)
    ids.push(await make(`narrow ${index}`, { run: wait(1), resources: { narrow: 1 } }));
  await call("PUT", "/api/v1/pools/narrow", { slots: 2, paused: true });
  const runs = await Promise.all(
    ids.map(async (id) => (await call("POST", `${path}/${id}/execute`, {})).json.runId),
  );
  await until(async () => (await call("GET", "/api/v1/pools/narrow")).json.waiting === 5);
  const { json: waiting } = await call("GET", "/api/v1/pools/narrow/waiting");
  assert.match(waiting.items[0].reason, /"narrow" is paused/);
  assert.equal(waiting.items.length, 5);
  await call("PUT", "/api/v1/pools/narrow", { slots: 2 });
  let most = 0;
  let reason = "";
  await until(async () => {
    const { json } = await call("GET", "/api/v1/pools/narrow");
    most = Math.max(most, json.used);
    if (json.used === 2 && json.waiting > 0 && reason === "") {
      const { items } = (await call("GET", "/api/v1/pools/narrow/waiting")).json;
      reason = items[0]?.reason ?? "";
    }
    return json.used === 0 && json.waiting === 0;
  });
  assert.equal(most, 2);
  assert.match(reason, /2 of 2 places of "narrow" are taken|about to start/);
  for (const run of runs) assert.equal((await ended(run)).status, "succeeded");
  const { rows } = await query(
    `SELECT max(n) AS most FROM (SELECT (SELECT count(*) FROM task_executions o WHERE o.resources::jsonb ? 'narrow'
       AND o.admitted_at <= r.admitted_at AND o.completed_at > r.admitted_at) AS n
     FROM task_executions r WHERE r.resources::jsonb ? 'narrow' AND r.admitted_at IS NOT NULL) s`,
  );
  assert.ok(Number(rows[0].most) <= 2, `${rows[0].most} at once`);
  const inUse = await call("DELETE", "/api/v1/pools/narrow");
  assert.deepEqual([inUse.status, inUse.json.code], [409, "POOL_IN_USE"]);
  const stale = await call("PUT", "/api/v1/pools/narrow", { slots: 9 }, { "if-match": '"1"' });
  assert.equal(stale.status, 409);
});

test("paused tasks and delays wait and say so; what waits can be cancelled, what runs too", async () => {
  const id = await make("later");
  const { json } = await call("POST", `${path}/${id}/execute`, { delaySeconds: 3_600 });
  await until(async () =>
    /Not before/.test((await call("GET", `${path}/runs/${json.runId}`)).json.reason ?? ""),
  );
  const cancelled = await call("POST", `${path}/runs/${json.runId}/cancel`);
  assert.equal(cancelled.json.status, "cancelled");
  assert.equal((await call("POST", `${path}/runs/${json.runId}/cancel`)).status, 409);

  await call("POST", `${path}/${id}/pause`);
  const paused = await call("POST", `${path}/${id}/execute`, {});
  await until(async () =>
    /paused/.test((await call("GET", `${path}/runs/${paused.json.runId}`)).json.reason ?? ""),
  );
  await call("POST", `${path}/${id}/resume`);
  assert.equal((await ended(paused.json.runId)).status, "succeeded");

  // A run that was made while the resume was not committed yet: nothing of its own says so.
  await call("POST", `${path}/${id}/pause`);
  const beside = await call("POST", `${path}/${id}/execute`, {});
  await until(async () =>
    /paused/.test((await call("GET", `${path}/runs/${beside.json.runId}`)).json.reason ?? ""),
  );
  await query("UPDATE tasks SET paused = false WHERE id = $1", [id]);
  assert.equal((await ended(beside.json.runId)).status, "succeeded");

  const long = await make("long", {
    run: { kind: "node", type: "wait", config: { for: "duration", seconds: 600 } },
  });
  const running = await call("POST", `${path}/${long}/execute`, {});
  await until(
    async () => (await call("GET", `${path}/runs/${running.json.runId}`)).json.executionId !== null,
  );
  await call("POST", `${path}/runs/${running.json.runId}/cancel`);
  assert.equal((await ended(running.json.runId)).status, "cancelled");
});

test("a deadline that passes while it waits fails the run", async () => {
  const id = await make("too late", { deadlineSeconds: 1 });
  const { json } = await call("POST", `${path}/${id}/execute`, { delaySeconds: 600 });
  const run = await ended(json.runId);
  assert.equal(run.status, "failed");
  assert.match(run.reason ?? "", /DEADLINE_PASSED/);
});

test("a schedule plans runs once each; the task says when it is next", async () => {
  const id = await make("every second", { schedule: { interval: 1, overlap: "allow" } });
  await until(async () => {
    const { items } = (await call("GET", `${path}/runs?task=${id}&status=succeeded`)).json;
    return items.length >= 2;
  });
  const plan = await call("GET", `${path}/${id}/schedule`);
  assert.equal(plan.json.isActive, true);
  assert.equal(plan.json.fires.length, 10);
  const { rows } = await query(
    "SELECT count(*)::int AS runs, count(DISTINCT due)::int AS dues FROM task_executions WHERE task_id = $1 AND kind = 'schedule'",
    [id],
  );
  assert.equal(rows[0].runs, rows[0].dues);
  await call("POST", `${path}/${id}/pause`);
  assert.equal((await call("GET", `${path}/${id}`)).json.nextRunAt, null);
  const next = await query("SELECT is_active, timezone FROM task_schedules WHERE task_id = $1", [id]);
  assert.deepEqual(next.rows, [{ is_active: false, timezone: "UTC" }]);
});

test("a watcher sees every state of a run in order, and percent never goes back", async () => {
  const id = await make("watched", {
    run: { kind: "node", type: "wait", config: { for: "duration", seconds: 1 } },
  });
  const leave = new AbortController();
  const response = await fetch(`${server.running.url}${path}/${id}/stream`, {
    headers: { authorization: "Bearer aos_test_key_that_is_long_enough_0123456789" },
    signal: leave.signal,
  });
  assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  const { json } = await call("POST", `${path}/${id}/execute`, {});
  const states: Run[] = [];
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    const parts = text.split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (data !== undefined) states.push(JSON.parse(data) as Run);
    }
    if (states.at(-1)?.status === "succeeded") break;
  }
  leave.abort();
  assert.ok(states.every((run) => run.id === json.runId));
  const percents = states.map(({ percent }) => percent);
  assert.deepEqual(
    percents,
    percents.toSorted((a, b) => a - b),
  );
  const order = ["waiting", "queued", "running", "succeeded"];
  const places = states.map(({ status }) => order.indexOf(status));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.ok(states.some(({ status }) => status === "running"));
});

test("the order of what waits is improved, measured, and kept when it is asked for", async () => {
  await call("PUT", "/api/v1/pools/one", { slots: 1, paused: true });
  const plain = await make("ordinary", { resources: { one: 1 }, estimatedSeconds: 600 });
  const urgent = await make("urgent", {
    resources: { one: 1 },
    estimatedSeconds: 10,
    deadlineSeconds: 300,
    onDeadline: "continue",
  });
  for (const id of [plain, urgent]) await call("POST", `${path}/${id}/execute`, {});
  await until(async () => (await call("GET", "/api/v1/pools/one")).json.waiting === 2);
  const dry = await call("POST", `${path}/optimize`, { slots: 1 });
  assert.equal(dry.status, 200, dry.text);
  assert.equal(dry.json.isApplied, false);
  assert.ok(dry.json.before.late >= 1 && dry.json.after.late === 0, dry.text);
  const applied = await call("POST", `${path}/optimize`, { slots: 1, apply: true });
  assert.equal(applied.json.isApplied, true);
  const { items } = (await call("GET", "/api/v1/pools/one/waiting")).json;
  assert.deepEqual(
    items.map(({ name }: { name: string }) => name),
    ["urgent", "ordinary"],
  );
  await call("PUT", "/api/v1/pools/one", { slots: 1 });
  await until(async () => (await call("GET", "/api/v1/pools/one")).json.waiting === 0);
});

test("each template installs and its task runs", async () => {
  const files = server.settings.filesDir;
  mkdirSync(join(files, "data"), { recursive: true });
  writeFileSync(join(files, "data/orders.csv"), "shop,amount\nnorth,10\nsouth,5\nnorth,2\n");
  const at = `http://127.0.0.1:${port}`;
  const { json: list } = await call("GET", `${path}/templates`);
  assert.equal(list.items.length, 6);
  for (const [template, parameters] of [
    ["backup", { folder: "data" }],
    ["weekly-report", { file: "data/orders.csv", by: "shop", sum: "amount" }],
    ["data-sync", { source: `${at}/source`, target: `${at}/target` }],
    ["clean-up", { folder: "data", days: 3 }],
    ["health-check", { url: `${at}/health` }],
    ["reminder", { message: "Stand up", url: `${at}/chat` }],
  ] as const) {
    const installed = await call("POST", `${path}/templates/${template}/install`, { parameters });
    assert.equal(installed.status, 201, installed.text);
    assert.equal(installed.json.paused, true);
    // Tried out at any hour: without its window, and not paused.
    const { rows } = await query(
      "UPDATE tasks SET paused = false, settings = (settings::jsonb - 'window')::text WHERE id = $1 RETURNING id",
      [installed.json.id],
    );
    const { json } = await call("POST", `${path}/${rows[0].id}/execute`, {});
    const run = await ended(json.runId);
    assert.equal(run.status, "succeeded", `${template}: ${JSON.stringify(run)}`);
  }
  assert.ok(seen.includes("PUT /target/a1"));
  assert.ok(seen.includes("POST /chat"));
  const missing = await call("POST", `${path}/templates/backup/install`, { name: "x" });
  assert.deepEqual([missing.status, missing.json.problems[0].code], [422, "PARAMETER_MISSING"]);
});

test("after a restart every run goes on: what waited, what ran, what was about to start", async () => {
  await call("PUT", "/api/v1/pools/held", { slots: 1 });
  const ids = [];
  for (let index = 0; index < 3; index += 1)
    ids.push(
      await make(`restart ${index}`, {
        run: { kind: "node", type: "wait", config: { for: "duration", seconds: 1 } },
        resources: { held: 1 },
      }),
    );
  const runs = await Promise.all(
    ids.map(async (id) => (await call("POST", `${path}/${id}/execute`, {})).json.runId),
  );
  await until(async () => (await call("GET", "/api/v1/pools/held")).json.used === 1);
  await server.restart();
  for (const run of runs) assert.equal((await ended(run)).status, "succeeded");
  const { rows } = await query(
    `SELECT r.id, count(e.id)::int AS executions FROM task_executions r
     JOIN workflow_executions e ON e.cause LIKE 'task/' || r.id || '/%' WHERE r.id = ANY($1) GROUP BY r.id`,
    [runs],
  );
  assert.deepEqual(
    rows.map(({ executions }: { executions: number }) => executions),
    [1, 1, 1],
  );
});

test("a task and its own workflow go together; history of executions stays", async () => {
  const id = await make("short lived");
  const { json } = await call("POST", `${path}/${id}/execute`, {});
  const run = await ended(json.runId);
  const before = await call("GET", `${path}/${id}`);
  assert.equal((await call("DELETE", `${path}/${id}`)).status, 204);
  assert.equal((await call("GET", `${path}/${id}`)).status, 404);
  assert.equal((await call("GET", `/api/v1/workflows/${before.json.workflowId}`)).status, 404);
  assert.equal(
    (await call("GET", `/api/v1/executions/${(run as unknown as { executionId: string }).executionId}`))
      .status,
    200,
  );
});

test("a runner that does not lead any more ends nothing, and does not take what it was refused for cancelled", async () => {
  const { deps } = server.running;
  await make("before the change");
  const needs = [{ task: "before the change", on: "success" }];
  const id = await make("after the change", { dependencies: needs, onUnmet: "fail" });
  await deps.tasks.stop();
  const { json } = await call("POST", `${path}/${id}/execute`, { upstream: true });
  assert.ok(json.flowId, JSON.stringify(json));
  const pool = openPool(server.database.url, { role: "auraos_engine", name: "test", max: 2 });
  const { epoch } = deps.engine.status();
  const before = { ...deps.engine.status(), epoch: (epoch ?? 0) - 1 };
  const said: string[] = [];
  const runner = createTaskRunner({
    ...{
      pool,
      engine: { ...deps.engine, status: () => before },
      published: deps.published,
      newId: deps.newId,
    },
    ...{ nowMs: deps.nowMs, log: (_level, message) => void said.push(message), onChange: () => {} },
    nodesOf: async () => new Map(),
  });
  await until(async () => said.length > 0, 5_000).catch(() => {});
  await runner.stop();
  await pool.end();
  const { rows } = await query("SELECT status FROM task_executions WHERE flow_id = $1", [json.flowId]);
  assert.deepEqual(
    rows.map(({ status }) => status),
    ["waiting", "waiting"],
  );
});
