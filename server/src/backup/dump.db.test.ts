// All data out of one database and into another: equal by hash, from an older schema as well, and never half of it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { migrate } from "../migrations/migrate.ts";
import { openPool } from "../platform/db.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { readArchive, writeArchive } from "./archive.ts";
import { readBackupKeys } from "./backupKeys.ts";
import { differences, readContent } from "./content.ts";
import { DUMP_PURPOSE, dumpAll } from "./dump.ts";
import { loadAll } from "./load.ts";
import { listDumpTables } from "./tables.ts";

const root = mkdtempSync(join(tmpdir(), "auraos-dump-"));
after(() => rmSync(root, { recursive: true, force: true }));
const keys = readBackupKeys(root, randomBytes(32).toString("base64"), { make: false });
const server = await runningServer({ after });
await fill();
await server.running.stop();
const path = join(root, "all.aosb");
const pool = openPool(server.database.url, { role: "auraos_owner", name: "dump", max: 1 });
const dumped = await dumpAll({
  ...{ pool, path, keys, dataDir: server.settings.dataDir, filesDir: server.settings.filesDir },
  ...{ release: "0.0.0", nowMs: Date.now },
});
await pool.end();

test("what was dumped is loaded: every table equal by hash, files and blobs byte for byte", async () => {
  assert.ok(dumped.rows > 15 && dumped.files >= 2, JSON.stringify(dumped));
  const target = await freshDatabase({ after });
  const dataDir = join(root, "loaded");
  const loaded = await loadAll({ url: target.url, path, keys, dataDir, filesDir: join(dataDir, "files") });
  assert.equal(loaded.rows, dumped.rows);
  const names = (await onTables(server.database.url)).names;
  const [from, to] = [await onTables(server.database.url), await onTables(target.url)];
  assert.deepEqual(differences(from.content, to.content), []);
  assert.deepEqual(to.names, names);
  assert.equal(readFileSync(join(dataDir, "files/kept.txt"), "utf8"), "kept");
  assert.ok(existsSync(join(dataDir, "blobs")));

  const again = loadAll({ url: target.url, path, keys, dataDir, filesDir: join(dataDir, "files") });
  await assert.rejects(again, { code: "BACKUP_TARGET_NOT_EMPTY" });
});

test("a server starts on what was loaded, with its history, its secrets and its audit log", async () => {
  const target = await runningServer({ after });
  await target.running.stop();
  const client = new pg.Client({ connectionString: target.database.url });
  await client.connect();
  for (const schema of ["auth", "public"]) await client.query(`DROP SCHEMA ${schema} CASCADE`);
  await client.query("CREATE SCHEMA public");
  await client.end();
  const { dataDir, filesDir } = target.settings;
  rmSync(dataDir, { recursive: true });
  mkdirSync(dataDir);
  const keyFile = readFileSync(join(server.settings.dataDir, "vault.keys"));
  writeFileSync(join(dataDir, "vault.keys"), keyFile, { mode: 0o600 });
  await loadAll({ url: target.database.url, path, keys, dataDir, filesDir });
  await target.restart();
  const { json: executions } = await target.call("GET", "/api/v1/executions");
  assert.equal(executions.items[0].status, "succeeded");
  const { json: detail } = await target.call("GET", `/api/v1/executions/${executions.items[0].id}`);
  assert.deepEqual(detail.output, { name: "Ann", greeting: "hello Ann" });
  assert.equal((await target.call("GET", "/api/v1/audit/verify")).json.ok, true);
  const { json: made } = await target.call("PUT", "/api/v1/variables/later", { value: 1 });
  assert.equal(made.name, "later");
});

test("a dump of another schema is refused before anything is written", async () => {
  const target = await freshDatabase({ after });
  const load = (file: string) =>
    loadAll({
      url: target.url,
      path: file,
      keys,
      dataDir: join(root, "no"),
      filesDir: join(root, "no/files"),
    });
  const newer = await changed("newer.aosb", (head) => {
    head.schema = 9999;
  });
  await assert.rejects(load(newer), { code: "DUMP_SCHEMA", message: /newer AuraOS/ });
  const other = await changed("other.aosb", (head) => {
    const [first] = head.migrations as { checksum: string }[];
    if (first) first.checksum = "another";
  });
  await assert.rejects(load(other), { code: "DUMP_SCHEMA", message: /0001_foundation/ });
  const client = new pg.Client({ connectionString: target.url });
  await client.connect();
  const { rows } = await client.query("SELECT to_regclass('public.schema_migrations') AS there");
  await client.end();
  assert.equal(rows[0].there, null);
});

test("a row that is missing, a bit that is changed, another key: nothing is kept", async () => {
  const load = async (file: string, ring = keys) => {
    const target = await freshDatabase({ after });
    const dataDir = join(root, `half-${randomBytes(4).toString("hex")}`);
    await assert.rejects(
      loadAll({ url: target.url, path: file, keys: ring, dataDir, filesDir: join(dataDir, "files") }),
      (error: Error & { code?: string }) => {
        assert.match(error.code ?? "", /^(DUMP_INVALID|BACKUP_DAMAGED|BACKUP_KEY_MISSING)$/, error.stack);
        return true;
      },
    );
    const client = new pg.Client({ connectionString: target.url });
    await client.connect();
    const { rows } = await client.query("SELECT to_regclass('public.organizations') AS there");
    const count = rows[0].there === null ? 0 : (await client.query("SELECT 1 FROM organizations")).rowCount;
    await client.end();
    assert.equal(count, 0);
  };
  await load(await changed("short.aosb", undefined, "tables/public.audit_entries.jsonl"));
  const bad = Buffer.from(readFileSync(path));
  bad[bad.length - 2000] = (bad[bad.length - 2000] ?? 0) ^ 1;
  writeFileSync(join(root, "bad.aosb"), bad);
  await load(join(root, "bad.aosb"));
  await load(path, readBackupKeys(root, randomBytes(32).toString("base64"), { make: false }));
});

test("a dump of an older release is brought to this one", async () => {
  const source = await freshDatabase({ after });
  await migrate(source.url, { to: 21 });
  const older = openPool(source.url, { role: "auraos_owner", name: "old", max: 1 });
  await older.query(
    "INSERT INTO organizations (id, name) VALUES ('01900000-0000-7000-8000-000000000001', 'old')",
  );
  const file = join(root, "older.aosb");
  await dumpAll({
    ...{ pool: older, path: file, keys, dataDir: join(root, "none"), filesDir: join(root, "none/files") },
    ...{ release: "0.0.0", nowMs: Date.now },
  });
  await older.end();
  const target = await freshDatabase({ after });
  const dataDir = join(root, "upgraded");
  await loadAll({ url: target.url, path: file, keys, dataDir, filesDir: join(dataDir, "files") });
  const { names } = await onTables(target.url);
  assert.ok(names.includes("public.backup_runs"));
  const client = new pg.Client({ connectionString: target.url });
  await client.connect();
  assert.deepEqual((await client.query("SELECT name FROM organizations")).rows, [{ name: "old" }]);
  await client.end();
});

async function fill(): Promise<void> {
  const workflow = await server.call("POST", "/api/v1/workflows", {
    name: "greets",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "greet", type: "set", config: { fields: { greeting: "hello {{ $json.name }}" } } },
    ],
    connections: [{ from: "start", to: "greet" }],
  });
  const begun = await server.call("POST", `/api/v1/workflows/${workflow.json.id}/execute`, { name: "Ann" });
  await until(
    async () => (await server.call("GET", `/api/v1/executions/${begun.json.id}`)).json.status === "succeeded",
  );
  // Texts that escape badly, and null as a value of jsonb.
  await server.call("PUT", "/api/v1/variables/odd", { value: 'tab\t "quotes" \\ back \u2028 ünï 🙂' });
  await server.call("PUT", "/api/v1/variables/nothing", { value: null });
  const blob = await server.call("POST", "/api/v1/blobs?name=a.bin", "blob", {
    "content-type": "application/octet-stream",
  });
  assert.equal(blob.status, 201);
  mkdirSync(server.settings.filesDir, { recursive: true });
  writeFileSync(join(server.settings.filesDir, "kept.txt"), "kept");
}

async function onTables(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    const names = (await listDumpTables(client)).map(({ name }) => name);
    return { names: names.toSorted(), content: await readContent(client, names) };
  } finally {
    await client.end();
  }
}

/** The dump with another head, or without the last row of a file. */
async function changed(
  name: string,
  edit?: (head: Record<string, unknown>) => void,
  shorten?: string,
): Promise<string> {
  const file = join(root, name);
  const archive = await writeArchive(file, keys, DUMP_PURPOSE);
  const contents = new Map<string, Buffer[]>();
  for await (const record of readArchive(path, keys, DUMP_PURPOSE)) {
    const parts = contents.get(record.name) ?? [];
    if (record.kind === "bytes") parts.push(record.bytes);
    contents.set(record.name, parts);
  }
  for (const [entry, parts] of contents) {
    let bytes = Buffer.concat(parts);
    if (entry === "dump.json" && edit) {
      const head = JSON.parse(bytes.toString("utf8")) as Record<string, unknown>;
      edit(head);
      bytes = Buffer.from(JSON.stringify(head));
    }
    if (entry === shorten) bytes = bytes.subarray(0, bytes.lastIndexOf("\n", bytes.length - 2) + 1);
    await archive.addFile(entry, bytes);
  }
  await archive.end();
  return file;
}
