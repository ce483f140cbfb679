// What is set up badly on purpose is found, each with its remedy and its place; and the watch finds what is planted over HTTP.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { browserOf } from "../testing/browserOf.ts";
import { setUpOwner } from "../testing/people.ts";
import { runningServer, until } from "../testing/runningServer.ts";

const server = await runningServer(
  { after },
  { AURAOS_ALLOW_HOSTS: "10.0.0.5:5432", AURAOS_SIGN_INS_PER_MINUTE: "10000" },
);
const { call } = server;
await setUpOwner(server);

test("everything that was planted is found, and what is put right is found no more", async () => {
  const { json: workflow } = await call("POST", "/api/v1/workflows", {
    name: "Risky",
    nodes: [
      { id: "hook", type: "trigger.webhook", config: { path: "open-door" } },
      { id: "code", type: "code", name: "Own code", config: { code: "return items" } },
      { id: "write", type: "file.write", name: "Writes", config: { path: "x.txt", content: "x" } },
    ],
    connections: [
      { from: "hook", to: "code" },
      { from: "code", to: "write" },
    ],
  });
  const published = await call("POST", `/api/v1/workflows/${workflow.id}/publish`);
  assert.equal(published.status, 200, published.text);
  const { json: key } = await call("POST", "/api/v1/api-keys", { name: "forgotten", role: "viewer" });
  await call("POST", "/api/v1/connections", {
    ...{ name: "Idle", type: "http.bearer", values: { token: "secret-of-idle" }, hosts: ["x.example"] },
  });
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  await client.query("UPDATE api_keys SET created_at = now() - interval '200 days' WHERE name = 'forgotten'");
  await client.query(
    "UPDATE connections SET created_at = now() - interval '200 days', updated_at = now() - interval '200 days'",
  );
  await client.query(`UPDATE auth.session SET "createdAt" = now() - interval '10 days'`);
  await client.end();

  const { json: check } = await call("GET", "/api/v1/security-check");
  const found = new Set(check.items.map((one: { check: string }) => one.check));
  for (const expected of [
    "riskyNode",
    "privateHosts",
    "unusedConnection",
    "staleKey",
    "endlessKey",
    "ownerWithoutMfa",
    "mfaNotRequired",
    "openWebhook",
    "oldSession",
    "oneOwner",
  ])
    assert.ok(found.has(expected), `${expected} in ${[...found]}`);
  assert.deepEqual(check.passed, ["publicWithoutTls"]);
  const titles = check.items.map(({ title }: { title: string }) => title);
  assert.ok(titles.includes('"Risky": Own code runs code that people wrote'), titles.join("\n"));
  assert.ok(titles.includes("Anybody may call POST /hooks/open-door"), titles.join("\n"));
  assert.equal(check.items[0].severity, "critical");

  await call("DELETE", `/api/v1/api-keys/${key.id}`);
  await call("POST", `/api/v1/workflows/${workflow.id}/unpublish`);
  const { json: better } = await call("GET", "/api/v1/security-check");
  for (const gone of ["riskyNode", "staleKey", "openWebhook"]) assert.ok(better.passed.includes(gone), gone);
});

test("passwords tried on many accounts become a finding and an alert, once, until somebody has looked", async () => {
  const rule = await call("POST", "/api/v1/alerts/rules", {
    ...{ name: "Security", severity: "critical", condition: { kind: "security" } },
  });
  assert.equal(rule.status, 201, rule.text);
  for (let n = 0; n < 12; n += 1)
    await browserOf(server).call("POST", "/api/v1/auth/sign-in", {
      ...{ email: `guess-${n}@example.com`, password: "Summer2026!" },
    });
  const { items } = await until(async () => {
    const { json } = await call("GET", "/api/v1/security-findings?status=open");
    return json.items.length > 0 && json;
  });
  assert.deepEqual(
    items.map(({ kind, severity, title }: Record<string, string>) => [kind, severity, title]),
    [["stuffing", "critical", "Passwords are tried from 127.0.0.0/24"]],
  );
  await call("POST", "/api/v1/alerts/check");
  const { json: alerts } = await call("GET", "/api/v1/alerts?status=open");
  assert.ok(
    alerts.items.some(({ kind }: { kind: string }) => kind === "security"),
    JSON.stringify(alerts.items),
  );
  assert.equal((await call("POST", `/api/v1/security-findings/${items[0].id}/seen`)).status, 204);
  assert.equal((await call("GET", "/api/v1/security-findings?status=open")).json.items.length, 0);
  await call("POST", "/api/v1/alerts/check");
  assert.equal((await call("GET", "/api/v1/alerts?status=open")).json.items.length, 0);
});

test("a mass export by one key is a finding", async () => {
  const { json: key } = await call("POST", "/api/v1/api-keys", { name: "taker", role: "owner" });
  const headers = { authorization: `Bearer ${key.key}` };
  for (let n = 0; n < 12; n += 1) {
    const reply = await fetch(`${server.running.url}/api/v1/audit/export`, { headers });
    await reply.arrayBuffer();
  }
  const found = await until(async () => {
    const { json } = await call("GET", "/api/v1/security-findings?status=open");
    return json.items.find(({ kind }: { kind: string }) => kind === "massExport");
  });
  assert.match(found.detail, /^key:taker\. /);
  // The same in parts, for pages in other languages.
  assert.equal(found.code, "massExport");
  assert.equal(found.parameters.actor, "key:taker");
  assert.ok(Number(found.parameters.exports) > 0, JSON.stringify(found.parameters));
});
