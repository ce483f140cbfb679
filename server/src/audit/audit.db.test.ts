// The audit log on a real database: changes and denials in order, no values, and a chain that tells where it was broken.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";
import pg from "pg";
import { openPool, withTenant } from "../platform/db.ts";
import { runningServer, testKey, until } from "../testing/runningServer.ts";

after(() => api.end());
const server = await runningServer({ after });
const { call } = server;
const api = openPool(server.database.url, { role: "auraos_api", name: "test", max: 2 });
const { orgId } = server.running;
const list = async (query = "") => (await call("GET", `/api/v1/audit?${query}`)).json.items;

test("a change is there when it is answered: who, what, which fields, and no value", async () => {
  const { json } = await call("POST", "/api/v1/workflows", { name: "Orders", nodes: [], connections: [] });
  const [entry] = await list();
  assert.deepEqual(
    [entry.action, entry.what, entry.object, entry.name, entry.outcome],
    ["workflow.write", "POST /api/v1/workflows", json.id, "Orders", "done"],
  );
  assert.deepEqual(entry.fields, ["name", "nodes", "connections"]);
  await call("DELETE", `/api/v1/workflows/${json.id}`);
  assert.deepEqual(
    (await list(`object=${json.id}`)).map(({ what }: { what: string }) => what.split(" ")[0]),
    ["DELETE", "POST"],
  );
  assert.ok(!JSON.stringify(await list()).includes("secret-value"));
});

test("a denial is there too; reading is not", async () => {
  const { json } = await call("POST", "/api/v1/api-keys", { name: "weak", role: "viewer" });
  const denied = await call(
    "POST",
    "/api/v1/workflows",
    { name: "No" },
    { authorization: `Bearer ${json.key}` },
  );
  assert.equal(denied.status, 403);
  await until(async () => (await list("outcome=denied")).length === 1);
  const [entry] = await list("outcome=denied");
  assert.deepEqual([entry.actor, entry.action, entry.code], ["key:weak", "workflow.write", "NOT_ALLOWED"]);
  const before = (await list()).length;
  await call("GET", "/api/v1/workflows");
  assert.equal((await list()).length, before);
});

test("many at once form one chain, which anybody can recalculate from the export", async () => {
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      call("POST", "/api/v1/workflows", { name: `W${n}`, nodes: [], connections: [] }),
    ),
  );
  const report = (await call("GET", "/api/v1/audit/verify")).json;
  assert.equal(report.ok, true);
  const headers = { authorization: `Bearer ${testKey}` };
  const exported = await fetch(`${server.running.url}/api/v1/audit/export`, { headers });
  const lines = (await exported.text()).trim().split("\n");
  assert.equal(lines.length, report.entries);
  let hash = Buffer.alloc(32);
  for (const line of lines) {
    const one = JSON.parse(line) as { seq: number; entry: string; hash: string };
    hash = createHash("sha256").update(hash).update(`${one.seq}|${one.entry}`).digest();
    assert.equal(one.hash, hash.toString("hex"));
  }
  assert.equal(report.head, hash.toString("hex"));
});

test("the application can neither change nor remove nor forge an entry", async () => {
  for (const sql of [
    "UPDATE audit_entries SET entry = '{}'",
    "DELETE FROM audit_entries",
    "TRUNCATE audit_entries",
    "INSERT INTO audit_entries SELECT org_id, seq + 1000, entry, hash FROM audit_entries LIMIT 1",
    "UPDATE audit_heads SET seq = 0",
    "DROP TABLE audit_entries",
  ])
    await assert.rejects(
      withTenant(api, orgId, (tx) => tx.query(sql)),
      /permission denied|must be owner/,
      sql,
    );
});

test("whoever changes the database directly is found at the right entry", async () => {
  const owner = new pg.Client({ connectionString: server.database.url });
  await owner.connect();
  const verify = async () => (await call("GET", "/api/v1/audit/verify")).json;
  const tried = async (sql: string, brokenAt: number) => {
    await owner.query("CREATE TEMP TABLE kept AS SELECT * FROM audit_entries");
    await owner.query(sql);
    assert.deepEqual([(await verify()).ok, (await verify()).brokenAt], [false, brokenAt], sql);
    await owner.query("DELETE FROM audit_entries");
    await owner.query("INSERT INTO audit_entries SELECT * FROM kept");
    await owner.query("DROP TABLE kept");
    assert.equal((await verify()).ok, true);
  };
  const { entries } = await verify();
  await tried("UPDATE audit_entries SET entry = replace(entry, 'Orders', 'Others') WHERE seq = 1", 1);
  await tried("DELETE FROM audit_entries WHERE seq = 3", 3);
  await tried(`DELETE FROM audit_entries WHERE seq > ${entries - 2}`, entries - 1);
  await owner.end();
});
