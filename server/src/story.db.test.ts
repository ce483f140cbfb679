// The story of an installation from its first workflow to its restart, told over real HTTP.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer, until } from "./testing/runningServer.ts";
import { approves, failing, hello, waitsForCall, waitsForSignal, webhook } from "./testing/workflows.ts";

const server = await runningServer({ after });
const { call } = server;
const create = async (definition: unknown) => (await call("POST", "/api/v1/workflows", definition)).json;
const ids = { hello: "" };

test("a sound definition is created, published and executed at once", async () => {
  const created = await call("POST", "/api/v1/workflows", hello);
  assert.equal(created.status, 201);
  ids.hello = created.json.id;
  assert.equal(created.headers.get("location"), `/api/v1/workflows/${ids.hello}`);
  assert.deepEqual([created.json.status, created.json.version], ["published", 1]);

  const one = await call("POST", `/api/v1/workflows/${ids.hello}/execute?wait=10`, { name: "Ada" });
  assert.equal(one.status, 200);
  assert.equal(one.json.status, "succeeded");
  assert.deepEqual(one.json.output, { name: "Ada", greeting: "Hello Ada" });

  const several = await call("POST", "/api/v1/workflows/hello/execute?wait=10", [
    { name: "A" },
    { name: "B" },
  ]);
  assert.deepEqual(
    several.json.output.map((item: { greeting: string }) => item.greeting),
    ["Hello A", "Hello B"],
  );
});

test("a definition in YAML, with fields nobody knows, survives the round trip", async () => {
  const yaml =
    "name: from yaml\nextra: {kept: [1, 2]}\nnodes:\n  - {id: start, type: trigger.manual, config: {}, color: red}\nconnections: []\n";
  const created = await call("POST", "/api/v1/workflows", yaml, { "content-type": "application/yaml" });
  assert.equal(created.status, 201, created.text);
  assert.deepEqual(created.json.definition.extra, { kept: [1, 2] });
  const exported = await call("GET", `/api/v1/workflows/${created.json.id}/export?format=yaml`);
  assert.match(exported.text, /color: red/);
  const again = await call("POST", "/api/v1/workflows/import?replace=1", exported.text, {
    "content-type": "application/yaml",
  });
  assert.deepEqual([again.status, again.json.id, again.json.version], [200, created.json.id, 1]);
});

test("a definition with problems is refused with each of them located; an empty one may be created", async () => {
  const wrong = { ...hello, name: "wrong", nodes: [...hello.nodes, { id: "x", type: "nope", config: {} }] };
  const refused = await call("POST", "/api/v1/workflows", wrong);
  assert.equal(refused.status, 422);
  assert.match(refused.headers.get("content-type") ?? "", /application\/problem\+json/);
  assert.equal(refused.json.problems[0].node, "x");
  for (const field of ["code", "message", "remedy", "path"]) assert.ok(refused.json.problems[0][field]);
  const empty = await create({ name: "empty", nodes: [], connections: [] });
  assert.equal(empty.status, "draft");
  assert.equal((await call("POST", `/api/v1/workflows/${empty.id}/execute`)).status, 409);
  assert.equal((await call("POST", `/api/v1/workflows/${empty.id}/publish`)).status, 422);
});

test("drafts: any is stored with its problems, If-Match guards, publishing makes the next version", async () => {
  const { id, etag } = await create({ ...hello, name: "drafted" });
  const broken = {
    ...hello,
    name: "drafted",
    nodes: [{ id: "x", type: "nope", config: {} }],
    connections: [],
  };
  const stored = await call("PUT", `/api/v1/workflows/${id}/draft`, broken, { "if-match": etag });
  assert.equal(stored.status, 200);
  assert.equal(stored.json.problems.length, 1);
  const same = await call("PUT", `/api/v1/workflows/${id}/draft`, broken, { "if-match": etag });
  assert.deepEqual(
    [same.status, same.json.etag],
    [200, stored.json.etag],
    "what is there already is no change",
  );
  assert.equal(
    (await call("PUT", `/api/v1/workflows/${id}/draft`, { ...broken, nodes: [] }, { "if-match": etag }))
      .status,
    409,
  );
  assert.equal((await call("POST", `/api/v1/workflows/${id}/publish`)).status, 422);
  const still = await call("POST", `/api/v1/workflows/${id}/execute?wait=10`, { name: "X" });
  assert.equal(still.json.output.greeting, "Hello X", "the published version goes on");
  assert.equal((await call("POST", `/api/v1/workflows/${id}/execute?wait=10&draft=1`, {})).status, 422);

  const next = {
    ...hello,
    name: "drafted",
    nodes: hello.nodes.map((node) =>
      node.id === "greet" ? { ...node, config: { fields: { greeting: "Bye {{ $json.name }}" } } } : node,
    ),
  };
  await call("PUT", `/api/v1/workflows/${id}/draft`, next);
  const tried = await call("POST", `/api/v1/workflows/${id}/execute?wait=10&draft=1`, { name: "X" });
  assert.equal(tried.json.output.greeting, "Bye X");
  assert.equal((await call("GET", `/api/v1/executions/${tried.json.id}`)).json.mode, "test");
  const published = await call("POST", `/api/v1/workflows/${id}/publish`);
  assert.equal(published.json.version, 2);
  assert.equal((await call("POST", `/api/v1/workflows/${id}/publish`)).json.version, 2, "nothing changed");
  const versions = await call("GET", `/api/v1/workflows/${id}/versions?limit=1`);
  assert.equal(versions.json.items[0].version, 2);
  const older = await call("GET", `/api/v1/workflows/${id}/versions?limit=1&after=${versions.json.next}`);
  assert.deepEqual([older.json.items[0].version, older.json.next], [1, undefined]);
  const first = await call("GET", `/api/v1/workflows/${id}/versions/1`);
  assert.deepEqual(first.json.definition.name, "drafted");
  assert.deepEqual(
    [versions, older].map(({ json }) => json.items[0].publishedBy),
    ["key:environment", "key:environment"],
  );
});

test("lists page by key, filter by workflow, status and time", async () => {
  const all: string[] = [];
  let after = "";
  do {
    const page = (await call("GET", `/api/v1/executions?limit=2${after && `&after=${after}`}`)).json;
    all.push(...page.items.map((row: { id: string }) => row.id));
    after = page.next ?? "";
  } while (after);
  assert.equal(new Set(all).size, all.length);
  assert.deepEqual(all, [...all].sort().reverse());
  const ofHello = (await call("GET", "/api/v1/executions?workflow=hello&status=succeeded")).json.items;
  assert.equal(ofHello.length, 2);
  const future = new Date(Date.now() + 60_000).toISOString();
  assert.equal((await call("GET", `/api/v1/executions?from=${future}`)).json.items.length, 0);
  assert.equal(
    (await call("GET", `/api/v1/executions?to=${future}&workflow=${ids.hello}`)).json.items.length,
    2,
  );
  assert.equal((await call("GET", "/api/v1/executions?status=odd")).status, 400);
});

test("the timeline tells what each node took and gave", async () => {
  const { json } = await call("POST", "/api/v1/workflows/hello/execute?wait=10", [
    { name: "A" },
    { name: "B" },
  ]);
  const execution = (await call("GET", `/api/v1/executions/${json.id}`)).json;
  assert.deepEqual(execution.input, [{ name: "A" }, { name: "B" }]);
  const greet = execution.timeline.find((run: { node: string }) => run.node === "greet");
  assert.deepEqual([greet.status, greet.itemsIn, greet.itemsOut], ["succeeded", 2, { main: 2 }]);
  const page = (await call("GET", `/api/v1/executions/${json.id}/runs/greet/data?limit=1`)).json;
  assert.deepEqual([page.total, page.items[0].json.greeting, page.next], [2, "Hello A", "1"]);
  const rest = (await call("GET", `/api/v1/executions/${json.id}/runs/greet/data?limit=1&after=1`)).json;
  assert.deepEqual([rest.items[0].index, rest.items[0].json.greeting, rest.next], [1, "Hello B", undefined]);
  const input = (await call("GET", `/api/v1/executions/${json.id}/runs/greet/data?side=in`)).json;
  assert.deepEqual(
    input.items.map((item: { json: unknown }) => item.json),
    [{ name: "A" }, { name: "B" }],
  );
  const turns = (await call("GET", `/api/v1/executions/${json.id}/turns`)).json;
  assert.equal(turns.items[0].seq, 1);
  assert.equal((await call("GET", `/api/v1/executions/${json.id}/runs/none/data`)).status, 404);
});

test("a failure is answered with its id and reason, and tried again as a fork", async () => {
  const { id } = await create(failing);
  const failed = await call("POST", `/api/v1/workflows/${id}/execute?wait=10`, {});
  assert.deepEqual([failed.status, failed.json.status, failed.json.failure.code], [200, "failed", "NO_WAY"]);
  const retried = await call("POST", `/api/v1/executions/${failed.json.id}/retry`);
  assert.equal(retried.status, 202);
  assert.notEqual(retried.json.id, failed.json.id);
  const fork = (await call("GET", `/api/v1/executions/${retried.json.id}?wait=10`)).json;
  assert.deepEqual([fork.status, fork.originId], ["failed", failed.json.id]);
  assert.equal(fork.timeline.find((run: { node: string }) => run.node === "start").kept, true);
  const rerun = await call("POST", `/api/v1/executions/${failed.json.id}/rerun`, { input: { other: 1 } });
  const again = (await call("GET", `/api/v1/executions/${rerun.json.id}?wait=10`)).json;
  assert.deepEqual(again.input, { other: 1 });
});

test("the same key is the same execution; another body under it is refused", async () => {
  const key = { "idempotency-key": "order-17" };
  const path = "/api/v1/workflows/hello/execute?wait=10";
  const [one, two] = await Promise.all([
    call("POST", path, { name: "K" }, key),
    call("POST", path, { name: "K" }, key),
  ]);
  assert.equal(one.json.id, two.json.id);
  assert.deepEqual(one.json.output, two.json.output);
  const other = await call("POST", path, { name: "L" }, key);
  assert.deepEqual(
    [other.status, other.json.code, other.json.executionId],
    [409, "IDEMPOTENCY_KEY_REUSED", one.json.id],
  );
});

test("a signal, a resume address and an approval wake what waits; closed is 410, unknown 404", async () => {
  const start = async (definition: unknown, input: unknown = {}) => {
    const { id } = await create(definition);
    const started = await call("POST", `/api/v1/workflows/${id}/execute`, input);
    assert.equal(started.status, 202);
    return started.json.id as string;
  };
  const waiting = (id: string) =>
    until(async () => {
      const execution = (await call("GET", `/api/v1/executions/${id}`)).json;
      return execution.waits.length > 0 && execution;
    });

  const signalled = await start(waitsForSignal);
  await call("POST", `/api/v1/executions/${signalled}/signal`, {
    name: "paid",
    id: "s1",
    payload: { amount: 3 },
  });
  assert.equal((await call("GET", `/api/v1/executions/${signalled}?wait=10`)).json.status, "succeeded");
  const late = await call("POST", `/api/v1/executions/${signalled}/signal`, { name: "paid" });
  assert.deepEqual([late.status, late.json.code], [410, "EXECUTION_CLOSED"]);

  const called = await start(waitsForCall);
  const resume = new URL((await waiting(called)).waits[0].resumeUrl).pathname;
  const none = { authorization: "" };
  assert.equal((await call("GET", resume, undefined, none)).status, 200);
  assert.equal(
    (await call("GET", `/api/v1/executions/${called}`)).json.status,
    "waiting",
    "GET changes nothing",
  );
  assert.equal((await call("POST", resume, { ok: true }, none)).status, 200);
  assert.equal((await call("GET", `/api/v1/executions/${called}?wait=10`)).json.status, "succeeded");
  assert.equal((await call("POST", resume, { ok: true }, none)).status, 410);
  assert.equal((await call("POST", "/hooks/resume/AAAA", {}, none)).status, 404);

  const asked = await start(approves, { amount: 5 });
  const { waits } = await waiting(asked);
  assert.equal(waits[0].title, "Refund 5?");
  const open = (await call("GET", "/api/v1/waits?assignee=finance")).json.items;
  assert.deepEqual(
    open.map((wait: { executionId: string }) => wait.executionId),
    [asked],
  );
  const path = `/api/v1/executions/${asked}/waits/${encodeURIComponent(waits[0].wait)}`;
  const both = await Promise.all([
    call("POST", path, { decision: "approve" }),
    call("POST", path, { decision: "reject" }),
  ]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 410], "the first answer counts");
  const ended = (await call("GET", `/api/v1/executions/${asked}?wait=10`)).json;
  assert.equal(ended.output.said, both[0]?.status === 200 ? "yes" : "no");
  assert.equal((await call("POST", `/api/v1/executions/${asked}/waits/none`, {})).status, 410);
});

test("pause, resume, cancel, terminate", async () => {
  const start = async () => {
    const path = `/api/v1/workflows/${encodeURIComponent(waitsForSignal.name)}/execute`;
    return (await call("POST", path, {})).json.id as string;
  };
  const paused = await start();
  assert.equal((await call("POST", `/api/v1/executions/${paused}/pause`)).status, 200);
  assert.equal((await call("GET", `/api/v1/executions/${paused}`)).json.status, "paused");
  assert.equal((await call("POST", `/api/v1/executions/${paused}/resume`)).status, 200);
  assert.equal((await call("POST", `/api/v1/executions/${paused}/cancel`, { reason: "enough" })).status, 200);
  const cancelled = (await call("GET", `/api/v1/executions/${paused}?wait=10`)).json;
  assert.deepEqual([cancelled.status, cancelled.cancel.reason], ["cancelled", "enough"]);
  const terminated = await start();
  await call("POST", `/api/v1/executions/${terminated}/terminate`);
  assert.equal((await call("GET", `/api/v1/executions/${terminated}?wait=10`)).json.status, "terminated");
  const unknown = "01900000-0000-7000-8000-000000000000";
  assert.equal((await call("POST", `/api/v1/executions/${unknown}/cancel`)).status, 404);
});

test("webhooks: the workflow answers, keys hold, paths have one owner, deleting ends them", async () => {
  const { id, webhooks } = await create(webhook("orders/new"));
  assert.equal(webhooks[0].path, "/hooks/orders/new");
  const none = { authorization: "" };
  const answered = await call("POST", "/hooks/orders/new?a=1", { n: 1 }, none);
  assert.deepEqual(
    [answered.status, answered.headers.get("x-answer"), answered.json],
    [201, "yes", { got: { n: 1 } }],
  );
  const keyed = { ...none, "webhook-id": "evt_1" };
  await call("POST", "/hooks/orders/new", { n: 2 }, keyed);
  assert.deepEqual((await call("POST", "/hooks/orders/new", { n: 2 }, keyed)).json, { got: { n: 2 } });
  assert.equal((await call("POST", "/hooks/orders/new", { n: 3 }, keyed)).status, 409);
  const form = await call("POST", "/hooks/orders/new", "a=1&b=2&b=3", {
    ...none,
    "content-type": "application/x-www-form-urlencoded",
  });
  assert.deepEqual(form.json, { got: { a: "1", b: ["2", "3"] } });
  assert.equal((await call("PUT", "/hooks/orders/new", {}, none)).status, 405);
  assert.equal((await call("POST", "/hooks/orders/new", "{", none)).status, 400);
  assert.equal((await call("POST", "/hooks/orders", {}, none)).json.code, "WEBHOOK_UNKNOWN");

  const taken = await call("POST", "/api/v1/workflows", { ...webhook("orders/new"), name: "second" });
  assert.equal(taken.status, 409);
  assert.match(taken.json.detail, /webhook orders\/new/);
  assert.equal(
    (await call("GET", "/api/v1/workflows?name=second")).json.items.length,
    0,
    "nothing half-written",
  );

  const quick = await create(webhook("quick", { respond: "immediately" }));
  const accepted = await call("POST", "/hooks/quick", { n: 1 }, none);
  assert.equal(accepted.status, 202);
  assert.equal((await call("GET", `${accepted.json.url}?wait=10`)).json.workflowId, quick.id);

  assert.equal((await call("DELETE", `/api/v1/workflows/${id}`)).status, 204);
  assert.equal((await call("POST", "/hooks/orders/new", {}, none)).status, 404);
  assert.equal((await call("GET", `/api/v1/workflows/${id}`)).status, 404);
  assert.equal(
    (await call("POST", "/api/v1/workflows", webhook("orders/new"))).status,
    201,
    "the path is free again",
  );
});

test("statistics count what happened", async () => {
  const byWorkflow = (await call("GET", "/api/v1/stats?by=workflow")).json;
  const row = byWorkflow.items.find((one: { workflowId: string }) => one.workflowId === ids.hello);
  const listed = (await call("GET", `/api/v1/executions?workflow=${ids.hello}&limit=500`)).json.items;
  assert.deepEqual([row.name, row.count, row.failures], ["hello", listed.length, 0]);
  assert.ok(row.p50 !== null && row.p99 >= row.p50);
  const failures = byWorkflow.items.find((one: { name: string }) => one.name === "failing");
  assert.equal(failures.failures, failures.count);
  const byNode = (await call("GET", `/api/v1/stats?by=node&workflow=${ids.hello}`)).json;
  assert.ok(byNode.items.some((one: { key: string }) => one.key === "greet"));

  const from = new Date(Date.now() - 3_600_000).toISOString();
  const byTime = (
    await call("GET", `/api/v1/stats?by=time&stepSeconds=300&from=${from}&workflow=${ids.hello}`)
  ).json.items as { count: number }[];
  assert.ok(byTime.length >= 12, "empty steps are there too");
  assert.equal(
    byTime.reduce((sum, { count }) => sum + count, 0),
    row.count,
  );
  const causes = (await call("GET", `/api/v1/stats/failures?from=${from}`)).json.items;
  const cause = causes.find((one: { code: string }) => one.code === "NO_WAY");
  assert.deepEqual([cause.workflowName, cause.message, cause.count], ["failing", "No way.", failures.count]);
  assert.equal(
    (await call("GET", "/api/v1/stats?by=time&stepSeconds=60&from=2020-01-01T00:00:00Z")).status,
    400,
  );
});

test("executions are found by what they were given, gave, or failed with", async () => {
  const found = async (search: string) =>
    (await call("GET", `/api/v1/executions?search=${encodeURIComponent(search)}`)).json.items as {
      id: string;
      workflowName: string;
      version: number;
    }[];
  const [ada] = await found("hello ADA");
  assert.deepEqual([ada?.workflowName, ada?.version], ["hello", 1]);
  assert.deepEqual(
    (await found(ada?.id ?? "")).map(({ id }) => id),
    [ada?.id],
  );
  assert.ok((await found("No way")).every(({ workflowName }) => workflowName === "failing"));
  assert.deepEqual(await found("%"), [], "a wildcard is a letter like any other");
});

test("blobs go in and out by id, and ids lead nowhere else", async () => {
  const bytes = new Uint8Array(300_000).fill(7);
  const stored = await call("POST", "/api/v1/blobs?name=a%2Fb.bin", bytes, {
    "content-type": "application/octet-stream",
  });
  assert.equal(stored.status, 201, stored.text);
  assert.deepEqual([stored.json.bytes, stored.json.name], [300_000, "a_b.bin"]);
  const response = await fetch(`${server.running.url}/api/v1/blobs/${encodeURIComponent(stored.json.blob)}`, {
    headers: { authorization: `Bearer ${server.settings.apiKey}` },
  });
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
  for (const id of ["..%2F..%2Fsigning.key", "a.b.c.d", "%2Fetc%2Fpasswd"])
    assert.equal((await call("GET", `/api/v1/blobs/${id}`)).status, 404);
});

test("what is parked is in the list of waits until somebody decides", async () => {
  const parks = {
    name: "parks",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      {
        id: "call",
        type: "http",
        config: { url: "http://127.0.0.1:1/" },
        errorHandling: { onError: "park", retry: { attempts: 1 } },
      },
    ],
    connections: [{ from: "start", to: "call" }],
  };
  const { id: workflow } = await create(parks);
  const { id } = (await call("POST", `/api/v1/workflows/${workflow}/execute`, {})).json;
  const listed = async () =>
    (await call("GET", "/api/v1/waits?kind=parked")).json.items.filter(
      (one: { executionId: string }) => one.executionId === id,
    );
  const row = await until(async () => (await listed())[0]);
  assert.deepEqual(
    [row.kind, row.run, row.workflowName, row.resumeUrl],
    ["parked", "call", "parks", undefined],
  );
  const decide = (action: string) => call("POST", `/api/v1/executions/${id}/parked`, { run: "call", action });
  assert.equal((await decide("retry")).status, 200);
  await until(async () => {
    const [again] = await listed();
    return again && again.wait !== row.wait ? again : undefined;
  });
  assert.equal((await decide("fail")).status, 200);
  await until(async () => ((await listed()).length === 0 ? true : undefined));
});

test("what waits survives a restart", async () => {
  const path = `/api/v1/workflows/${encodeURIComponent(waitsForSignal.name)}/execute`;
  const { id } = (await call("POST", path, {})).json;
  await server.restart();
  assert.equal((await call("GET", `/api/v1/executions/${id}`)).json.status, "waiting");
  await call("POST", `/api/v1/executions/${id}/signal`, { name: "paid" });
  assert.equal((await call("GET", `/api/v1/executions/${id}?wait=10`)).json.status, "succeeded");
  const repeated = await call(
    "POST",
    "/api/v1/workflows/hello/execute?wait=10",
    { name: "K" },
    { "idempotency-key": "order-17" },
  );
  assert.deepEqual([repeated.json.repeated, repeated.json.output.greeting], [true, "Hello K"]);
  assert.equal((await call("POST", "/hooks/quick", { n: 1 }, { authorization: "" })).status, 202);
});
