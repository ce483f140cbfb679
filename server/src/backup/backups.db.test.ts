// Backups as a server keeps them: over HTTP, on time, with the WAL archived as it comes, and told when they fail.
import assert from "node:assert/strict";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { BackupOverview, BackupRun } from "@auraos/contract";
import pg from "pg";
import { assemble, type Running } from "../assemble.ts";
import { readSettings } from "../platform/settings.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { readRootKeys } from "../vault/rootKeys.ts";
import { afterRestore } from "./afterRestore.ts";
import { readBackupKeys } from "./backupKeys.ts";
import { markRestored } from "./holdAfterRestore.ts";
import { folders, listBackupIds } from "./manifest.ts";
import { restoreBackup } from "./restore.ts";
import { listArchived } from "./wal.ts";

const KEY = "aos_test_key_that_is_long_enough_0123456789";
const root = mkdtempSync(join(tmpdir(), "auraos-backups-"));
chmodSync(root, 0o711);
const dataDir = join(root, "data");
const folder = join(root, "backups");
const settings = readSettings({
  ...{ AURAOS_DATA: dataDir, AURAOS_BACKUP_DIR: folder, AURAOS_API_KEY: KEY, PORT: "0", AURAOS_WORKERS: "0" },
  ...{ AURAOS_BACKUP_AT: "off", AURAOS_DRILL_AT: "off", AURAOS_BACKUP_KEEP: "2", AURAOS_DRAIN_SECONDS: "2" },
});
const log = (level: string, message: string, details?: Record<string, unknown>) => {
  if (process.env.TEST_LOG) console.error(level, message, details);
};
let server: Running = await assemble(settings, { log, checkReplies: true });
after(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

test("the key of the backups is made at once, for its owner alone, and not beside them", () => {
  assert.equal(statSync(join(dataDir, "backup.key")).mode & 0o777, 0o600);
  assert.equal(readSettings({}).backupDir, undefined);
});

test("a backup is taken, listed and drilled over HTTP; another one meanwhile is refused", async () => {
  mkdirSync(settings.filesDir, { recursive: true });
  writeFileSync(join(settings.filesDir, "report.csv"), "a,b\n1,2\n");
  const blob = await call(
    "POST",
    "/api/v1/blobs?name=note.txt",
    "hello from a blob",
    "application/octet-stream",
  );
  assert.equal(blob.status, 201, blob.text);

  const begun = await call("POST", "/api/v1/backups");
  assert.equal(begun.status, 202, begun.text);
  const busy = await call("POST", "/api/v1/backups/drills", {});
  assert.deepEqual([busy.status, busy.json.code], [409, "BACKUP_RUNNING"]);
  const taken = await ended(begun.json.id);
  assert.equal(taken.state, "done", taken.failure ?? "");
  assert.ok((taken.sizes?.storedBytes ?? 0) > 0);

  const drilled = await ended((await call("POST", "/api/v1/backups/drills", {})).json.id);
  assert.equal(drilled.state, "done", drilled.failure ?? "");
  assert.equal(drilled.proof?.isEqual, true);
  assert.equal(drilled.backup, taken.backup);

  const overview = (await call("GET", "/api/v1/backups")).json as BackupOverview;
  assert.equal(overview.mode, "on");
  assert.equal(overview.items[0]?.id, taken.backup);
  assert.equal(overview.lastDrill?.proof?.isEqual, true);
  assert.equal(overview.trouble, null);
  assert.equal(overview.nextBackupAt, null, "by itself: off");
  const { json: runs } = await call("GET", "/api/v1/backups/runs?kind=drill");
  assert.deepEqual(
    runs.items.map(({ id }: BackupRun) => id),
    [drilled.id],
  );
});

test("keys and secrets are in no backup in a form that can be read, and the root keys not at all", async () => {
  const secrets = ["vault.keys", "backup.key", "postgres.password", "signing.key"].map((name) =>
    readFileSync(join(dataDir, name), "utf8").trim(),
  );
  for (const file of filesBelow(folder)) {
    const bytes = readFileSync(file);
    for (const secret of secrets) assert.ok(!bytes.includes(secret), file);
    assert.ok(!bytes.includes("hello from a blob") && !bytes.includes("a,b\n1,2"), file);
  }
});

test("what a restore brings: database, files, blobs, the keys of the server, and not the root keys", async () => {
  const to = join(root, "restored");
  const keys = readBackupKeys(dataDir, undefined, { make: false });
  const { database } = await restoreBackup({
    ...{ folder, keys, dataDir: to, target: { to: "end" }, settings: { fsync: "off" }, log },
  });
  await database.stop();
  assert.equal(readFileSync(join(to, "files/report.csv"), "utf8"), "a,b\n1,2\n");
  assert.equal(
    readFileSync(join(to, "signing.key"), "utf8"),
    readFileSync(join(dataDir, "signing.key"), "utf8"),
  );
  const blobs = (place: string) => filesBelow(join(place, "blobs")).map((file) => readFileSync(file));
  assert.deepEqual(blobs(to), blobs(dataDir));
  assert.ok(!existsSync(join(to, "vault.keys")) && !existsSync(join(to, "backup.key")));
});

test("only so many are kept, and the WAL that no kept one needs goes with the others", async () => {
  const [first = ""] = await listBackupIds(folder);
  for (let more = 0; more < 2; more += 1) await ended((await call("POST", "/api/v1/backups")).json.id);
  const ids = await listBackupIds(folder);
  assert.equal(ids.length, 2);
  assert.ok(!ids.includes(first));
  const { items } = (await call("GET", "/api/v1/backups")).json as BackupOverview;
  assert.deepEqual(
    items.map(({ id }) => id),
    ids.toReversed(),
  );
});

test("a damaged backup fails its drill: seen in the health, told as an event, and over with the next good one", async () => {
  const [id = ""] = (await listBackupIds(folder)).toReversed();
  const file = join(folders.backup(folder, id), "cluster.aosb");
  const sound = readFileSync(file);
  const bad = Buffer.from(sound);
  bad[bad.length - 100] = (bad[bad.length - 100] ?? 0) ^ 1;
  writeFileSync(file, bad);
  const run = await ended((await call("POST", "/api/v1/backups/drills", {})).json.id);
  assert.equal(run.state, "failed");
  assert.match(run.failure ?? "", /cluster\.aosb/);
  const [damage] = run.failureParts ?? [];
  assert.equal(damage?.code, "backup.damaged.frame");
  assert.equal(damage?.parameters.file, "cluster.aosb");
  assert.equal(run.proof, null);
  const { json: health } = await call("GET", "/health/ready");
  assert.equal(health.status, "degraded");
  assert.match(health.parts.backups.detail, /drill: cluster\.aosb/);
  assert.deepEqual(health.parts.backups.detailParts[0], { code: "backup.trouble.drill", parameters: {} });
  const told = await until(async () => {
    const { json } = await call("GET", "/api/v1/events?type=auraos.drill.failed");
    return json.items.length > 0 && json.items;
  });
  assert.equal(told.length, 1);
  writeFileSync(file, sound);
  assert.equal((await ended((await call("POST", "/api/v1/backups/drills", {})).json.id)).state, "done");
  assert.equal((await call("GET", "/health/ready")).json.status, "ready");
});

test("who was erased after a backup is erased again when it is restored, before any server runs", async () => {
  const email = "canary.ann@example.com";
  await call("POST", "/api/v1/events", { type: "customer.seen", data: { email } });
  const before = (await call("GET", "/api/v1/events?type=customer.seen")).text;
  assert.ok(before.includes(email), before);
  const { backup = "" } = { ...(await ended((await call("POST", "/api/v1/backups")).json.id)) };

  const erasure = await call("POST", "/api/v1/data-protection/erasures", {
    identifiers: [{ kind: "email", value: email }],
    reason: "asked for",
  });
  assert.equal(erasure.status, 202, erasure.text);
  await until(
    async () =>
      (await call("GET", `/api/v1/data-protection/erasures/${erasure.json.id}`)).json.state === "done",
    60_000,
  );
  // The ledger goes beside the backups with the next one at the latest.
  await ended((await call("POST", "/api/v1/backups")).json.id);
  assert.ok(existsSync(join(folder, "erasures.aosb")));

  const to = join(root, "erased");
  const keys = readBackupKeys(dataDir, undefined, { make: false });
  const copy = join(root, "kept-for-erasure");
  cpSync(folder, copy, { recursive: true });
  const { database, manifest } = await restoreBackup({
    ...{ folder: copy, keys, dataDir: to, target: { to: "point" }, settings: { fsync: "off" }, log },
    ...(existsSync(folders.backup(copy, backup ?? "")) ? { id: backup ?? "" } : {}),
  });
  assert.equal(manifest.id, backup, "the one from before the erasure is still kept");
  assert.ok(await hasEvent(database.url, email), "the backup still has her");
  const roots = readRootKeys(dataDir, undefined);
  const { replayed } = await afterRestore({
    ...{ databaseUrl: database.url, dataDir: to, folder: copy, keys, roots, log, payloadsOn: true },
    ...{ backup: manifest.id, moment: manifest.consistentAt },
  });
  assert.equal(replayed, 1);
  assert.equal(await hasEvent(database.url, email), false);
  await database.stop();
  assert.ok(existsSync(join(to, "restored.json")));
});

test("the WAL is archived when the server ends, to the last transaction", async () => {
  const { json: made } = await call("PUT", "/api/v1/variables/lastWord", { value: "spoken" });
  assert.equal(made.name, "lastWord");
  const before = await listArchived(folder);
  await server.stop();
  assert.ok((await listArchived(folder)).length > before.length);
  const to = join(root, "last");
  const keys = readBackupKeys(dataDir, undefined, { make: false });
  const { database } = await restoreBackup({
    ...{ folder, keys, dataDir: to, target: { to: "end" }, settings: { fsync: "off" }, log },
  });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query("SELECT 1 FROM variables WHERE name = 'lastWord'");
  await client.end();
  await database.stop();
  assert.equal(rows.length, 1);
});

test("a restored server waits until somebody releases it", async () => {
  markRestored(dataDir, { backup: "20260101T000000Z", moment: "2026-01-01T00:00:00.000Z" });
  // What a backup that was killed left behind goes with the start.
  mkdirSync(join(folders.base(folder), ".draft-20260101T000000Z"));
  server = await assemble(settings, { log, checkReplies: true });
  const { status, json } = await call("GET", "/health/ready");
  assert.equal(status, 503);
  assert.match(json.parts.engine.detail, /restored from the backup 20260101T000000Z/);
  assert.equal((await call("GET", "/api/v1/backups")).json.restored.backup, "20260101T000000Z");
  assert.equal((await call("POST", "/api/v1/backups/release")).status, 204);
  await until(async () => (await call("GET", "/health/ready")).status === 200);
  assert.equal((await call("GET", "/api/v1/backups")).json.restored, null);
  assert.ok(!existsSync(join(dataDir, "restored.json")));
  assert.ok(!readdirSync(folders.base(folder)).some((name) => name.startsWith(".draft")));
});

test("with a PostgreSQL of the operator's own it is said what to do instead", async () => {
  const other = await runningServer({ after });
  const { json } = await other.call("GET", "/api/v1/backups");
  assert.equal(json.mode, "external");
  for (const path of ["/api/v1/backups", "/api/v1/backups/drills"]) {
    const refused = await other.call("POST", path, path.endsWith("drills") ? {} : undefined);
    assert.deepEqual([refused.status, refused.json.code], [409, "BACKUP_NOT_HERE"]);
    assert.match(refused.json.remedy, /auraos dump/);
  }
});

/** In any column of the events: they may be sealed, so the server's own way of reading is the one that counts. */
async function hasEvent(url: string, text: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT r.*::text AS text FROM events r");
    return rows.some((row) => String(row.text).includes(text));
  } finally {
    await client.end();
  }
}

function filesBelow(place: string): string[] {
  const found = readdirSync(place, { recursive: true, withFileTypes: true });
  return found.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).sort();
}

async function ended(id: string): Promise<BackupRun> {
  return until(async () => {
    const { json } = await call("GET", `/api/v1/backups/runs/${id}`);
    return json.state !== "running" && json;
  }, 300_000);
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and a wrong guess fails it
type Reply = { status: number; text: string; json: any };

async function call(method: string, path: string, body?: unknown, type = "application/json"): Promise<Reply> {
  const isText = typeof body === "string";
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${KEY}`, ...(body === undefined ? {} : { "content-type": type }) },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, text, json: isJson && text !== "" ? JSON.parse(text) : undefined };
}
