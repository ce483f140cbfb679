// Connections over HTTP and in executions, on a real database and real services: sealed, bound, redacted, walled.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import pg from "pg";
import { runningServer } from "../testing/runningServer.ts";

/** Looks like nothing else, so that finding it anywhere means a leak. */
const aiKey = "sk-canary-ai-0123456789";
const canary = (n: number) => `canary-${n}-Zq7%&"x\u00e9`;

type Seen = { url: string; authorization: string | undefined; headers: IncomingMessage["headers"] };
const seen: Seen[] = [];
/** Echoes what it was sent, as careless services do. */
async function startService(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const service = createServer((request, response) => {
    const { url = "", headers } = request;
    seen.push({ url, authorization: headers.authorization, headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  after(() => service.close());
  return `127.0.0.1:${(service.address() as AddressInfo).port}`;
}

const echo = await startService((request, response) => {
  const { url = "", headers } = request;
  if (url.startsWith("/away")) {
    response.writeHead(302, { location: `http://${other}/caught` }).end();
    return;
  }
  response.writeHead(url.startsWith("/refuse") ? 401 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify({ you: headers.authorization, key: headers["x-key"], url }));
});
const other = await startService((_, response) => response.end('{"caught":true}'));

const server = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: "127.0.0.1" });
const { call } = server;
const path = "/api/v1/connections";

const make = async (body: object) => {
  const reply = await call("POST", path, body);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
};
const bearer = (name: string, token: string, more: object = {}) =>
  make({ name, type: "http.bearer", values: { token }, hosts: [echo], ...more });

const start = { id: "start", type: "trigger.manual", config: {} };
async function run(config: object, type = "http", input: unknown = {}) {
  const reply = await call("POST", "/api/v1/workflows", {
    name: `Uses ${JSON.stringify(config).slice(0, 40)} ${seen.length}`,
    nodes: [start, { id: "ask", type, name: "Ask", config }],
    connections: [{ from: "start", to: "ask" }],
  });
  if (reply.status !== 201) return reply;
  return call("POST", `/api/v1/workflows/${reply.json.id}/execute?wait=20`, input);
}

describe("a connection", () => {
  test("is made, read without its secret, listed, changed and deleted", async () => {
    const made = await bearer("Shop", canary(1), { description: "The shop" });
    assert.deepEqual(made.values, {});
    assert.deepEqual(Object.keys(made.secrets), ["token"]);
    assert.equal(made.health, "untested");
    const listed = (await call("GET", `${path}?type=http.bearer`)).json.items;
    assert.deepEqual(
      listed.map(({ name }: { name: string }) => name),
      ["Shop"],
    );
    const changed = await call("PUT", `${path}/${made.id}`, { name: "Shop API", values: {}, hosts: [echo] });
    assert.equal(changed.json.name, "Shop API");
    assert.deepEqual(changed.json.secrets, made.secrets);
    assert.equal((await call("DELETE", `${path}/${made.id}`)).status, 204);
    assert.equal((await call("GET", `${path}/${made.id}`)).status, 404);
  });

  test("wrong values are refused with their places", async () => {
    const refused = async (body: object) => {
      const reply = await call("POST", path, body);
      return [reply.status, reply.json.code, reply.json.problems?.[0]?.path];
    };
    const good = { name: "Wrong", type: "http.bearer", values: { token: "t" }, hosts: [echo] };
    assert.deepEqual(await refused({ ...good, type: "nothing" }), [
      422,
      "CONNECTION_TYPE_UNKNOWN",
      undefined,
    ]);
    assert.deepEqual(await refused({ ...good, hosts: [] }), [422, "HOSTS_MISSING", "/hosts"]);
    assert.deepEqual(await refused({ ...good, values: {} }), [422, "VALUES_INVALID", "/values/token"]);
    assert.deepEqual(await refused({ ...good, values: { token: "a\r\nb" } }), [
      422,
      "VALUES_INVALID",
      "/values/token",
    ]);
    assert.deepEqual(await refused({ ...good, values: { token: "t", more: 1 } }), [
      422,
      "VALUES_INVALID",
      "/values",
    ]);
    assert.equal((await refused({ ...good, hosts: ["https://x.y/"] }))[0], 400);
    assert.equal((await refused({ ...good, name: "{{ $json.x }}" }))[0], 400);
    await make(good);
    assert.deepEqual((await refused(good)).slice(0, 2), [409, "CONNECTION_EXISTS"]);
  });

  test("whoever changes where it may go must know the secret", async () => {
    const made = await bearer("Bound", canary(2));
    const away = { name: "Bound", values: {}, hosts: [echo, other] };
    const refused = await call("PUT", `${path}/${made.id}`, away);
    assert.deepEqual([refused.status, refused.json.code], [422, "SECRETS_NEEDED"]);
    const allowed = await call("PUT", `${path}/${made.id}`, { ...away, values: { token: canary(2) } });
    assert.deepEqual(allowed.json.hosts, [echo, other]);
  });

  test("one that a published workflow uses is neither renamed nor deleted by mistake", async () => {
    const made = await bearer("Used", canary(3));
    assert.equal((await run({ url: `http://${echo}/used`, credential: "Used" })).json.status, "succeeded");
    assert.deepEqual((await call("GET", `${path}/${made.id}/uses`)).json.items[0].nodes, ["Ask"]);
    const renamed = await call("PUT", `${path}/${made.id}`, { name: "Other", values: {}, hosts: [echo] });
    assert.deepEqual([renamed.status, renamed.json.code], [409, "CONNECTION_USED"]);
    assert.equal((await call("DELETE", `${path}/${made.id}`)).status, 409);
    assert.equal((await call("DELETE", `${path}/${made.id}?force=1`)).status, 204);
  });
});

describe("in an execution", () => {
  test("it signs the request, and what comes back has no secret in it", async () => {
    await bearer("Echo", canary(4));
    const done = await run({ url: `http://${echo}/echo?x=1`, credential: "Echo" });
    assert.equal(seen.at(-1)?.authorization, `Bearer ${canary(4)}`);
    assert.deepEqual(done.json.output, { you: "Bearer [secret]", url: "/echo?x=1" });
    const failed = await run({ url: `http://${echo}/refuse`, credential: "Echo" });
    assert.equal(failed.json.status, "failed");
    assert.ok(!failed.text.includes("canary"));
  });

  test("headers of one's own win over what the workflow writes, and end at another origin", async () => {
    await make({
      name: "Header",
      type: "http.headers",
      values: { headers: { "X-Key": "header-secret-5" } },
      hosts: ["127.0.0.1"],
    });
    await run({ url: `http://${echo}/own`, credential: "Header", headers: { "x-key": "mine" } });
    assert.equal(seen.at(-1)?.headers["x-key"], "header-secret-5");
    await run({ url: `http://${echo}/away`, credential: "Header" });
    assert.deepEqual([seen.at(-1)?.url, seen.at(-1)?.headers["x-key"]], ["/caught", undefined]);
  });

  test("it goes to no other host, whatever address a workflow computes", async () => {
    await bearer("Only echo", canary(6));
    const before = seen.length;
    const reply = await run({ url: "http://{{ $json.host }}/steal", credential: "Only echo" }, "http", {
      host: other,
    });
    assert.equal(reply.json.failure?.code ?? reply.json.error?.code, "CONNECTION_HOST", reply.text);
    assert.equal(seen.length, before);
  });

  test("a name that is computed, missing or of another kind is refused before anything runs", async () => {
    const codeOf = async (config: object) => {
      const { status, json } = await run({ url: `http://${echo}/`, ...config });
      return [status, json.problems?.[0]?.code, json.problems?.[0]?.field];
    };
    assert.equal((await codeOf({ credential: "{{ $json.name }}" }))[0], 422);
    assert.deepEqual(await codeOf({ credential: "Nobody" }), [422, "CONNECTION_MISSING", "credential"]);
    await make({ name: "Mail", type: "smtp", values: { host: "127.0.0.1", password: canary(7), user: "u" } });
    assert.deepEqual(await codeOf({ credential: "Mail" }), [422, "CONNECTION_TYPE", "credential"]);
  });

  test("an AI node asks with it, itself or through the model that is attached to it", async () => {
    const model = await startService((request, response) => {
      const isKnown = request.headers.authorization === `Bearer ${aiKey}`;
      response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
      const message = { role: "assistant", content: `You sent ${request.headers.authorization}` };
      response.end(JSON.stringify({ model: "m", choices: [{ message, finish_reason: "stop" }], usage: {} }));
    });
    const values = { baseUrl: `http://${model}/v1`, apiKey: aiKey };
    await make({ name: "Models", type: "ai", values });
    const own = await run({ credential: "Models", model: "m", prompt: "Hello" }, "ai.chat");
    assert.equal(own.json.output?.text, "You sent Bearer (hidden)", own.text);
    const reply = await call("POST", "/api/v1/workflows", {
      name: "Attached model",
      nodes: [
        start,
        { id: "ask", type: "ai.chat", config: { prompt: "Hello" } },
        { id: "model", type: "ai.model", config: { model: "m", credential: "Models" } },
      ],
      connections: [
        { from: "start", to: "ask" },
        { from: "model", to: "ask", input: "model" },
      ],
    });
    assert.equal(reply.status, 201, reply.text);
    const attached = await call("POST", `/api/v1/workflows/${reply.json.id}/execute?wait=20`, {});
    assert.equal(attached.json.output?.text, "You sent Bearer (hidden)", attached.text);
  });

  test("a database is asked through its connection", async () => {
    const url = new URL(server.database.url);
    const folder = url.searchParams.get("host");
    const values = {
      host: folder ?? url.hostname,
      port: Number(url.port || url.searchParams.get("port") || 5432),
      database: url.pathname.slice(1),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password) || "unused-here",
      encryption: "none",
    };
    // The test database may listen on a socket only, which no workflow can reach.
    if (folder !== null) return;
    await make({ name: "Own database", type: "postgres", values });
    const done = await run({ credential: "Own database", sql: "select 1 as one" }, "postgres");
    assert.deepEqual(done.json.output, { one: 1 }, done.text);
  });
});

describe("rights", () => {
  const keyWith = async (body: object) => {
    const { json } = await call("POST", "/api/v1/api-keys", { name: `k${Math.random()}`, ...body });
    return { authorization: `Bearer ${json.key}` };
  };

  test("who may not use connections neither publishes nor tries out what uses one", async () => {
    await bearer("Guarded", canary(8));
    const workflow = {
      name: "Guarded use",
      nodes: [start, { id: "ask", type: "http", config: { url: `http://${echo}/g`, credential: "Guarded" } }],
      connections: [{ from: "start", to: "ask" }],
    };
    const weak = await keyWith({
      actions: ["workflow.write", "workflow.publish", "workflow.execute", "workflow.read"],
    });
    const refused = await call("POST", "/api/v1/workflows", workflow, weak);
    assert.deepEqual([refused.status, refused.json.code], [403, "NOT_ALLOWED"]);
    const draft = await call("POST", "/api/v1/workflows?publish=0", workflow, weak);
    assert.equal(draft.status, 201, draft.text);
    const tried = await call("POST", `/api/v1/workflows/${draft.json.id}/execute?draft=1`, {}, weak);
    assert.equal(tried.status, 403);
  });

  test("one that is shared with some roles is used by those only", async () => {
    await bearer("Admins only", canary(9), { roles: ["admin"] });
    const workflow = {
      name: "Shared use",
      nodes: [
        start,
        { id: "ask", type: "http", config: { url: `http://${echo}/s`, credential: "Admins only" } },
      ],
      connections: [{ from: "start", to: "ask" }],
    };
    const refused = await call("POST", "/api/v1/workflows", workflow, await keyWith({ role: "editor" }));
    assert.deepEqual([refused.status, refused.json.code], [403, "CONNECTION_NOT_SHARED"]);
    const allowed = await call("POST", "/api/v1/workflows", workflow, await keyWith({ role: "admin" }));
    assert.equal(allowed.status, 201, allowed.text);
  });

  test("a viewer reads no secret and writes none", async () => {
    const viewer = await keyWith({ role: "viewer" });
    const listed = await call("GET", path, undefined, viewer);
    assert.equal(listed.status, 200);
    assert.ok(!listed.text.includes("canary"));
    assert.equal(
      (await call("POST", path, { name: "x", type: "http.bearer", values: {} }, viewer)).status,
      403,
    );
  });
});

describe("trying one out", () => {
  test("says whether the service lets it in, and keeps that", async () => {
    const good = await bearer("Good", canary(10), {
      values: { token: canary(10), testUrl: `http://${echo}/me` },
    });
    const tested = await call("POST", `${path}/${good.id}/test`);
    assert.deepEqual([tested.json.ok, tested.json.message], [true, `${echo} answered 200.`]);
    assert.deepEqual(tested.json.messageParts, [
      { code: "connection.tested.answeredWith", parameters: { host: echo, status: "200" } },
    ]);
    assert.equal((await call("GET", `${path}/${good.id}`)).json.health, "good");
    const bad = await bearer("Bad", canary(11), {
      values: { token: canary(11), testUrl: `http://${echo}/refuse` },
    });
    const { ok, code } = (await call("POST", `${path}/${bad.id}/test`)).json;
    assert.equal(ok, false);
    assert.match(code, /^[A-Z][A-Z0-9_]+$/);
    assert.equal((await call("GET", `${path}/${bad.id}`)).json.health, "failing");
    const elsewhere = await bearer("Elsewhere", canary(12), {
      values: { token: canary(12), testUrl: `http://${other}/me` },
    });
    const refused = await call("POST", `${path}/${elsewhere.id}/test`);
    assert.equal(refused.json.ok, false);
    assert.notEqual(seen.at(-1)?.authorization, `Bearer ${canary(12)}`);
  });
});

describe("the vault", () => {
  test("changes its key while executions go on, and the old key is gone", async () => {
    await bearer("Rotated", canary(13));
    const ask = () => run({ url: `http://${echo}/r`, credential: "Rotated" });
    const [rotated, ...runs] = await Promise.all([call("POST", "/api/v1/vault/rotate"), ask(), ask(), ask()]);
    assert.equal(rotated.status, 200, rotated.text);
    for (const one of runs) assert.equal(one.json.status, "succeeded", one.text);
    server.running.deps.connections.forget(server.running.orgId);
    assert.equal((await ask()).json.output.you, "Bearer [secret]");
    const { rows } = await query("SELECT version FROM vault_keys");
    assert.deepEqual(rows, [{ version: rotated.json.keyVersion }]);
  });

  test("its root key is a file that only its owner reads; a restart opens everything", async () => {
    const file = join(server.settings.dataDir, "vault.keys");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await server.restart();
    assert.equal(
      (await run({ url: `http://${echo}/again`, credential: "Rotated" })).json.status,
      "succeeded",
    );
  });

  test("nowhere in the database stands a secret: rows, histories, errors", async () => {
    const { rows: tables } = await query(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
    );
    const forms = Array.from({ length: 14 }, (_, n) => canary(n)).flatMap((secret) => [
      secret,
      Buffer.from(secret).toString("base64"),
      encodeURIComponent(secret),
    ]);
    forms.push(
      "header-secret-5",
      aiKey,
      readFileSync(join(server.settings.dataDir, "vault.keys"), "utf8").trim(),
    );
    let looked = 0;
    for (const { name } of tables as { name: string }[]) {
      const { rows } = await query(`SELECT t::text AS text FROM ${name} t`);
      looked += rows.length;
      for (const { text } of rows as { text: string }[]) {
        // bytea shows as hex.
        const bytes = text.replace(/\\x((?:[0-9a-f]{2})+)/g, (_, hex: string) =>
          Buffer.from(hex, "hex").toString("latin1"),
        );
        for (const form of forms)
          assert.ok(!text.includes(form) && !bytes.includes(form), `${name} holds ${form}`);
      }
    }
    assert.ok(looked > 100);
  });

  test("without its root key nothing opens, and it is said which one is missing", async () => {
    const { rows } = await query("SELECT root_id FROM vault_keys");
    await query("UPDATE vault_keys SET root_id = 'elsewhere'");
    const reply = await call("POST", path, {
      name: "Late",
      type: "http.bearer",
      values: { token: "t" },
      hosts: [echo],
    });
    assert.deepEqual([reply.status, reply.json.code], [503, "VAULT_KEY_MISSING"]);
    await query(`UPDATE vault_keys SET root_id = '${rows[0].root_id}'`);
  });
});

async function query(sql: string) {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
