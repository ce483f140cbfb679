// API keys over HTTP: made with fewer rights than their maker at most, shown once, ended at once.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { actions, actionsOfRole, roles } from "@auraos/contract";
import pg from "pg";
import { runningServer } from "../testing/runningServer.ts";

const server = await runningServer({ after });
const as = (key: string) => ({ authorization: `Bearer ${key}` });
const make = async (body: unknown, key?: string) =>
  server.call("POST", "/api/v1/api-keys", body, key === undefined ? {} : as(key));

test("a key of each role may do exactly what the table says", async () => {
  const { json: table } = await server.call("GET", "/api/v1/permissions");
  assert.deepEqual(
    table.roles.map((row: { role: string }) => row.role),
    roles,
  );
  for (const role of roles) {
    const made = await make({ name: `key of ${role}`, role });
    assert.equal(made.status, 201);
    assert.deepEqual(new Set(made.json.actions), actionsOfRole(role));
    const caller = await server.running.deps.keys.callerOfKey(made.json.key);
    assert.deepEqual([caller.role, caller.via, caller.credentialId], [role, "key", made.json.id]);
    const write = await server.call(
      "POST",
      "/api/v1/workflows",
      { name: role, nodes: [] },
      as(made.json.key),
    );
    assert.equal(write.status, actionsOfRole(role)?.has("workflow.write") ? 201 : 403, role);
    if (write.status === 403) assert.equal(write.json.code, "NOT_ALLOWED");
  }
});

test("the key is in the answer that made it, and nowhere else", async () => {
  const { json: made } = await make({ name: "secret", actions: ["workflow.read"], expiresInDays: 30 });
  const { json: list } = await server.call("GET", "/api/v1/api-keys");
  const found = list.items.find((key: { id: string }) => key.id === made.id);
  assert.equal(found.key, undefined);
  assert.deepEqual(found.actions, ["workflow.read"]);
  assert.ok(Math.abs(Date.parse(found.expiresAt) - Date.now() - 30 * 86_400_000) < 60_000);
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  const { rows } = await client.query("SELECT * FROM api_keys");
  await client.end();
  assert.ok(rows.length > 0 && !JSON.stringify(rows).includes(made.key.slice(0, -4)));
});

test("a revoked key ends at once, although it was in use a moment ago", async () => {
  const { json: made } = await make({ name: "short", role: "viewer" });
  assert.equal((await server.call("GET", "/api/v1/workflows", undefined, as(made.key))).status, 200);
  assert.equal((await server.call("DELETE", `/api/v1/api-keys/${made.id}`)).status, 204);
  const refused = await server.call("GET", "/api/v1/workflows", undefined, as(made.key));
  assert.deepEqual([refused.status, refused.json.code], [401, "KEY_NEEDED"]);
  assert.equal((await server.call("DELETE", `/api/v1/api-keys/${made.id}`)).status, 404);
  const { json: good } = await server.call("GET", "/api/v1/api-keys");
  assert.ok(!good.items.some((key: { id: string }) => key.id === made.id));
  const { json: all } = await server.call("GET", "/api/v1/api-keys?revoked=1");
  assert.ok(all.items.find((key: { id: string }) => key.id === made.id).revokedAt);
});

test("nobody makes a key that may do more than they", async () => {
  const { json: admin } = await make({ name: "admin", role: "admin" });
  const owner = await make({ name: "up", role: "owner" }, admin.key);
  assert.deepEqual([owner.status, owner.json.code], [403, "RIGHTS_EXCEEDED"]);
  assert.equal((await make({ name: "same", role: "admin" }, admin.key)).status, 201);
  const { json: limited } = await make({ name: "limited", actions: ["key.write"] });
  const more = await make({ name: "more", actions: ["workflow.read"] }, limited.key);
  assert.deepEqual([more.status, more.json.code], [403, "RIGHTS_EXCEEDED"]);
});

test("bad bodies get a clear answer", async () => {
  for (const body of [
    { name: "both", role: "viewer", actions: ["workflow.read"] },
    { name: "neither" },
    { name: "", role: "viewer" },
    { name: "x", actions: ["no.such"] },
    { name: "x", role: "viewer", scopes: ["*"] },
    { name: "x", role: "*" },
  ])
    assert.equal((await make(body)).status, 400, JSON.stringify(body));
  assert.equal((await make({ name: "x", role: "gardener" })).json.code, "ROLE_UNKNOWN");
});

test("use is noted", async () => {
  const { json: made } = await make({ name: "used", role: "viewer" });
  await server.call("GET", "/api/v1/workflows", undefined, as(made.key));
  const { json: list } = await server.call("GET", "/api/v1/api-keys");
  assert.ok(list.items.find((key: { id: string }) => key.id === made.id).lastUsedAt);
});

test("every action has a role that may do it, and the owner may do all", () => {
  for (const action of actions) {
    assert.ok(actionsOfRole("owner")?.has(action), action);
    if (action.endsWith(".write") || action.endsWith(".manage") || action.endsWith(".delete"))
      for (const role of ["viewer", "auditor"])
        assert.ok(!actionsOfRole(role)?.has(action), `${role} ${action}`);
  }
});
