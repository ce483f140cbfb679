// "Why am I waiting?" over HTTP, for everything that can wait: each has a reason that names what it waits for, and none is left
// over once it goes on.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer, until } from "../testing/runningServer.ts";

const WITHIN_MS = 60_000;
const server = await runningServer({ after });
const { call } = server;

async function workflow(name: string, steps: object[] = [], settings?: object): Promise<string> {
  const made = await call("POST", "/api/v1/workflows?publish=1", {
    ...{ name, nodes: [{ id: "start", type: "trigger.manual", config: {} }, ...steps] },
    connections: steps.length === 0 ? [] : [{ from: "start", to: "hold" }],
    ...(settings === undefined ? {} : { settings }),
  });
  assert.equal(made.status, 201, made.text);
  return made.json.id;
}

const hold = { id: "hold", type: "wait", config: { for: "signal", signal: "go" } };
const go = (execution: string) => call("POST", `/api/v1/executions/${execution}/signal`, { name: "go" });

async function task(name: string, of: string, more: object = {}): Promise<string> {
  const body = { name, run: { kind: "workflow", workflow: of }, ...more };
  const made = await call("POST", "/api/v1/tasks", body);
  assert.equal(made.status, 201, made.text);
  return made.json.id;
}

async function execute(id: string): Promise<string> {
  const started = await call("POST", `/api/v1/tasks/${id}/execute`, {});
  assert.equal(started.status, 202, started.text);
  return started.json.runId;
}

const runOf = async (id: string) => (await call("GET", `/api/v1/tasks/runs/${id}`)).json;

/** Also in the list of what is open, which the page shows. */
async function waitsFor(id: string, reason: RegExp): Promise<void> {
  const seen: string[] = [];
  await until(async () => {
    const run = await runOf(id);
    seen.push(`${run.status}: ${run.reason}`);
    return reason.test(run.reason ?? "");
  }, WITHIN_MS).catch(() => assert.fail(`${reason} is not among ${[...new Set(seen)].join(" | ")}`));
  const { json } = await call("GET", "/api/v1/tasks/runs?open=1&limit=100");
  assert.match(json.items.find((run: { id: string }) => run.id === id)?.reason ?? "", reason);
}

async function succeeds(id: string): Promise<void> {
  await until(async () => (await runOf(id)).status === "succeeded", WITHIN_MS);
  assert.equal((await runOf(id)).reason, null);
}

test("a run of a task says that it waits for another task, its window, its time, its task, a place", async () => {
  const plain = await workflow("plain");
  const holding = await workflow("holding", [hold]);
  const needed = await task("needed", holding);
  const needing = await task("needing", plain, { dependencies: [{ task: "needed" }] });
  const first = await execute(needed);
  await until(async () => (await runOf(first)).executionId !== null, WITHIN_MS);
  const { json } = await call("GET", "/api/v1/tasks/runs?open=1&limit=100");
  const second = json.items.find((run: { taskId: string }) => run.taskId === needing).id;
  await waitsFor(second, /"needed" has not ended yet/);
  await go((await runOf(first)).executionId);
  await succeeds(second);

  // Two hours from now: closed whatever the time is.
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 13);
  const window = { from: `${at(2)}:00`, to: `${at(3)}:00`, timezone: "UTC" };
  await waitsFor(await execute(await task("windowed", plain, { window })), /Its window \(.*\) opens at 20/);

  const paused = await task("paused", plain, { paused: true });
  const late = await execute(paused);
  await waitsFor(late, /The task is paused/);
  await call("POST", `/api/v1/tasks/${paused}/resume`);
  await succeeds(late);

  const sick = await workflow("sick", [{ id: "hold", type: "stop", config: { message: "no" } }]);
  const retry = { attempts: 2, delaySeconds: 3_600 };
  const recovery = [{ code: "*", action: "retry" }];
  const retried = await execute(await task("retried", sick, { retry, recovery }));
  await waitsFor(retried, /^Not before 20|tried again|attempt/i);

  await call("PUT", "/api/v1/pools/one", { slots: 1 });
  const [one, two] = [
    await task("one", holding, { resources: { one: 1 } }),
    await task("two", plain, { resources: { one: 1 } }),
  ];
  const holder = await execute(one);
  await until(async () => (await runOf(holder)).executionId !== null, WITHIN_MS);
  const other = await execute(two);
  await waitsFor(other, /1 of 1 places of "one" are taken/);
  const { json: queue } = await call("GET", "/api/v1/pools/one/waiting");
  assert.match(queue.items[0].reason, /1 of 1 places of "one" are taken/);
  // The same in parts, for readers of other languages.
  const taken = [{ code: "pool.taken", parameters: { pool: "one", used: 1, slots: 1, needed: 1 } }];
  assert.deepEqual(queue.items[0].reasonParts, taken);
  assert.deepEqual((await runOf(other)).reasonParts, taken);
  await go((await runOf(holder)).executionId);
  await succeeds(other);
});

test("a run of a task says that it is held up by maintenance, a rate, a budget of the day, a queue", async () => {
  const id = await workflow("limited");
  const limited = await task("limited", id);
  const limit = (body: object) => call("PUT", `/api/v1/workflows/${id}/limits`, body);
  await call("PUT", "/api/v1/maintenance", { isOn: true, reason: "new database" });
  const patient = await execute(limited);
  await waitsFor(patient, /Nothing is started at the moment: new database.*\(MAINTENANCE\)/);
  await call("PUT", "/api/v1/maintenance", { isOn: false });
  await succeeds(patient);

  for (const [body, reason] of [
    [
      { rate: { count: 1, seconds: 86_400 } },
      /1 times in 86400 s, and has\. Try again at 20.*\(RATE_LIMIT\)/,
    ],
    [{ dailyMax: 1 }, /1 times a day, and has.*\(DAILY_LIMIT\)/],
  ] as const) {
    assert.equal((await limit(body)).status, 200);
    const run = await execute(limited);
    await waitsFor(run, reason);
    assert.equal((await limit({})).status, 200);
    await succeeds(run);
  }

  const open = await workflow("open ones", [hold]);
  await call("PUT", `/api/v1/workflows/${open}/limits`, { openMax: 1 });
  const started = await call("POST", `/api/v1/workflows/${open}/execute`, {});
  const queued = await execute(await task("queued", open));
  await waitsFor(queued, /has 1 open executions, and may have 1.*\(QUEUE_LIMIT\)/);
  await go(started.json.id);
  await until(async () => (await runOf(queued)).executionId !== null, WITHIN_MS);
  assert.equal((await runOf(queued)).reason, null);
});

test("a run of a task waits for its workflow that is paused, or frozen, and goes on when it is resumed", async () => {
  const id = await workflow("held");
  const held = await task("held", id);
  const limit = (body: object) => call("PUT", `/api/v1/workflows/${id}/limits`, body);
  assert.equal((await limit({ paused: true })).status, 200);
  const paused = await execute(held);
  await waitsFor(paused, /"held" is paused: .*\(WORKFLOW_PAUSED\)/);
  const refused = await call("POST", `/api/v1/tasks/runs/${paused}/cancel`);
  assert.deepEqual([refused.status, refused.json.code], [409, "RUN_HELD_UP"]);
  assert.match(refused.json.detail, /"held" is paused/);
  assert.equal((await limit({ paused: false })).status, 200);
  await succeeds(paused);

  const incident = (await call("POST", "/api/v1/incidents", { title: "Odd replies" })).json.id;
  const freeze = { scope: "workflow", workflow: id, reason: "look first" };
  const done = await call("POST", `/api/v1/incidents/${incident}/freeze`, freeze);
  assert.ok(done.status < 300, done.text);
  const frozen = await execute(held);
  await waitsFor(frozen, /it is frozen while an incident is looked into \(look first\).*\(FROZEN\)/);
  await call("POST", `/api/v1/incidents/${incident}/unfreeze`, {});
  await succeeds(frozen);
});

test("a workflow that was paused because its executions fail: further runs of its task wait, none fails", async () => {
  const id = await workflow("ailing", [{ id: "hold", type: "stop", config: { message: "no" } }]);
  const limits = await call("PUT", `/api/v1/workflows/${id}/limits`, { pauseAfterFailures: 1 });
  assert.equal(limits.status, 200, limits.text);
  const ailing = await task("ailing", id);
  const first = await execute(ailing);
  await until(async () => (await runOf(first)).status === "failed", WITHIN_MS);
  const second = await execute(ailing);
  await waitsFor(second, /"ailing" is paused: 1 executions in a row failed; .*\(WORKFLOW_PAUSED\)/);
});

test("a run whose execution waits for a place of its workflow says so, as the execution does", async () => {
  const settings = { concurrency: { limit: 1, overlap: "queue", key: "{{ $json.customer }}" } };
  const id = await workflow("by customer", [hold], settings);
  const first = await call("POST", `/api/v1/workflows/${id}/execute`, { customer: "ann" });
  const run = await execute(
    await task("for ann", id, {
      run: { kind: "workflow", workflow: "by customer", input: { customer: "ann" } },
    }),
  );
  await waitsFor(run, /has 1 open execution for "ann" at a time/);
  const { executionId } = await runOf(run);
  const waiting = (await call("GET", `/api/v1/executions/${executionId}`)).json;
  assert.match(waiting.queue.reason, /for "ann" at a time/);
  await go(first.json.id);
  await until(async () => (await runOf(run)).reason === null, WITHIN_MS);
  await go(executionId);
  await succeeds(run);
});

test("an execution that waits for the rate of a pool says when the next one may start", async () => {
  const id = await workflow("rated");
  await call("PUT", "/api/v1/pools/rated", { rate: { count: 1, seconds: 86_400 } });
  await call("PUT", `/api/v1/workflows/${id}/limits`, { pool: "rated" });
  const first = await call("POST", `/api/v1/workflows/${id}/execute?wait=20`, {});
  assert.equal(first.json.status, "succeeded", first.text);
  const second = await call("POST", `/api/v1/workflows/${id}/execute`, {});
  const reason = /"rated" starts 1 in 86400 s, and has; the next one at 20/;
  // It is accepted once it is stored, and comes to the gate right after that.
  await until(async () => {
    const { queue } = (await call("GET", `/api/v1/executions/${second.json.id}`)).json;
    return reason.test(queue.reason);
  }, WITHIN_MS);
  await call("PUT", "/api/v1/pools/rated", { slots: 5 });
  assert.equal((await call("GET", `/api/v1/executions/${second.json.id}?wait=20`)).json.status, "succeeded");
});
