// Backups of a real cluster under load, brought back: equal by hash, to any second, and refused when anything is wrong.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { migrate } from "../migrations/migrate.ts";
import type { Log } from "../platform/log.ts";
import { startDatabase } from "../platform/postgres/startDatabase.ts";
import { readBackupKeys } from "./backupKeys.ts";
import { baseBackup } from "./baseBackup.ts";
import { differences, readContent, type TableContent } from "./content.ts";
import { drill } from "./drill.ts";
import { folders, listBackupIds, readManifest, writeManifest } from "./manifest.ts";
import { type Restored, type RestoreRequest, type RestoreTarget, restoreBackup } from "./restore.ts";
import { archiveHandedOver } from "./wal.ts";

const root = mkdtempSync(join(tmpdir(), "auraos-backup-"));
chmodSync(root, 0o711);
const dataDir = join(root, "data");
const folder = join(root, "backups");
const log: Log = (level, message, details) => {
  if (process.env.TEST_LOG) console.error(level, message, details);
};
const database = await startDatabase({
  dataDir,
  log: (message) => log("info", message),
  settings: { fsync: "off", full_page_writes: "on" },
  archive: { withinSeconds: 60 },
});
const keys = readBackupKeys(dataDir, randomBytes(32).toString("base64"), { make: false });
const client = new pg.Client({ connectionString: database.url });
after(async () => {
  await client.end();
  await database.stop();
  rmSync(root, { recursive: true, force: true });
});
await migrate(database.url);
await client.connect();
await client.query(
  "CREATE TABLE load (id bigserial PRIMARY KEY, note text NOT NULL, at timestamptz DEFAULT now())",
);
await client.query("INSERT INTO load (note) SELECT md5(n::text) FROM generate_series(1, 2000) n");

const take = (more: { folder?: string } = {}) =>
  baseBackup({
    ...{
      url: database.url,
      clusterDir: database.clusterDir,
      folder,
      keys,
      release: "test",
      nowMs: Date.now,
      log,
    },
    files: new Map([["postgres.password", join(dataDir, "postgres.password")]]),
    ...more,
  });
const drillOf = (id: string) => drill({ folder, keys, id, dataDir: root, log });

test("a backup under heavy load is equal by hash once it is restored", async () => {
  const load = await startLoad();
  const manifest = await take();
  await load.end();
  assert.ok((manifest.content?.find(({ table }) => table === "public.load")?.rows ?? 0) > 2000);
  const report = await drillOf(manifest.id);
  assert.deepEqual(report.problems, []);
  assert.equal(report.isEqual, true);
  assert.ok(report.indexes > 50, `${report.indexes} indexes checked`);
  assert.deepEqual(
    readdirSync(root).filter((name) => name.startsWith("drill-")),
    [],
  );
});

test("any second between backups can be restored: what was destroyed after it is there again", async () => {
  await client.query("INSERT INTO load (note) VALUES ('the last good one')");
  const before = await contentNow();
  const { rows } = await client.query("SELECT clock_timestamp() AS at");
  await client.query("SELECT pg_sleep(0.05)");
  await client.query("DELETE FROM load WHERE id % 2 = 0");
  await client.query("INSERT INTO load (note) VALUES ('after it')");
  await flushWal();

  const { database: restored, segments } = await bring({ to: "time", at: rows[0].at as Date });
  assert.ok(segments > 0);
  const there = await contentOf(restored.url);
  await restored.stop();
  assert.deepEqual(differences(before, there), []);

  const latest = await bring({ to: "end" });
  const last = await ask(latest.database.url, "SELECT count(*)::int AS n FROM load WHERE note = 'after it'");
  await latest.database.stop();
  assert.deepEqual(last, [{ n: 1 }]);
});

test("times before the first backup and after the end of the archive are refused", async () => {
  const early = { to: "time", at: new Date(Date.now() - 86_400_000) } as const;
  await assert.rejects(bring(early), { code: "BACKUP_TIME_OUTSIDE", message: /before the backup/ });
  const late = { to: "time", at: new Date(Date.now() + 3_600_000) } as const;
  await assert.rejects(bring(late), { code: "BACKUP_TIME_OUTSIDE", message: /archive ends before/ });
});

test("a folder that has something in it is refused and left alone; keys may be there", async () => {
  const target = join(root, "occupied");
  mkdirSync(target);
  writeFileSync(join(target, "precious"), "mine");
  await assert.rejects(bring({ to: "point" }, { dataDir: target }), { code: "BACKUP_TARGET_NOT_EMPTY" });
  assert.deepEqual(readdirSync(target), ["precious"]);
  await assert.rejects(bring({ to: "point" }, { dataDir }), { code: "BACKUP_TARGET_NOT_EMPTY" });
  rmSync(join(target, "precious"));
  writeFileSync(join(target, "vault.keys"), "k");
  const { database: restored } = await bring({ to: "point" }, { dataDir: target });
  await restored.stop();
  assert.ok(existsSync(join(target, "postgres", "PG_VERSION")));
});

test("another key opens nothing and says which one is wanted", async () => {
  const other = readBackupKeys(dataDir, randomBytes(32).toString("base64"), { make: false });
  await assert.rejects(bring({ to: "point" }, { keys: other }), (error: Error & { code: string }) => {
    assert.equal(error.code, "BACKUP_KEY_MISSING");
    assert.ok(error.message.includes(keys.current.id) && error.message.includes(other.current.id));
    return true;
  });
});

test("one bit of a backup or of the archive: refused with the name of the file, and nothing is left behind", async () => {
  const [id = ""] = await listBackupIds(folder);
  // The newest: what lies before the backup is not needed.
  const segment = readdirSync(folders.wal(folder)).sort().at(-1) ?? "";
  const base = folders.backup(folder, id);
  const files = [
    ...["manifest", "cluster", "files"].map((name) => join(base, `${name}.aosb`)),
    join(folders.wal(folder), segment),
  ];
  for (const file of files) {
    const sound = readFileSync(file);
    const bad = Buffer.from(sound);
    const at = Math.floor(bad.length / 2);
    bad[at] = (bad[at] ?? 0) ^ 1;
    writeFileSync(file, bad);
    const target = join(root, `flipped-${files.indexOf(file)}`);
    await assert.rejects(bring({ to: "end" }, { dataDir: target, id }), (error: Error & { code: string }) => {
      assert.equal(error.code, "BACKUP_DAMAGED");
      assert.ok(error.message.includes(basename(file)), error.message);
      return true;
    });
    assert.ok(!existsSync(join(target, "postgres")));
    writeFileSync(file, sound);
  }
});

test("a segment that is missing in the middle of the archive is named; before it the backup can still be had", async () => {
  await flushWal();
  await flushWal();
  const [id = ""] = await listBackupIds(folder);
  const segments = readdirSync(folders.wal(folder))
    .filter((name) => /^[0-9A-F]{24}\.aosb$/.test(name))
    .sort();
  const missing = segments.at(-2) ?? "";
  const path = join(folders.wal(folder), missing);
  renameSync(path, join(root, "kept"));
  await assert.rejects(bring({ to: "end" }, { id }), (error: Error & { code: string }) => {
    assert.equal(error.code, "BACKUP_WAL_MISSING");
    assert.ok(error.message.includes(missing.slice(0, 24)), error.message);
    return true;
  });
  const report = await drillOf(id);
  assert.equal(report.isEqual, true);
  assert.match(report.problems.join(), new RegExp(`${missing.slice(0, 24)} is missing`));
  renameSync(join(root, "kept"), path);
  assert.deepEqual((await drillOf(id)).problems, []);
});

test("a drill notices what differs", async () => {
  const [id = ""] = await listBackupIds(folder);
  const manifest = await readManifest(folder, id, keys);
  const copy = join(root, "other-backups");
  cpSync(folder, copy, { recursive: true });
  const content = (manifest.content ?? []).map((one) =>
    one.table === "public.load" ? { ...one, hash: "1/1" } : one,
  );
  await writeManifest(folders.backup(copy, id), keys, { ...manifest, content });
  const report = await drill({ folder: copy, keys, id, dataDir: root, log });
  assert.equal(report.isEqual, false);
  assert.match(report.problems.join(), /public\.load has other content/);
});

test("killed in the middle, a backup leaves a draft that no restore sees, and the server is out of backup mode", async () => {
  const before = await listBackupIds(folder);
  // Expected from the beginning: it may end before the one who ends it is answered.
  const killed = assert.rejects(take());
  await until(async () => (await ask(database.url, ACTIVE)).length > 0);
  await ask(
    database.url,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ~ '^auraos backup'",
  );
  await killed;
  assert.deepEqual(await listBackupIds(folder), before);
  assert.deepEqual(await ask(database.url, "SELECT 1 FROM pg_replication_slots"), []);
  assert.equal((await drillOf((await take()).id)).isEqual, true);
});

test("the folder of another database is refused", async () => {
  const other = join(root, "foreign");
  mkdirSync(other);
  writeFileSync(join(other, "backups.json"), JSON.stringify({ format: 1, systemId: "12345" }));
  await assert.rejects(take({ folder: other }), { code: "BACKUP_FOLDER_FOREIGN" });
});

const ACTIVE =
  "SELECT 1 FROM pg_stat_activity WHERE application_name = 'auraos backup' AND state IS NOT NULL";
let brought = 0;

function bring(target: RestoreTarget, more: Partial<RestoreRequest> = {}): Promise<Restored> {
  brought += 1;
  const settings = { fsync: "off" };
  return restoreBackup({
    folder,
    keys,
    dataDir: join(root, `back-${brought}`),
    target,
    settings,
    log,
    ...more,
  });
}

async function flushWal(): Promise<void> {
  const { rows } = await client.query("SELECT pg_walfile_name(pg_switch_wal()) AS name");
  await client.query("INSERT INTO load (note) VALUES ('so that the next segment has something')");
  const wanted = rows[0].name as string;
  await until(async () => {
    await archiveHandedOver(database.archiveDir ?? "", folder, keys);
    return existsSync(join(folders.wal(folder), `${wanted}.aosb`));
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error("it did not become so");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function ask(url: string, text: string): Promise<unknown[]> {
  const asking = new pg.Client({ connectionString: url });
  await asking.connect();
  try {
    return (await asking.query(text)).rows;
  } finally {
    await asking.end();
  }
}

const contentNow = () => contentOf(database.url);

async function contentOf(url: string): Promise<TableContent[]> {
  const reading = new pg.Client({ connectionString: url });
  await reading.connect();
  try {
    await reading.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await readContent(reading);
  } finally {
    await reading.end();
  }
}

async function startLoad(): Promise<{ end(): Promise<void> }> {
  let isOver = false;
  const writers = Array.from({ length: 4 }, async () => {
    const writer = new pg.Client({ connectionString: database.url });
    await writer.connect();
    while (!isOver) {
      await writer.query("BEGIN");
      await writer.query("INSERT INTO load (note) SELECT md5(random()::text) FROM generate_series(1, 50)");
      await writer.query("UPDATE load SET note = 'changed' WHERE id % 97 = floor(random() * 97)");
      await writer.query("COMMIT");
    }
    await writer.end();
  });
  return {
    async end() {
      isOver = true;
      await Promise.all(writers);
    },
  };
}
