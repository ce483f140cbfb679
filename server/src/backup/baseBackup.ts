// One base backup of the cluster while it is in use. Path: createBackups -> baseBackup -> frames on disk.
//
//   backup begins -> files are copied -> backup ends -> a moment without writers: restore point, snapshot
//     -> the WAL from begin to restore point is added, the snapshot is hashed -> manifest -> the folder gets its name
//
//   * Written under a name that no restore looks at, renamed at the end: killed at any moment it leaves a draft.
//   * Whole by itself: the WAL in it brings the copied files to the restore point, whatever happens to the archive.
//   * Exact: every transaction is either before the restore point and in the hashes, or after it and in neither.
//   * The connection holds it: PostgreSQL ends the backup and frees the WAL by itself when the connection is gone.
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { flushFolder, makeFolder } from "../blobs/durableFile.ts";
import type { Log } from "../platform/log.ts";
import { say } from "../platform/say.ts";
import { type ArchiveWriter, writeArchive } from "./archive.ts";
import { BackupError } from "./backupError.ts";
import type { BackupKeys } from "./backupKeys.ts";
import { listTables, readContent, type TableContent } from "./content.ts";
import { contentOf, walk } from "./files.ts";
import { DRAFT, folders, type Manifest, purposeOf, writeManifest } from "./manifest.ts";

export type BaseBackup = {
  /** Of the superuser. */
  url: string;
  clusterDir: string;
  folder: string;
  keys: BackupKeys;
  /** Files beside the cluster that belong to it, as name -> path; what is missing is left out. */
  files: ReadonlyMap<string, string>;
  release: string;
  nowMs: () => number;
  log: Log;
};

/** What each start makes anew, and what belongs to the running server alone. */
const LEFT_OUT =
  /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans|log)\/|(^|\/)(pgsql_tmp|pg_internal\.init)|^(postmaster\.(pid|opts)|backup_label|backup_label\.old|tablespace_map|current_logfiles|auraos\.conf)$/;
const CONTROL = "global/pg_control";
const QUIET_TRIES = 120;
const QUIET_PAUSE_MS = 500;

export async function baseBackup(given: BaseBackup): Promise<Manifest> {
  const id = await freeId(given.folder, given.nowMs());
  const draft = join(folders.base(given.folder), `${DRAFT}${id}`);
  await makeFolder(folders.base(given.folder));
  await mkdir(draft, { mode: 0o700 });
  const client = new pg.Client({ connectionString: given.url, application_name: "auraos backup" });
  client.on("error", () => {});
  await client.connect();
  try {
    const manifest = await takeBackup(given, client, id, draft);
    await writeManifest(draft, given.keys, manifest);
    await rename(draft, folders.backup(given.folder, id));
    await flushFolder(folders.base(given.folder));
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await client.end();
  }
}

/** Drafts of backups that were killed. */
export async function sweepDrafts(folder: string): Promise<void> {
  for (const place of [folders.base(folder), folders.wal(folder)]) {
    if (!existsSync(place)) continue;
    for (const name of await readdir(place))
      if (name.startsWith(DRAFT)) await rm(join(place, name), { recursive: true, force: true });
  }
}

async function takeBackup(
  given: BaseBackup,
  client: pg.Client,
  id: string,
  draft: string,
): Promise<Manifest> {
  const { folder, keys, clusterDir, nowMs } = given;
  const startedAt = new Date(nowMs()).toISOString();
  const about = await aboutServer(client);
  await ownFolder(folder, about.systemId);
  // Keeps the WAL of the backup in the cluster until it is copied; gone with the connection.
  await client.query(
    `SELECT pg_create_physical_replication_slot('auraos_backup_' || pg_backend_pid(), true, true)`,
  );
  const begun = await one<{ wal: string; timeline: number }>(
    client,
    `SELECT pg_walfile_name(lsn) AS wal, ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::int AS timeline
     FROM pg_backup_start($1, true) AS lsn`,
    [`auraos ${id}`],
  );
  const cluster = await writeArchive(join(draft, "cluster.aosb"), keys, purposeOf(id, "cluster"));
  try {
    let clusterBytes = await copyCluster(cluster, clusterDir);
    const { label } = await one<{ label: string }>(
      client,
      "SELECT labelfile AS label FROM pg_backup_stop(false)",
    );
    await cluster.addFile("backup_label", Buffer.from(label));
    const quiet = await quietMoment(given, client, `auraos ${id}`);
    const { wal: lastWal } = await one<{ wal: string }>(
      client,
      `SELECT pg_walfile_name($1::pg_lsn) AS wal, pg_switch_wal()`,
      [quiet.lsn],
    );
    for (const segment of await segmentsBetween(clusterDir, begun.wal, lastWal))
      clusterBytes += await cluster.addFile(
        `pg_wal/${segment}`,
        contentOf(join(clusterDir, "pg_wal", segment)),
      );
    const storedCluster = await cluster.end();
    const files = await copyFiles(given, id, draft);
    return {
      ...{ format: 1, id, startedAt, consistentAt: quiet.at, endedAt: new Date(nowMs()).toISOString() },
      ...{ systemId: about.systemId, timeline: begun.timeline, firstWal: begun.wal, lastWal },
      ...{ restorePoint: `auraos ${id}`, restoreLsn: quiet.lsn, content: quiet.content },
      ...{ postgres: about.postgres, schema: about.schema, release: given.release, keyId: keys.current.id },
      ...{ clusterBytes, filesBytes: files.bytes, storedBytes: storedCluster + files.stored },
    };
  } catch (error) {
    await cluster.abandon().catch(() => {});
    throw error;
  }
}

async function copyCluster(archive: ArchiveWriter, clusterDir: string): Promise<number> {
  let bytes = 0;
  for await (const { name, path, isFolder } of walk(clusterDir)) {
    if (name.startsWith("pg_tblspc/"))
      throw new BackupError("BACKUP_FAILED", say("backup.why.tablespace", { name }));
    if (LEFT_OUT.test(name) || name === CONTROL) continue;
    if (isFolder) await archive.addFolder(name);
    else bytes += await archive.addFile(name, contentOf(path));
  }
  // What the server knows of itself is copied last: it is never older than the pages.
  return bytes + (await archive.addFile(CONTROL, contentOf(join(clusterDir, CONTROL))));
}

async function copyFiles(
  { files, folder, keys }: BaseBackup,
  id: string,
  draft: string,
): Promise<{ bytes: number; stored: number }> {
  const archive = await writeArchive(join(draft, "files.aosb"), keys, purposeOf(id, "files"));
  try {
    let bytes = 0;
    for (const [name, path] of files) {
      // The backup folder may lie in the folder of files; a backup of backups would never end.
      for await (const found of walk(path, name, folder)) {
        if (found.isFolder) await archive.addFolder(found.name);
        else bytes += await archive.addFile(found.name, contentOf(found.path));
      }
    }
    return { bytes, stored: await archive.end() };
  } catch (error) {
    await archive.abandon().catch(() => {});
    throw error;
  }
}

/**
 * Nobody writes for a few milliseconds: the locks wait for transactions under way, new ones wait for us. So what the
 * snapshot sees and what stands in the WAL before the restore point is the same. We give up quickly and try again, so
 * that nobody waits long for us; a deadlock is ours to lose.
 */
async function quietMoment(
  { url, log }: BaseBackup,
  client: pg.Client,
  restorePoint: string,
): Promise<{ lsn: string; at: string; content: TableContent[] | null }> {
  const reader = new pg.Client({ connectionString: url, application_name: "auraos backup content" });
  reader.on("error", () => {});
  await reader.connect();
  try {
    for (let attempt = 1; attempt <= QUIET_TRIES; attempt += 1) {
      const tables = (await listTables(client)).map((name) => `ONLY ${name}`).join(", ");
      try {
        await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
        await client.query("SET LOCAL statement_timeout = '500ms'; SET LOCAL deadlock_timeout = '100ms'");
        if (tables !== "") await client.query(`LOCK TABLE ${tables} IN SHARE MODE`);
        const { snapshot, ...point } = await one<{ lsn: string; at: string; snapshot: string }>(
          client,
          `SELECT pg_create_restore_point($1)::text AS lsn, pg_export_snapshot() AS snapshot,
             to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`,
          [restorePoint],
        );
        await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        await reader.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
        await client.query("COMMIT");
        const content = await readContent(reader);
        await reader.query("COMMIT");
        return { ...point, content };
      } catch (error) {
        await client.query("ROLLBACK");
        // Locked, canceled in time, deadlock: somebody writes for longer.
        if (!["55P03", "57014", "40P01"].includes((error as { code?: string }).code ?? "")) throw error;
        await new Promise((resolve) => setTimeout(resolve, QUIET_PAUSE_MS));
      }
    }
    log("warn", "a backup found no moment without writers; it is kept, and drills cannot compare it by hash");
    const point = await one<{ lsn: string; at: string }>(
      client,
      `SELECT pg_create_restore_point($1)::text AS lsn,
         to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`,
      [restorePoint],
    );
    return { ...point, content: null };
  } finally {
    await reader.end();
  }
}

async function segmentsBetween(clusterDir: string, first: string, last: string): Promise<string[]> {
  const there = (await readdir(join(clusterDir, "pg_wal")))
    .filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last)
    .sort();
  if (there.at(0) === first && there.at(-1) === last) return there;
  throw new BackupError("BACKUP_FAILED", say("backup.why.walGone", { first, last }));
}

async function aboutServer(
  client: pg.Client,
): Promise<{ systemId: string; postgres: string; schema: number }> {
  return one(
    client,
    `SELECT system_identifier::text AS "systemId", current_setting('server_version') AS postgres,
       (SELECT max(number) FROM public.schema_migrations) AS schema FROM pg_control_system()`,
  );
}

/** A folder belongs to one database: segments of two would overwrite each other. */
export async function ownFolder(folder: string, systemId: string): Promise<void> {
  const path = join(folder, "backups.json");
  if (!existsSync(path)) {
    await makeFolder(folder);
    const handle = await open(path, "w", 0o600);
    await handle.writeFile(`${JSON.stringify({ format: 1, systemId })}\n`);
    await handle.sync();
    await handle.close();
    return;
  }
  const found = JSON.parse(await readFile(path, "utf8")) as { systemId: string };
  if (found.systemId === systemId) return;
  throw new BackupError(
    "BACKUP_FOLDER_FOREIGN",
    say("backup.why.foreign", { folder, other: found.systemId, own: systemId }),
    { folder },
  );
}

/** The second as its name; another backup of the same second gets a number. */
async function freeId(folder: string, nowMs: number): Promise<string> {
  const time = `${new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? time : `${time}-${number}`;
    if (!existsSync(folders.backup(folder, id))) return id;
  }
}

async function one<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  text: string,
  values: unknown[] = [],
): Promise<Row> {
  const { rows } = await client.query<Row>(text, values);
  const [row] = rows;
  if (!row) throw new BackupError("BACKUP_FAILED", say("backup.why.noAnswer", {}));
  return row;
}
