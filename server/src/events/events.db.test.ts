// The event bus through the API, with real executions.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { openPool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { seal, settle } from "./heldStore.ts";

after(() => pool.end());
const server = await runningServer({ after });
const pool = openPool(server.database.url, { role: "auraos_engine", name: "events", max: 1 });
const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.call(method, path, body, headers);
const publish = async (events: unknown) => {
  const reply = await call("POST", "/api/v1/events", events);
  assert.equal(reply.status, 202, reply.text);
  return reply.json.items as { id: string; position: number; duplicate: boolean }[];
};

/** A workflow with this trigger; what it was given stands in its output. */
async function workflow(
  name: string,
  trigger: Record<string, unknown>,
  more: { type?: string; steps?: unknown[]; connections?: unknown[] } = {},
): Promise<string> {
  const reply = await call("POST", "/api/v1/workflows?publish=1", {
    name,
    nodes: [{ id: "on", type: more.type ?? "trigger.event", config: trigger }, ...(more.steps ?? [])],
    connections: more.connections ?? [],
  });
  assert.ok(reply.status < 300, reply.text);
  return reply.json.id;
}

// biome-ignore lint/suspicious/noExplicitAny: what an execution gave
async function outputs(id: string): Promise<any[]> {
  const { json } = await call("GET", `/api/v1/executions?workflow=${id}&limit=100`);
  const ended = json.items.filter((one: { status: string }) => one.status === "succeeded");
  const shown = await Promise.all(
    ended.map(async (one: { id: string }) => (await call("GET", `/api/v1/executions/${one.id}`)).json.output),
  );
  return shown.toReversed();
}

const ended = (id: string, count: number) =>
  until(async () => {
    const found = await outputs(id);
    return found.length >= count && found;
  });

async function subscriptionOf(id: string) {
  const { json } = await call("GET", `/api/v1/events/subscriptions?workflow=${id}`);
  return json.items[0];
}

const trace = async (id: string) => {
  const found = await outputs(id);
  return found.map((output) => (Array.isArray(output) ? output.map(idOf) : idOf(output)));
};
const idOf = (event: { id?: string }) => event?.id;

test("an event starts who wants it, once, and is answered with its place", async () => {
  const all = await workflow("all orders", { types: ["order.*"] });
  const big = await workflow("big orders", { types: ["order.**"], filter: "{{ $json.data.amount > 100 }}" });
  const items = await publish([
    { id: "o1", source: "/shop", type: "order.created", data: { amount: 50 } },
    {
      id: "o2",
      source: "/shop",
      type: "order.created",
      subject: "ada",
      data: { amount: 500 },
      tenantid: "x",
    },
    { id: "o3", source: "/shop", type: "invoice.created", data: { amount: 500 } },
  ]);
  assert.deepEqual(
    items.map(({ duplicate }) => duplicate),
    [false, false, false],
  );
  await ended(all, 2);
  const [event] = await ended(big, 1);
  assert.deepEqual((await trace(all)).sort(), ["o1", "o2"]);
  assert.equal(event.position, items[1]?.position);
  assert.deepEqual([event.subject, event.tenantid, event.data], ["ada", "x", { amount: 500 }]);
  const again = await publish({ id: "o2", source: "/shop", type: "order.created", data: { amount: 500 } });
  assert.deepEqual([again[0]?.duplicate, again[0]?.position], [true, items[1]?.position]);
  await publish({ id: "o4", source: "/shop", type: "order.created", data: { amount: 101 } });
  await ended(big, 2);
  assert.deepEqual(await trace(big), ["o2", "o4"]);
  const list = await call("GET", "/api/v1/events?type=order.created&limit=2");
  assert.deepEqual(
    list.json.items.map((one: { event: { id: string } }) => one.event.id),
    ["o4", "o2"],
  );
  const rest = await call("GET", `/api/v1/events?type=order.created&limit=2&after=${list.json.next}`);
  assert.deepEqual(
    rest.json.items.map((one: { event: { id: string } }) => one.event.id),
    ["o1"],
  );
});

test("wrong events are refused with their place, and nothing of the batch is published", async () => {
  const reply = await call("POST", "/api/v1/events", [
    { type: "fine.one" },
    { type: "auraos.execution.failed" },
    { type: "a b", time: "soon", Bad: 1, ext: {}, specversion: "0.3" },
    { source: "x" },
  ]);
  assert.equal(reply.status, 422);
  assert.equal(reply.json.code, "EVENT_INVALID");
  const paths = reply.json.problems.map((one: { path: string }) => one.path);
  assert.deepEqual(paths.sort(), [
    "/1/type",
    "/2/Bad",
    "/2/ext",
    "/2/specversion",
    "/2/time",
    "/2/type",
    "/3/type",
  ]);
  const { json } = await call("GET", "/api/v1/events?type=fine.one");
  assert.deepEqual(json.items, []);
  const large = await call("POST", "/api/v1/events", { type: "a", data: "x".repeat(300_000) });
  assert.equal(large.json.problems[0].path, "/data");
  const bad = await call("POST", "/api/v1/workflows?publish=1", {
    name: "bad filter",
    nodes: [{ id: "on", type: "trigger.event", config: { types: ["a b"], filter: "{{ $json. }}" } }],
    connections: [],
  });
  assert.equal(bad.status, 422, bad.text);
});

test("batch, debounce and singleton", async () => {
  const batch = await workflow("batch", { types: ["b.x"], flow: "batch", size: 3, waitSeconds: 600 });
  const late = await workflow("batch by time", { types: ["b.y"], flow: "batch", size: 50, waitSeconds: 0.4 });
  const quiet = await workflow("debounce", {
    ...{ types: ["d.x"], key: "{{ $json.data.k }}" },
    ...{ flow: "debounce", quietSeconds: 0.3 },
  });
  await publish(["1", "2", "3", "4"].map((id) => ({ id, source: "/b", type: "b.x" })));
  await publish(["5", "6"].map((id) => ({ id, source: "/b", type: "b.y" })));
  await publish(
    ["d1", "d2", "e1", "d3"].map((id) => ({ id, source: "/d", type: "d.x", data: { k: id.slice(0, 1) } })),
  );
  await ended(batch, 1);
  assert.deepEqual(await trace(batch), [["1", "2", "3"]]);
  await ended(late, 1);
  assert.deepEqual(await trace(late), [["5", "6"]]);
  await ended(quiet, 2);
  assert.deepEqual((await trace(quiet)).sort(), ["d3", "e1"]);
  const { matched, dropped, held } = await subscriptionOf(batch);
  assert.deepEqual([matched, dropped, held], [4, 0, 1]);
  assert.equal((await subscriptionOf(quiet)).dropped, 2);
});

test("ordered per key: the next one starts when the one before has ended", async () => {
  const id = await workflow(
    "ordered",
    { types: ["q.x"], key: "{{ $json.data.k }}", flow: "ordered" },
    {
      steps: [{ id: "wait", type: "wait", config: { for: "signal", signal: "go" } }],
      connections: [{ from: "on", to: "wait" }],
    },
  );
  await publish(
    ["a1", "a2", "b1"].map((one) => ({ id: one, source: "/q", type: "q.x", data: { k: one.slice(0, 1) } })),
  );
  const open = async () => {
    const { json } = await call("GET", `/api/v1/executions?workflow=${id}&status=running,waiting&limit=100`);
    return json.items as { id: string }[];
  };
  const both = await until(async () => {
    const found = await open();
    return found.length === 2 && found;
  });
  assert.equal((await subscriptionOf(id)).held, 3);
  for (const one of both)
    await call("POST", `/api/v1/executions/${one.id}/signal`, { name: "go", payload: { done: true } });
  const [last] = await until(async () => {
    const found = (await open()).filter((one) => !both.some((other) => other.id === one.id));
    return found.length === 1 && found;
  });
  await call("POST", `/api/v1/executions/${last?.id}/signal`, { name: "go", payload: { done: true } });
  await ended(id, 3);
  await until(async () => (await subscriptionOf(id)).held === 0);
});

test("singleton drops what comes while one of the key runs; a rate limit what is too much; a throttle keeps it", async () => {
  const one = await workflow(
    "singleton",
    { types: ["s.x"], flow: "singleton" },
    {
      steps: [{ id: "wait", type: "wait", config: { for: "signal", signal: "go" } }],
      connections: [{ from: "on", to: "wait" }],
    },
  );
  const rate = await workflow("rate", { types: ["s.x"], flow: "rateLimit", limit: 2, perSeconds: 3600 });
  const slow = await workflow("throttle", { types: ["s.x"], flow: "throttle", limit: 10, perSeconds: 1 });
  await publish(["1", "2", "3"].map((id) => ({ id, source: "/s", type: "s.x" })));
  await publish({ id: "4", source: "/s", type: "s.x" });
  await ended(rate, 2);
  assert.deepEqual((await trace(rate)).sort(), ["1", "2"]);
  await ended(slow, 4);
  assert.deepEqual(await trace(slow), ["1", "2", "3", "4"]);
  await until(async () => (await subscriptionOf(one)).dropped === 3);
  assert.equal((await subscriptionOf(rate)).dropped, 2);
  const { json } = await call("GET", `/api/v1/executions?workflow=${one}`);
  assert.equal(json.items.length, 1);
});

test("a replay has a rate of its own: it gives what passed, and uses up nothing of what comes", async () => {
  const id = await workflow("rate of a replay", {
    types: ["q.x"],
    flow: "rateLimit",
    limit: 1,
    perSeconds: 3600,
  });
  const [first] = await publish(["1", "2"].map((one) => ({ id: one, source: "/q", type: "q.x" })));
  await ended(id, 1);
  const { id: subscription } = await subscriptionOf(id);
  const path = `/api/v1/events/subscriptions/${subscription}/replay`;
  const replay = await call("POST", path, { from: first?.position });
  assert.equal(replay.status, 202, replay.text);
  await ended(id, 2);
  await publish({ id: "3", source: "/q", type: "q.x" });
  await until(async () => (await subscriptionOf(id)).dropped === 3);
  assert.deepEqual(await trace(id), ["1", "1"]);
  const gates = "SELECT lane FROM event_gates WHERE subscription_id = $1";
  const lanes = async () => (await pool.query<{ lane: string }>(gates, [subscription])).rows;
  await until(async () => (await lanes()).length === 1);
  assert.deepEqual(await lanes(), [{ lane: "rate/" }], "what it counted goes with it");
});

/** Events of a paused subscription, as they are held. */
async function heldOf(name: string, trigger: Record<string, unknown>, count: number) {
  const id = await workflow(name, { types: [`${name}.x`], ...trigger });
  const { id: subscriptionId } = await subscriptionOf(id);
  await call("POST", `/api/v1/events/subscriptions/${subscriptionId}/pause`);
  const names = Array.from({ length: count }, (_, at) => `${at}`);
  const placed = await publish(names.map((one) => ({ id: one, source: `/${name}`, type: `${name}.x` })));
  await until(async () => (await subscriptionOf(id)).held === count);
  const { rows } = await pool.query("SELECT org_id FROM event_subscriptions WHERE id = $1", [subscriptionId]);
  const held = placed.map(({ position }) => ({ run: "", position }));
  return { subscriptionId, orgId: rows[0].org_id as string, rows: held };
}

test("who settles an event that is settled already does not move the gate of its throttle", async () => {
  const group = await heldOf("late", { flow: "throttle", limit: 1, perSeconds: 3600 }, 1);
  await settle(pool, group, { lane: "key/", atMs: 2_000 });
  await settle(pool, group, { lane: "key/", atMs: 1_000 });
  const gates = "SELECT at_ms FROM event_gates WHERE subscription_id = $1";
  const { rows } = await pool.query(gates, [group.subscriptionId]);
  assert.deepEqual(rows, [{ at_ms: 2_000 }]);
});

test("of a batch that starts without them already, the rest keeps waiting", async () => {
  const group = await heldOf("rest", { flow: "batch", size: 10, waitSeconds: 3600 }, 3);
  const first = { ...group, rows: group.rows.slice(0, 2) };
  assert.equal(await seal(pool, first, 2), true);
  assert.equal(await seal(pool, group, 3), false);
  const releases = "SELECT release FROM event_held WHERE subscription_id = $1 ORDER BY position";
  const { rows } = await pool.query(releases, [group.subscriptionId]);
  assert.deepEqual(rows, [{ release: 2 }, { release: 2 }, { release: null }]);
});

test("a workflow publishes, another waits for the event that concerns it", async () => {
  const waits = await call("POST", "/api/v1/workflows?publish=1", {
    name: "waits for payment",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      {
        id: "paid",
        type: "event.wait",
        config: { types: ["pay.*"], match: { "data.order": "{{ $json.order }}" }, timeoutSeconds: 3600 },
      },
    ],
    connections: [{ from: "start", to: "paid" }],
  });
  assert.equal(waits.status, 201, waits.text);
  const pays = await call("POST", "/api/v1/workflows?publish=1", {
    name: "pays",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      {
        id: "tell",
        type: "event.publish",
        config: { type: "pay.done", data: { order: "{{ $json.order }}" } },
      },
    ],
    connections: [{ from: "start", to: "tell" }],
  });
  const started = await call("POST", `/api/v1/workflows/${waits.json.id}/execute`, { order: "o-7" });
  await until(async () => {
    const { json } = await call("GET", `/api/v1/executions/${started.json.id}`);
    return json.waits?.length === 1;
  });
  for (const order of ["o-6", "o-7"]) {
    const told = await call("POST", `/api/v1/workflows/${pays.json.id}/execute?wait=10`, { order });
    assert.equal(told.json.status, "succeeded", told.text);
  }
  const [event] = await ended(waits.json.id, 1);
  assert.deepEqual([event.type, event.data], ["pay.done", { order: "o-7" }]);
});

test("another workflow's end, several ends together, and a failure are events", async () => {
  const make = async (name: string, node: Record<string, unknown>) =>
    (
      await call("POST", "/api/v1/workflows?publish=1", {
        name,
        nodes: [{ id: "start", type: "trigger.manual", config: {} }, node],
        connections: [{ from: "start", to: node.id }],
      })
    ).json.id as string;
  const left = await make("left", { id: "set", type: "set", config: { fields: { side: "left" } } });
  const right = await make("right", { id: "set", type: "set", config: { fields: { side: "right" } } });
  const sick = await make("sick", { id: "stop", type: "stop", config: { message: "No.", code: "NO" } });
  const next = await workflow("after left", { workflows: ["left"] }, { type: "trigger.workflow" });
  const join = await workflow(
    "after both",
    { workflows: ["left", right], windowSeconds: 3600 },
    { type: "trigger.join" },
  );
  const alarm = await workflow("alarm", { types: ["auraos.execution.failed"] });
  for (const id of [left, sick]) await call("POST", `/api/v1/workflows/${id}/execute?wait=10`, {});
  const [end] = await ended(next, 1);
  assert.deepEqual([end.workflowName, end.status, end.output.side], ["left", "succeeded", "left"]);
  const [failed] = await ended(alarm, 1);
  assert.deepEqual([failed.subject, failed.data.error.code], ["sick", "NO"]);
  assert.equal((await outputs(join)).length, 0);
  await call("POST", `/api/v1/workflows/${left}/execute?wait=10`, {});
  await call("POST", `/api/v1/workflows/${right}/execute?wait=10`, {});
  const [both] = await ended(join, 1);
  assert.deepEqual(
    both.map((one: { workflowName: string }) => one.workflowName),
    ["left", "right"],
  );
  await until(async () => (await subscriptionOf(join)).held === 0);
});

test("paused and restarted: the backlog is given afterwards, once; replay gives the past again", async () => {
  const id = await workflow("backlog", { types: ["r.x"] });
  const { id: subscription } = await subscriptionOf(id);
  const paused = await call("POST", `/api/v1/events/subscriptions/${subscription}/pause`);
  assert.equal(paused.json.paused, true);
  await publish(["1", "2", "3"].map((one) => ({ id: one, source: "/r", type: "r.x" })));
  await until(async () => (await subscriptionOf(id)).held === 3);
  await server.restart();
  assert.equal((await outputs(id)).length, 0);
  await call("POST", `/api/v1/events/subscriptions/${subscription}/resume`);
  await ended(id, 3);
  assert.deepEqual((await trace(id)).sort(), ["1", "2", "3"]);
  const { json } = await call("GET", "/api/v1/events?type=r.x");
  const from = json.items.at(-2).position;
  const replay = await call("POST", `/api/v1/events/subscriptions/${subscription}/replay`, { from });
  assert.equal(replay.status, 202, replay.text);
  await ended(id, 5);
  assert.deepEqual((await trace(id)).slice(3).sort(), ["2", "3"]);
  const none = await call("POST", `/api/v1/events/subscriptions/${subscription}/replay`, { from: 9_999_999 });
  assert.equal(none.json.code, "EVENTS_NONE");
});

test("what cannot be delivered is a dead letter, and can be tried again", async () => {
  const id = await workflow("sick filter", { types: ["x.y"], filter: "{{ $json.data.text }}" });
  await publish({ id: "1", source: "/x", type: "x.y", data: { text: "no boolean" } });
  const dead = await until(async () => {
    const { json } = await call("GET", "/api/v1/events/dead");
    return json.items.length === 1 && json.items[0];
  });
  assert.deepEqual([dead.code, dead.event.id, dead.workflowName], ["FILTER_NOT_BOOLEAN", "1", "sick filter"]);
  const again = await call("POST", `/api/v1/events/dead/${dead.id}/redeliver`);
  assert.equal(again.status, 202);
  await ended(id, 1);
  assert.deepEqual(await trace(id), ["1"]);
  assert.equal((await call("DELETE", `/api/v1/events/dead/${dead.id}`)).status, 404);
});

test("while nothing may start, events wait; a workflow's own limit holds only its own", async () => {
  const slow = await workflow("limited", { types: ["m.x"] });
  const free = await workflow("free", { types: ["m.x"] });
  const limited = await call("PUT", `/api/v1/workflows/${slow}/limits`, { dailyMax: 1 });
  assert.ok(limited.status < 300, limited.text);
  await publish({ id: "1", source: "/m", type: "m.x" });
  await ended(slow, 1);
  await publish({ id: "2", source: "/m", type: "m.x" });
  await ended(free, 2);
  await until(async () => (await subscriptionOf(slow)).held === 1);
  await call("PUT", `/api/v1/workflows/${slow}/limits`, { dailyMax: 10 });
  await ended(slow, 2);
  assert.deepEqual((await trace(slow)).sort(), ["1", "2"]);
});

test("a schedule that is paused because its executions fail is an event", async () => {
  const alarm = await workflow("schedule alarm", { types: ["auraos.schedule.*"] });
  const schedule = { name: "sick clock", workflow: "sick", interval: "1s", pauseAfterFailures: 1 };
  const made = await call("POST", "/api/v1/schedules", schedule);
  assert.equal(made.status, 201, made.text);
  const [event] = await ended(alarm, 1);
  assert.equal(event.type, "auraos.schedule.paused");
  assert.deepEqual([event.data.scheduleId, event.data.name], [made.json.id, "sick clock"]);
  assert.match(event.data.reason, /failed/);
});

test("a pause that is stored is answered, though it cannot be read at that moment, and holds once it can", async () => {
  const id = await workflow("paused in the dark", { types: ["dark.x"] });
  const { id: subscription } = await subscriptionOf(id);
  const owner = new pg.Client({ connectionString: server.database.url });
  await owner.connect();
  try {
    await owner.query("REVOKE SELECT ON event_subscriptions FROM auraos_engine");
    const paused = await call("POST", `/api/v1/events/subscriptions/${subscription}/pause`);
    assert.deepEqual([paused.status, paused.json.paused], [200, true], paused.text);
  } finally {
    await owner.query("GRANT SELECT ON event_subscriptions TO auraos_engine");
    await owner.end();
  }
  await server.running.deps.events.sync();
  await publish({ id: "1", source: "/dark", type: "dark.x" });
  await until(async () => (await subscriptionOf(id)).held === 1);
  assert.deepEqual(await outputs(id), []);
});
