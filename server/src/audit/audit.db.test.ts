// The audit log on a real database: changes and denials in order, no values, and a chain that tells where it was broken.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { openPool, withTenant } from "../platform/db.ts";
import { runningServer, testKey, until } from "../testing/runningServer.ts";
import type { AuditFact } from "./createAudit.ts";
import { signerOf, verifierKeyOf } from "./note.ts";

after(() => Promise.all([api.end(), engine.end(), identity.end()]));
const server = await runningServer({ after });
const { call } = server;
const api = openPool(server.database.url, { role: "auraos_api", name: "test", max: 2 });
const engine = openPool(server.database.url, { role: "auraos_engine", name: "test", max: 1 });
const identity = openPool(server.database.url, { role: "auraos_identity", name: "test", max: 1 });
const { orgId } = server.running;
const list = async (query = "") => (await call("GET", `/api/v1/audit?${query}`)).json.items;

test("a change is there when it is answered: who, from where, what, and what became different", async () => {
  const { json } = await call("POST", "/api/v1/workflows", { name: "Orders", nodes: [], connections: [] });
  const [entry] = await list();
  assert.deepEqual(
    [entry.kind, entry.action, entry.what, entry.object, entry.name, entry.outcome, entry.address],
    ["change", "workflow.write", "POST /api/v1/workflows", json.id, "Orders", "done", "127.0.0.1"],
  );
  assert.deepEqual(entry.fields, ["name", "nodes", "connections"]);
  const changed = await call("PUT", `/api/v1/workflows/${json.id}/draft`, {
    ...{ name: "Orders", nodes: [], connections: [], description: "of the day" },
    settings: { timeoutSeconds: 9 },
  });
  assert.equal(changed.status, 200, changed.text);
  const [second] = await list(`object=${json.id}`);
  const change = second.changes.find(({ path }: { path: string }) => path.endsWith("description"));
  assert.deepEqual(change?.after, "of the day");
  await call("DELETE", `/api/v1/workflows/${json.id}`);
  assert.deepEqual(
    (await list(`object=${json.id}`)).map(({ what }: { what: string }) => what.split(" ")[0]),
    ["DELETE", "PUT", "POST"],
  );
});

test("no secret gets into it: not of a connection, a key, an invitation, a header in a workflow", async () => {
  const secret = "canary-0c3a55-of-the-audit-log";
  const connection = await call("POST", "/api/v1/connections", {
    ...{ name: "Bank", type: "http.bearer", values: { token: secret }, hosts: ["bank.example"] },
  });
  assert.equal(connection.status, 201, connection.text);
  const config = {
    url: "https://x.example",
    headers: { Authorization: `Bearer ${secret}` },
  };
  const pays = await call("POST", "/api/v1/workflows", {
    ...{ name: "Pays", connections: [] },
    nodes: [{ id: "call", type: "http", name: "Call", config, position: { x: 0, y: 0 } }],
  });
  assert.equal(pays.status, 201, pays.text);
  const { json } = await call("POST", "/api/v1/api-keys", { name: "made", role: "viewer" });
  const exported = await textOf("export");
  assert.ok(exported.includes("POST /api/v1/connections"));
  assert.ok(exported.includes("Pays"));
  assert.ok(!exported.includes(secret));
  assert.ok(!exported.includes(json.key));
  await call("DELETE", `/api/v1/api-keys/${json.id}`);
  const [ended] = await list(`object=${json.id}`);
  // It was among the keys, and is no more.
  assert.ok(
    ended.changes.some(
      ({ path, before }: { path: string; before: unknown }) => path === "name" && before === "made",
    ),
  );
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
  const lines = (await textOf("export")).trim().split("\n");
  const report = await verify();
  assert.equal(report.ok, true);
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
    "DELETE FROM audit_heads",
    "DROP TABLE audit_entries",
    "ALTER TABLE audit_entries DROP COLUMN hash",
    "ALTER TABLE audit_entries DISABLE ROW LEVEL SECURITY",
    "DROP FUNCTION audit_append(text[])",
  ])
    for (const pool of [api, engine, identity])
      await assert.rejects(
        withTenant(pool, orgId, (tx) => tx.query(sql)),
        /permission denied|must be owner/,
        sql,
      );
});

test("whoever changes the database directly is found at the right entry", async () => {
  const owner = await asSuperuser();
  const { entries } = await verify();
  await tried(owner, "UPDATE audit_entries SET entry = replace(entry, 'Orders', 'Others') WHERE seq = 1", 1);
  await tried(owner, "DELETE FROM audit_entries WHERE seq = 3", 3);
  await tried(owner, `DELETE FROM audit_entries WHERE seq > ${entries - 2}`, entries - 1);
  await owner.end();
});

test("whoever calculates the whole chain anew is found by the checkpoints, at the right entry", async () => {
  const { checkpoints } = server.running.deps;
  for (let round = 0; round < 3; round += 1) {
    await call("POST", "/api/v1/workflows", { name: `C${round}`, nodes: [], connections: [] });
    await call("POST", "/api/v1/workflows", { name: `D${round}`, nodes: [], connections: [] });
    assert.equal(await checkpoints.write(), 1);
  }
  assert.equal(await checkpoints.write(), 0);
  const good = await verify();
  assert.deepEqual([good.ok, good.checkpoints, good.checkpointedTo], [true, 3, good.entries]);
  const owner = await asSuperuser();
  const victim = good.entries - 3;
  await tried(owner, rewriteFrom(victim), victim);
  await tried(owner, cutAt(victim), victim);
  // Everything forgotten, heads included: the file remembers.
  await tried(
    owner,
    "DELETE FROM audit_entries; UPDATE audit_heads SET seq = 0, hash = decode(repeat('00', 32), 'hex')",
    1,
  );
  await owner.end();
});

test("a checkpoint that is forged, changed or taken out is none", async () => {
  const file = join(server.settings.auditCheckpointsDir, `${orgId}.txt`);
  const kept = readFileSync(file, "utf8");
  const notes = kept.split("---\n");
  const { entries } = await verify();
  const seqOf = (note: string | undefined) => Number(note?.split("\n")[1]);
  const forged = [
    [notes.map((note, at) => (at === 1 ? note.replace(/^at 2/m, "at 3") : note)), seqOf(notes[0]) + 1],
    [notes.filter((_, at) => at !== 1), seqOf(notes[0]) + 1],
    [[`${notes[0]?.replace(/^— .*$/m, "")}`], 1],
  ] as const;
  for (const [changed, at] of forged) {
    writeFileSync(file, changed.join("---\n"));
    const report = await verify();
    assert.deepEqual([report.ok, report.brokenAt, report.entries], [false, at, entries], report.reason);
  }
  writeFileSync(file, kept);
  assert.equal((await verify()).ok, true);
});

test("an export is checked without the server, and tells what was changed", async () => {
  const folder = join(server.settings.dataDir, "export");
  mkdirSync(folder, { recursive: true });
  const fetched = async (path: string, name: string) => {
    const text = await textOf(path);
    writeFileSync(join(folder, name), text);
    return text;
  };
  const lines = (await fetched("export", "audit.jsonl")).trim().split("\n");
  await fetched("checkpoints", "checkpoints.txt");
  await fetched("verifier", "verify.mjs");
  const { key } = await verify();
  const check = () =>
    spawnSync(process.execPath, ["verify.mjs", "audit.jsonl", "checkpoints.txt", key], {
      cwd: folder,
      encoding: "utf8",
    });
  const good = check();
  assert.equal(good.status, 0, good.stdout + good.stderr);
  const changed = lines.with(4, (lines[4] ?? "").replace("key:", "key;"));
  writeFileSync(join(folder, "audit.jsonl"), changed.join("\n"));
  const bad = check();
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /BROKEN at entry 5/);
  // With another key nothing is signed.
  writeFileSync(join(folder, "audit.jsonl"), lines.join("\n"));
  const { status } = spawnSync(
    process.execPath,
    ["verify.mjs", "audit.jsonl", "checkpoints.txt", otherKey()],
    { cwd: folder },
  );
  assert.equal(status, 1);
});

test("what was begun when the process ended has its entry with the next start, once", async () => {
  const { deps } = server.running;
  const fact = {
    ...{ orgIds: [orgId], actor: "key:cut-off", userId: null, via: "key", role: "owner" },
    ...({ kind: "change", outcome: "done" } as const),
    ...{
      address: null,
      action: "workflow.write",
      what: "PUT /api/v1/x",
      object: null,
      name: null,
      fields: [],
    },
    ...{ changes: null, code: null },
  } satisfies Omit<AuditFact, "requestId">;
  deps.audit.begin({ ...fact, requestId: "begun" });
  deps.audit.begin({ ...fact, requestId: "arrived" });
  await deps.audit.note({ ...fact, requestId: "arrived" });
  // Its entry arrived, and the process ended before it could say so.
  deps.audit.begin({ ...fact, requestId: "arrived" });
  await server.restart();
  const mine = (await list("actor=key:cut-off&limit=200")).map(
    ({ requestId, outcome }: { requestId: string; outcome: string }) => `${requestId} ${outcome}`,
  );
  assert.deepEqual(mine.sort(), ["arrived done", "begun unknown"]);
});

test("what the database refuses is kept and arrives later", async () => {
  const owner = await asSuperuser();
  await owner.query("REVOKE EXECUTE ON FUNCTION audit_append(text[]) FROM auraos_api");
  const { status } = await call("POST", "/api/v1/workflows", { name: "Kept", nodes: [], connections: [] });
  assert.equal(status, 201);
  await owner.query("GRANT EXECUTE ON FUNCTION audit_append(text[]) TO auraos_api");
  await owner.end();
  await server.restart();
  await until(async () => (await list("limit=5")).some(({ name }: { name: string }) => name === "Kept"));
});

async function textOf(path: string): Promise<string> {
  const headers = { authorization: `Bearer ${testKey}` };
  return (await fetch(`${server.running.url}/api/v1/audit/${path}`, { headers })).text();
}

async function verify() {
  return (await call("GET", "/api/v1/audit/verify")).json;
}

async function asSuperuser(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  return client;
}

/** Tampers, looks what is said, and puts everything back. */
async function tried(owner: pg.Client, sql: string, brokenAt: number): Promise<void> {
  const columns = "org_id, seq, entry, hash";
  await owner.query(`CREATE TEMP TABLE kept AS SELECT ${columns} FROM audit_entries`);
  await owner.query("CREATE TEMP TABLE kept_heads AS SELECT * FROM audit_heads");
  await owner.query(sql);
  const report = await verify();
  assert.deepEqual([report.ok, report.brokenAt], [false, brokenAt], `${sql}: ${report.reason}`);
  await owner.query("DELETE FROM audit_entries");
  await owner.query(`INSERT INTO audit_entries (${columns}) SELECT ${columns} FROM kept`);
  await owner.query(
    "UPDATE audit_heads h SET seq = k.seq, hash = k.hash FROM kept_heads k WHERE k.org_id = h.org_id",
  );
  await owner.query("DROP TABLE kept, kept_heads");
  assert.equal((await verify()).ok, true);
}

/** One entry says something else, and every hash from there on is calculated anew, the head's too. */
function rewriteFrom(seq: number): string {
  return `DO $$ DECLARE r record; h bytea; BEGIN
    UPDATE audit_entries SET entry = replace(entry, '"outcome":"done"', '"outcome":"gone"') WHERE seq = ${seq};
    SELECT hash INTO h FROM audit_entries WHERE seq = ${seq - 1};
    FOR r IN SELECT * FROM audit_entries WHERE seq >= ${seq} ORDER BY seq LOOP
      h := sha256(h || convert_to(r.seq || '|' || r.entry, 'UTF8'));
      UPDATE audit_entries SET hash = h WHERE seq = r.seq;
    END LOOP;
    UPDATE audit_heads SET hash = h;
  END $$`;
}

/** The end is gone, and the head agrees. */
function cutAt(seq: number): string {
  return `DELETE FROM audit_entries WHERE seq >= ${seq};
    UPDATE audit_heads SET seq = ${seq - 1}, hash = (SELECT hash FROM audit_entries WHERE seq = ${seq - 1})`;
}

function otherKey(): string {
  return verifierKeyOf(signerOf(Buffer.alloc(32, 7)));
}
