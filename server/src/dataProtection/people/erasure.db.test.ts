// One person is erased from a server that holds her everywhere: afterwards no row and no file has anything of her, the audit
// chain is whole, everybody else is unharmed; and a backup from before that is restored loses her again.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { readZip } from "@auraos/nodes/archive/readZip.ts";
import { zipOfBytes } from "@auraos/nodes/archive/zip.ts";
import pg from "pg";
import { invited, setUpOwner } from "../../testing/people.ts";
import { runningServer, until } from "../../testing/runningServer.ts";
import { testServerUrl } from "../../testing/testServer.ts";
import { readRootKeys } from "../../vault/rootKeys.ts";
import { ledgerFileOf, replayErasures } from "../erasures/replayErasures.ts";

const ann = {
  email: "canary.ann@example.com",
  phone: "+47 912 34 567",
  number: "CUST-77001",
  name: "Ann Canaryson",
  street: "Canary Street 9",
};
const bob = {
  email: "bob.other@example.com",
  phone: "+47 912 34 568",
  name: "Bob Other",
  street: "Other Street 1",
};
const identifiers = [
  { kind: "email", value: ann.email },
  { kind: "phone", value: ann.phone },
  { kind: "id", value: ann.number },
  { kind: "name", value: ann.name },
];
/** Whatever of her may stand anywhere. */
const CANARY = /canary|CUST-77001|912\W?34\W?567|Y2FuYXJ5LmFubkBleGFtcGxl/i;

after(() => admin.end());
// Plain, so that what is found in the dump is really what is there.
const server = await runningServer(
  { after },
  { AURAOS_PAYLOADS: "plain", AURAOS_SIGN_INS_PER_MINUTE: "1000" },
);
const { call } = server;
let admin = await connected(server.database.url);
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
const { orgId } = server.running;
const blobsDir = join(server.settings.dataDir, "blobs");

const record = { email: ann.email, phone: ann.phone, street: ann.street, vip: true, points: 12 };
const other = { email: bob.email, phone: bob.phone, street: bob.street, vip: false, points: 7 };

async function workflow(name: string, nodes: object[], connections: object[]): Promise<string> {
  const { json, text } = await call("POST", "/api/v1/workflows", { name, nodes, connections });
  assert.ok(json.id, text);
  return json.id;
}

async function execute(id: string, input: unknown, headers = {}): Promise<string> {
  const { json, text } = await call("POST", `/api/v1/workflows/${id}/execute?draft=1`, input, headers);
  assert.ok(json.id, text);
  return json.id;
}

const isIn = (id: string, ...states: string[]) =>
  until(async () => states.includes((await call("GET", `/api/v1/executions/${id}`)).json?.status));

const start = { id: "start", type: "trigger.manual", config: {} };
const greets = await workflow(
  "Greets",
  [
    start,
    {
      id: "greet",
      type: "set",
      config: { fields: { text: "Dear {{ $json.email }}, at {{ $json.street }}" } },
    },
    { id: "stop", type: "stop", config: { message: "No reply from {{ $json.email }}", code: "NO_REPLY" } },
  ],
  [
    { from: "start", to: "greet" },
    { from: "greet", to: "stop" },
  ],
);
const waits = await workflow(
  "Waits",
  [start, { id: "wait", type: "wait", config: { for: "signal", signal: "go" } }],
  [{ from: "start", to: "wait" }],
);

const owner = await setUpOwner(server, "owner@example.com");
const made = await fill();

async function fill() {
  const failed = await execute(greets, record, { "idempotency-key": `order of ${ann.email}` });
  const bobs = await execute(greets, other);
  const big = Array.from({ length: 4_000 }, (_, n) =>
    n === 1_700 ? record : { ...other, email: `bob.${n}@example.com`, filler: "x".repeat(60) },
  );
  const large = await execute(greets, big);
  const open = await execute(waits, { customer: record });
  for (const id of [failed, bobs, large]) await isIn(id, "failed");
  await isIn(open, "waiting");

  for (const [id, who] of [
    ["e1", ann],
    ["e2", bob],
  ] as const)
    await call("POST", "/api/v1/events", [
      { type: "signed.up", source: `/site/${who.email}`, id, data: { email: who.email, name: who.name } },
    ]);

  const { json: table } = await call("POST", "/api/v1/tables", {
    name: "Customers",
    columns: [
      { name: "email", type: "text", unique: true },
      { name: "street", type: "text" },
      { name: "note", type: "text" },
    ],
  });
  const rows = await call("POST", `/api/v1/tables/${table.id}/rows`, {
    rows: [
      { email: ann.email, street: ann.street, note: "" },
      { email: bob.email, street: bob.street, note: `referred by ${ann.name}` },
    ],
  });
  assert.ok(rows.status < 300, rows.text);

  const csv = `email;street\n${ann.email};x\n${bob.email};y\n`;
  const upload = async (name: string, bytes: Uint8Array | string) =>
    (await call("POST", `/api/v1/blobs?name=${name}`, bytes, { "content-type": "application/octet-stream" }))
      .json.blob as string;
  const text = await upload("list.csv", csv);
  const packed = await upload("list.csv.gz", gzipSync(csv));

  const member = await invited(server, owner, ann.email, "editor");
  const { json: own } = await member.call("POST", "/api/v1/workflows", {
    name: "Of a member",
    nodes: [],
    connections: [],
  });
  assert.ok(own.id);
  const { json: live } = await member.call("POST", "/api/v1/workflows", {
    name: "Live, of a member",
    nodes: [start],
    connections: [],
  });
  assert.equal(await publisherOf(live.id), `user:${ann.email}`);
  const { json: me } = await member.call("GET", "/api/v1/account");

  const now = new Date().toISOString();
  const task = await call("POST", "/api/v1/tasks", { name: "Mails", type: "workflow", workflow: greets });
  await admin.query(
    `INSERT INTO tasks (id, org_id, name, type, config) VALUES (gen_random_uuid(), $1, 'direct', 'workflow', '{}')`,
    [orgId],
  );
  await admin.query(
    `INSERT INTO task_executions (id, org_id, task_id, status, completed_at, result, actor, key)
     SELECT gen_random_uuid(), $1, id, 'succeeded', $2, $3, $4, $5 FROM tasks WHERE name = 'direct'`,
    [orgId, now, JSON.stringify({ sent: record }), `user:${ann.email}`, `mail ${ann.email}`],
  );
  await admin.query(
    `INSERT INTO alert_rules (id, org_id, name, kind, severity, config) VALUES (gen_random_uuid(), $1, 'r', 'latency', 'info', '{}')`,
    [orgId],
  );
  await admin.query(
    `INSERT INTO alerts (id, org_id, rule_id, key, title, detail)
     SELECT gen_random_uuid(), $1, id, 'k', $2, $3 FROM alert_rules WHERE org_id = $1`,
    [orgId, `${ann.name} waits`, `mail to ${encodeURIComponent(ann.email)} bounced`],
  );
  return {
    failed,
    bobs,
    large,
    open,
    live: live.id as string,
    table: table.id as string,
    text,
    packed,
    user: me.user.id as string,
    task,
  };
}

async function publisherOf(id: string): Promise<string | null> {
  return (await call("GET", `/api/v1/workflows/${id}/versions/1`)).json.publishedBy;
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

/** Everything that a dump of the database would hold, as text, bytes included. */
async function dump(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'auth')`,
  );
  const all = new Map<string, string>();
  for (const { name } of rows) {
    const { rows: values } = await client.query({ text: `SELECT * FROM ${name}`, rowMode: "array" });
    all.set(
      name,
      values
        .map((row: unknown[]) =>
          row.map((one) => (Buffer.isBuffer(one) ? one.toString("latin1") : JSON.stringify(one))).join(" "),
        )
        .join("\n"),
    );
  }
  return all;
}

function filesWith(folder: string, pattern: RegExp): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).filter((name) => {
    const path = join(folder, name);
    if (!statSync(path).isFile()) return false;
    const bytes = readFileSync(path);
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return pattern.test(text.toString("latin1"));
  });
}

const tablesWith = (all: Map<string, string>, pattern: RegExp) =>
  [...all]
    .filter(([, text]) => pattern.test(text))
    .map(([name]) => name)
    .sort();

async function erase(body: object = {}) {
  const { status, json, text } = await call("POST", "/api/v1/data-protection/erasures", {
    identifiers,
    reason: "asked for by letter",
    ...body,
  });
  assert.equal(status, 202, text);
  return json.id as string;
}

const settled = (id: string, ...states: string[]) =>
  until(async () => {
    const { json } = await call("GET", `/api/v1/data-protection/erasures/${id}`);
    return states.includes(json.state) ? json : undefined;
  }, 30_000);

test("she is found everywhere, and the search names where", async () => {
  const { status, json } = await call("POST", "/api/v1/data-protection/people/search", { identifiers });
  assert.equal(status, 200);
  const places = new Map(json.places.map((one: { table: string; count: number }) => [one.table, one.count]));
  for (const table of [
    "workflow_executions",
    "events",
    "data_table_rows",
    "files",
    "task_executions",
    "alerts",
    "users",
  ])
    assert.ok(places.has(table), `${table}: ${[...places.keys()]}`);
  assert.deepEqual([places.get("workflow_executions"), json.account], [2, made.user]);
  const nobody = await call("POST", "/api/v1/data-protection/people/search", {
    identifiers: [{ kind: "email", value: "nobody@example.com" }],
  });
  assert.deepEqual([nobody.json.found, nobody.json.account], [0, null]);
  // Who was looked for is written down, and not whom.
  const few = await call("POST", "/api/v1/data-protection/people/search", {
    identifiers: [{ kind: "id", value: ann.number }],
  });
  assert.equal(few.json.found, 0);
  const { text } = await call("GET", "/api/v1/audit?limit=200");
  assert.match(text, /people\/search/);
  assert.ok(!/"after":[^}]*canary/i.test(text), "and nothing of her in what changed");
});

test("the export holds what names her, and nobody else's", async () => {
  const response = await fetch(`${server.running.url}/api/v1/data-protection/people/export`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.settings.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ identifiers }),
  });
  assert.equal(response.headers.get("content-type"), "application/zip");
  const texts = new Map<string, string>();
  for (const { path, stream } of await readZip(zipOfBytes(await response.bytes()), 10_000))
    texts.set(path, (await buffer(stream(50_000_000))).toString());
  const all = [...texts.keys()];
  assert.ok(all.includes("export.json") && all.some((name) => name.startsWith("executions/")), all.join());
  assert.match(texts.get("records/account.json") ?? "", new RegExp(made.user));
  assert.ok([...texts.values()].join().includes(ann.street));
  assert.ok(!all.some((name) => name.includes(made.bobs)));
});

test("erased: nothing of her in the database or in a file, the chain whole, everybody else as before", async () => {
  const before = await dump(admin);
  assert.ok(tablesWith(before, CANARY).length >= 10, tablesWith(before, CANARY).join());
  const bobsBefore = (await call("GET", `/api/v1/executions/${made.bobs}`)).json;
  const backup = await backUp();

  const id = await erase();
  const waiting = await settled(id, "waiting");
  assert.deepEqual(
    waiting.report.kept.map((one: { what: string; why: string; ids: string[] }) => [
      one.what,
      one.why,
      one.ids,
    ]),
    [["workflow_executions", "open", [made.open]]],
  );
  // What is open keeps what it works with; it goes when it ends.
  assert.equal((await call("GET", `/api/v1/executions/${made.open}/input`)).json.customer.email, ann.email);
  await call("POST", `/api/v1/executions/${made.open}/signal`, { name: "go" });
  await isIn(made.open, "succeeded");
  await admin.query("UPDATE erasures SET next_at = now()");
  const done = await settled(id, "done");
  assert.deepEqual(done.report.kept, []);
  assert.equal(done.report.erased.workflow_executions, 2);
  for (const table of [
    "events",
    "data_table_rows",
    "files",
    "task_executions",
    "alerts",
    "memberships",
    "users",
    "subject_keys",
  ])
    assert.ok(done.report.erased[table] > 0, `${table}: ${JSON.stringify(done.report)}`);

  const after = await dump(admin);
  for (const [table, text] of after) assert.doesNotMatch(text, CANARY, table);
  assert.deepEqual(filesWith(blobsDir, CANARY), []);

  const { json: verified } = await call("GET", "/api/v1/audit/verify");
  assert.equal(verified.ok, true, JSON.stringify(verified));
  const { text: audit } = await call("GET", "/api/v1/audit?limit=200");
  assert.doesNotMatch(audit, CANARY);

  assert.equal(await publisherOf(made.live), "user:[erased]");

  // Bob's execution, row and files are what they were.
  assert.deepEqual((await call("GET", `/api/v1/executions/${made.bobs}`)).json, bobsBefore);
  const { json: rows } = await call("GET", `/api/v1/tables/${made.table}/rows`);
  assert.deepEqual(
    rows.items.map((row: { email: string; note: string }) => [row.email, row.note]),
    [[bob.email, "referred by [erased]"]],
  );
  const file = await call("GET", `/api/v1/blobs/${made.text}`);
  assert.equal(file.text, `email;street\n[erased];x\n${bob.email};y\n`);
  assert.equal(filesWith(blobsDir, /bob\.other/).length, filesWith(backup.blobs, /bob\.other/).length);
  const large = await call("GET", `/api/v1/executions/${made.large}/runs/greet/data?limit=1&after=1700`);
  assert.deepEqual(
    [large.json.total, large.json.items[0].json.email],
    [4_000, "[erased]"],
    large.text.slice(0, 500),
  );
  const failed = (await call("GET", `/api/v1/executions/${made.failed}`)).json;
  assert.deepEqual(
    [failed.status, failed.input, failed.failure.message],
    [
      "failed",
      { email: "[erased]", phone: "[erased]", street: "[erased]", vip: true, points: null },
      "No reply from [erased]",
    ],
  );
  assert.equal((await call("GET", "/api/v1/events")).json.items.length >= 2, true);

  // Once more changes nothing.
  const again = await settled(await erase(), "done");
  assert.deepEqual(again.report, { erased: {}, kept: [] });

  await restoreAndReplay(backup);
});

/** Everything as it is: what a backup has. */
async function backUp() {
  const blobs = mkdtempSync(join(tmpdir(), "auraos-erasure-"));
  folders.push(blobs);
  await server.running.stop();
  const name = `${server.database.name}_backup`;
  const maintenance = await connected(await testServerUrl());
  // A template has no connections.
  await admin.end();
  await maintenance.query(`CREATE DATABASE "${name}" TEMPLATE "${server.database.name}"`);
  cpSync(blobsDir, blobs, { recursive: true });
  after(async () => {
    await maintenance.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await maintenance.end();
  });
  admin = await connected(server.database.url);
  await server.restart();
  const url = new URL(server.database.url);
  url.pathname = `/${name}`;
  return { url: url.href, blobs };
}

async function restoreAndReplay(backup: { url: string; blobs: string }): Promise<void> {
  const client = await connected(backup.url);
  assert.ok(tablesWith(await dump(client), CANARY).length >= 10, "the backup still has her");
  assert.ok(filesWith(backup.blobs, CANARY).length >= 3);
  const roots = readRootKeys(server.settings.dataDir, undefined);
  const replay = () =>
    replayErasures({
      databaseUrl: backup.url,
      ledgerFile: ledgerFileOf(server.settings.dataDir),
      blobsDir: backup.blobs,
      roots,
      payloadsOn: false,
      log: () => {},
    });
  const replayed = await replay();
  assert.deepEqual([replayed.replayed, replayed.unknown], [2, 0]);
  // The execution that was open then is open in the backup too: it is said, and goes when it ends.
  const waiting = await client.query("SELECT report FROM erasures WHERE state = 'waiting'");
  assert.equal(waiting.rowCount, 2);
  await client.query("DELETE FROM open_executions");
  await client.query(
    "UPDATE workflow_executions SET status = 'cancelled', completed_at = now() WHERE completed_at IS NULL",
  );
  await replay();
  for (const [table, text] of await dump(client)) assert.doesNotMatch(text, CANARY, table);
  assert.deepEqual(filesWith(backup.blobs, CANARY), []);
  assert.equal(filesWith(backup.blobs, /bob\.other/).length, filesWith(blobsDir, /bob\.other/).length);
  await client.end();
}
