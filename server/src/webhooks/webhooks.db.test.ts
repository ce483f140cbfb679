// Webhooks through HTTP: who may call, what a call brings, and that a repeated one is the same one.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";
import { runningServer, until } from "../testing/runningServer.ts";

const server = await runningServer({ after });
const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.call(method, path, body, headers);

function hook(path: string, more: Record<string, unknown> = {}) {
  return {
    name: `hook ${path}`,
    nodes: [
      { id: "on", type: "trigger.webhook", config: { path, methods: ["POST", "PUT"], ...more } },
      {
        id: "reply",
        type: "respond",
        config: { status: 201, body: { id: "{{ $execution.id }}", got: "{{ $json.body }}" } },
      },
    ],
    connections: [{ from: "on", to: "reply" }],
  };
}

async function publish(definition: object): Promise<string> {
  const reply = await call("POST", "/api/v1/workflows?publish=1", definition);
  assert.equal(reply.status, 201, reply.text);
  return reply.json.id;
}

/** A connection with what callers prove themselves by; gives its name. */
async function caller(name: string, values: { secret: string; user?: string }): Promise<string> {
  const made = await call("POST", "/api/v1/connections", { name, type: "webhook", values });
  assert.equal(made.status, 201, made.text);
  return name;
}

test("a signed webhook: wrong callers are refused, a replay starts nothing", async () => {
  const credential = await caller("GitHub", { secret: "s3cret" });
  const id = await publish(hook("signed", { authentication: { auth: "github" }, credential }));
  const body = '{"action":"opened"}';
  const signature = `sha256=${createHmac("sha256", "s3cret").update(body).digest("hex")}`;
  const send = (text: string, headers: Record<string, string>) =>
    call("POST", "/hooks/signed", text, { authorization: "", ...headers });
  assert.equal((await send(body, {})).json.code, "WEBHOOK_NOT_SIGNED");
  assert.equal((await send(`${body} `, { "x-hub-signature-256": signature })).status, 401);
  const first = await send(body, { "x-hub-signature-256": signature, "x-github-delivery": "a" });
  assert.equal(first.status, 201, first.text);
  const again = await send(body, { "x-hub-signature-256": signature, "x-github-delivery": "b" });
  assert.deepEqual([again.status, again.json.id], [201, first.json.id]);
  const { json } = await call("GET", `/api/v1/executions?workflow=${id}`);
  assert.equal(json.items.length, 1);
});

test("refused callers stand in the audit log: the first at once, a flood as one more entry with its number", async () => {
  const credential = await caller("Watched", { secret: "s3cret" });
  const id = await publish(hook("watched", { authentication: { auth: "github" }, credential }));
  const send = () => call("POST", "/hooks/watched", "{}", { "x-hub-signature-256": "sha256=00" });
  // biome-ignore lint/suspicious/noExplicitAny: entries as they travel
  const denials = async (): Promise<any[]> =>
    (await call("GET", `/api/v1/audit?kind=denial&object=${id}`)).json.items;
  const first = await send();
  assert.equal(first.status, 401, first.text);
  const [entry] = await until(async () => {
    const found = await denials();
    return found.length > 0 && found;
  });
  assert.deepEqual(
    [entry.what, entry.action, entry.code, entry.name, entry.address, entry.actor, entry.requestId],
    [
      ...["POST /hooks/watched", "hook.receive", "WEBHOOK_NOT_SIGNED", "hook watched", "127.0.0.1"],
      ...["anonymous", first.json.requestId],
    ],
  );
  await Promise.all(Array.from({ length: 40 }, send));
  assert.ok((await denials()).length <= 2, "a flood is counted, not copied");
  // What is counted and not written yet is written when the server ends.
  await server.restart();
  const all = await denials();
  assert.equal(
    all.reduce((sum, one) => sum + (one.count ?? 1), 0),
    41,
  );
  assert.ok(all.length <= 4 && !JSON.stringify(all).includes("s3cret"));
});

test("a secret header does not enter the history; the header that names a call is the trigger's choice", async () => {
  const authentication = { auth: "header", headerName: "X-Api-Key" };
  const credential = await caller("Partner", { secret: "hidden-value" });
  await publish(hook("keyed", { authentication, credential, idempotencyHeader: "X-Request-Id" }));
  const headers = { "x-api-key": "hidden-value", "x-request-id": "r1" };
  const first = await call("POST", "/hooks/keyed", { a: 1 }, headers);
  assert.equal(first.status, 201, first.text);
  const again = await call("PUT", "/hooks/keyed", { a: 1 }, headers);
  assert.equal(again.json.id, first.json.id);
  const other = await call("POST", "/hooks/keyed", { a: 2 }, headers);
  assert.equal(other.json.code, "IDEMPOTENCY_KEY_REUSED");
  const turns = await call("GET", `/api/v1/executions/${first.json.id}/turns`);
  assert.ok(!turns.text.includes("hidden-value") && turns.text.includes("x-request-id"));
});

test("Slack's question for the address is answered; a multipart body brings its files", async () => {
  const credential = await caller("Slack", { secret: "k" });
  await publish(hook("slack", { authentication: { auth: "slack" }, credential }));
  const body = '{"type":"url_verification","challenge":"c-1"}';
  const time = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac("sha256", "k").update(`v0:${time}:${body}`).digest("hex")}`;
  const signed = { "x-slack-request-timestamp": time, "x-slack-signature": signature };
  const answered = await call("POST", "/hooks/slack", body, signed);
  assert.deepEqual([answered.status, answered.text], [200, "c-1"]);

  const id = await publish({ ...hook("files", { keepRaw: true }), connections: [] });
  const form = new FormData();
  form.append("name", "Ada");
  form.append("doc", new File(["hello"], "a.txt", { type: "text/plain" }));
  const sent = new Response(form);
  const bytes = new Uint8Array(await sent.arrayBuffer());
  const type = { "content-type": sent.headers.get("content-type") ?? "" };
  const reply = await call("POST", "/hooks/files", bytes, type);
  assert.ok(reply.status < 300, reply.text);
  const items = await until(async () => {
    const { json } = await call("GET", `/api/v1/executions?workflow=${id}`);
    return json.items[0]?.status === "succeeded" && json.items;
  });
  const shown = await call("GET", `/api/v1/executions/${items[0].id}/turns`);
  assert.match(shown.text, /"doc":\{"blob":"[^"]+","name":"a.txt","mimeType":"text\/plain","bytes":5\}/);
});

test("a test address runs the draft once, as the real address would", async () => {
  const credential = await caller("Tried", { user: "u", secret: "p" });
  const draft = hook("tried", { authentication: { auth: "basic" }, credential });
  const { json: made } = await call("POST", "/api/v1/workflows?publish=0", draft);
  const opened = await call("POST", `/api/v1/workflows/${made.id}/test-hooks`);
  assert.equal(opened.status, 201, opened.text);
  const [{ path, methods }] = opened.json.items;
  assert.deepEqual(methods, ["POST", "PUT"]);
  const headers = { authorization: `Basic ${Buffer.from("u:p").toString("base64")}` };
  assert.equal((await call("GET", path, undefined, headers)).json.code, "WEBHOOK_TEST_OVER");
  const reply = await call("POST", path, { a: 1 }, headers);
  assert.deepEqual([reply.status, reply.json.got], [201, { a: 1 }]);
  const { json } = await call("GET", `/api/v1/executions/${reply.json.id}`);
  assert.equal(json.mode, "test");
  assert.equal((await call("POST", path, { a: 1 }, headers)).json.code, "WEBHOOK_TEST_OVER");
  assert.equal((await call("POST", "/hooks/tried", { a: 1 }, headers)).json.code, "WEBHOOK_UNKNOWN");
});

test("a secret in a definition is refused before it is stored; without its connection a webhook lets nobody in", async () => {
  const inline = hook("inline", { authentication: { auth: "github", secret: "s3cret-in-clear" } });
  for (const [method, path] of [["POST", "/api/v1/workflows?publish=0"]] as const) {
    const refused = await call(method, path, inline);
    assert.deepEqual([refused.status, refused.json.problems[0].code], [422, "SECRET_INLINE"], refused.text);
    assert.equal(refused.json.problems[0].path, "/nodes/0/config/authentication/secret");
    assert.ok(!refused.text.includes("s3cret-in-clear"));
  }
  const { json: made } = await call("POST", "/api/v1/workflows?publish=0", hook("later"));
  const stored = await call("PUT", `/api/v1/workflows/${made.id}/draft`, { ...inline, name: "hook later" });
  assert.deepEqual([stored.status, stored.json.problems[0].code], [422, "SECRET_INLINE"], stored.text);

  const address = { id: "ask", type: "redis", config: { operation: "get", key: "k" } };
  const asking = (connection: string) => ({
    name: `asks ${connection}`,
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { ...address, config: { ...address.config, connection } },
    ],
    connections: [{ from: "start", to: "ask" }],
  });
  assert.equal((await call("POST", "/api/v1/workflows", asking("redis://u:pw@h:6379"))).status, 422);
  assert.equal((await call("POST", "/api/v1/workflows", asking("redis://h:6379"))).status, 201);
  assert.equal((await call("POST", "/api/v1/workflows", asking("redis://u:{{ $vars.x }}@h"))).status, 201);

  const credential = await caller("Gone", { secret: "open-sesame" });
  const authentication = { auth: "header", headerName: "X-Api-Key" };
  const id = await publish(hook("gone", { authentication, credential }));
  const { json } = await call("GET", "/api/v1/connections?limit=100");
  const gone = json.items.find(({ name }: { name: string }) => name === "Gone");
  const headers = { "x-api-key": "open-sesame" };
  assert.equal((await call("POST", "/hooks/gone", {}, headers)).status, 201);
  assert.equal((await call("DELETE", `/api/v1/connections/${gone.id}`)).status, 409, "a workflow uses it");
  assert.equal((await call("DELETE", `/api/v1/connections/${gone.id}?force=true`)).status, 204);
  const closed = await call("POST", "/hooks/gone", {}, headers);
  assert.deepEqual([closed.status, closed.json.code], [503, "WEBHOOK_CLOSED"], id);
});
