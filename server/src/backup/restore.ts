// Brings a backup back as a data folder that a server starts on. Path: `auraos restore`, drills -> restoreBackup.
//
//   folder is empty -> the backup is opened and unpacked -> the archived WAL is put beside it -> PostgreSQL replays to the
//   wanted moment and is stopped in order -> files and blobs -> afterRestore -> a mark that a person has to look at
//
// Nothing that is there is overwritten, and a restore that fails leaves no database behind.
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Log } from "../platform/log.ts";
import { type Account, databaseAccount, giveTo } from "../platform/postgres/account.ts";
import type { Settings } from "../platform/postgres/configuration.ts";
import { DatabaseError } from "../platform/postgres/databaseError.ts";
import { clusterPlace, noteLocation, type Place } from "../platform/postgres/place.ts";
import { type RunningDatabase, startDatabase } from "../platform/postgres/startDatabase.ts";
import { say } from "../platform/say.ts";
import { readArchive, unpackArchive } from "./archive.ts";
import { BackupError } from "./backupError.ts";
import { BACKUP_KEY_FILE, type BackupKeys } from "./backupKeys.ts";
import { restoreBlobs } from "./blobMirror.ts";
import { folders, listBackupIds, type Manifest, purposeOf, readManifest } from "./manifest.ts";
import { unsealSegment, walAfter } from "./wal.ts";

/** `point`: the very moment the backup recorded its content at. `end`: as far as the archive goes. */
export type RestoreTarget = { to: "point" } | { to: "end" } | { to: "time"; at: Date };

export type RestoreRequest = {
  folder: string;
  keys: BackupKeys;
  dataDir: string;
  target: RestoreTarget;
  /** Otherwise the newest one that fits the target. */
  id?: string;
  /** Without files and blobs: the database alone. */
  databaseOnly?: boolean;
  /** Over those of the restore. */
  settings?: Settings;
  log: Log;
};

export type Restored = {
  manifest: Manifest;
  segments: number;
  /** Runs on the restored data. */
  database: RunningDatabase;
};

/** What may be in the folder already: keys, which no backup has. */
const MAY_BE_THERE = new Set([BACKUP_KEY_FILE, "vault.keys"]);

export async function restoreBackup(request: RestoreRequest): Promise<Restored> {
  const { folder, keys, target, log } = request;
  const dataDir = emptyFolder(request.dataDir);
  const manifest = await chooseBackup(request);
  const account = databaseAccount((message) => log("info", message));
  const place = clusterPlace(dataDir, account, (message) => log("info", message));
  if (place.exists) throw notEmpty(place.cluster);
  // A start that finds this sweeps it away: a restore that was killed leaves nothing that looks like a database.
  const draft = join(place.parent, `postgres.new-restore-${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  giveTo(account, draft);
  try {
    log("info", "unpacking the database", { backup: manifest.id, bytes: manifest.clusterBytes });
    const cluster = await unpackCluster(request, manifest, draft, account);
    const segments = target.to === "point" ? 0 : await addWal(request, manifest, cluster, account);
    const files = { folder: dataDir, sync: true };
    if (request.databaseOnly) await unpackPassword(request, manifest, dataDir);
    else {
      await unpackArchive(
        join(folders.backup(folder, manifest.id), "files.aosb"),
        keys,
        purposeOf(manifest.id, "files"),
        files,
      );
      await restoreBlobs(folder, keys, join(dataDir, "blobs"));
    }
    await rename(cluster, place.cluster);
    noteLocation(dataDir, place);
    const database = await recover(request, manifest, dataDir, place);
    return { manifest, segments, database };
  } catch (error) {
    clearRestored(dataDir);
    throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** What a restore that failed has put there; keys stay. */
export function clearRestored(dataDir: string): void {
  for (const name of readdirSync(dataDir))
    if (!MAY_BE_THERE.has(name)) rmSync(join(dataDir, name), { recursive: true, force: true });
}

async function chooseBackup({ folder, keys, id, target }: RestoreRequest): Promise<Manifest> {
  if (id !== undefined) {
    const chosen = await readManifest(folder, id, keys);
    if (target.to === "time" && target.at < new Date(chosen.consistentAt)) throw tooEarly(chosen, target.at);
    return chosen;
  }
  const ids = await listBackupIds(folder);
  const oldest = ids[0];
  if (oldest === undefined)
    throw new BackupError(
      "BACKUP_NOT_FOUND",
      `${folder} has no finished backup. Is it the right folder (--from)?`,
    );
  for (const one of ids.toReversed()) {
    const manifest = await readManifest(folder, one, keys);
    if (target.to !== "time" || new Date(manifest.consistentAt) <= target.at) return manifest;
  }
  throw tooEarly(await readManifest(folder, oldest, keys), target.to === "time" ? target.at : new Date());
}

async function unpackCluster(
  { folder, keys }: RestoreRequest,
  manifest: Manifest,
  draft: string,
  account: Account,
): Promise<string> {
  const cluster = join(draft, "cluster");
  mkdirSync(cluster, { mode: 0o700 });
  giveTo(account, cluster);
  const own = (path: string) => giveTo(account, path);
  const archive = join(folders.backup(folder, manifest.id), "cluster.aosb");
  // PostgreSQL flushes all of it before it begins to replay.
  await unpackArchive(archive, keys, purposeOf(manifest.id, "cluster"), {
    folder: cluster,
    own,
    sync: false,
  });
  for (const name of ["pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp"])
    makeOwn(join(cluster, name), account);
  for (const name of ["pg_subtrans", "pg_wal", "pg_wal/archive_status", "pg_tblspc", "log"])
    makeOwn(join(cluster, name), account);
  const signal = join(cluster, "recovery.signal");
  writeFileSync(signal, "", { mode: 0o600 });
  own(signal);
  return cluster;
}

function makeOwn(path: string, account: Account): void {
  if (existsSync(path)) return;
  mkdirSync(path, { mode: 0o700 });
  giveTo(account, path);
}

/** The archive goes into pg_wal itself, where PostgreSQL looks when its restore command finds nothing. */
async function addWal(
  { folder, keys, target, log }: RestoreRequest,
  manifest: Manifest,
  cluster: string,
  account: Account,
): Promise<number> {
  const { segments, histories, gap } = await walAfter(folder, manifest, keys);
  if (gap !== undefined) {
    const last = segments.filter((name) => name.slice(8) < gap.slice(8)).at(-1) ?? manifest.lastWal;
    throw new BackupError(
      "BACKUP_WAL_MISSING",
      say("backup.why.walMissing", { segment: gap, folder: folders.wal(folder), last, backup: manifest.id }),
      { segment: gap },
    );
  }
  log("info", "adding the archived WAL", { segments: segments.length, target: target.to });
  for (const name of [...histories, ...segments]) {
    const path = join(cluster, "pg_wal", name);
    await unsealSegment(folder, name, keys, path);
    giveTo(account, path);
  }
  return segments.length;
}

async function unpackPassword(
  { folder, keys }: RestoreRequest,
  manifest: Manifest,
  dataDir: string,
): Promise<void> {
  const archive = join(folders.backup(folder, manifest.id), "files.aosb");
  const wanted = "postgres.password";
  for await (const record of readArchive(archive, keys, purposeOf(manifest.id, "files"))) {
    if (record.name !== wanted || record.kind !== "bytes") continue;
    writeFileSync(join(dataDir, wanted), record.bytes, { mode: 0o600 });
    return;
  }
}

async function recover(
  { target, settings, log }: RestoreRequest,
  manifest: Manifest,
  dataDir: string,
  place: Place,
): Promise<RunningDatabase> {
  const goal: Settings =
    target.to === "point"
      ? { recovery_target_name: manifest.restorePoint }
      : target.to === "time"
        ? { recovery_target_time: target.at.toISOString().replace("T", " ").replace("Z", "+00") }
        : {};
  try {
    return await startDatabase({
      dataDir,
      log: (message, details) => log("info", message, details),
      settings: {
        archive_mode: "off",
        // Ready is what has finished replaying, not what may be read while it does.
        hot_standby: "off",
        restore_command: "false",
        recovery_target_action: "promote",
        ...goal,
        ...settings,
      },
    });
  } catch (error) {
    rmSync(place.cluster, { recursive: true, force: true });
    if (!(error instanceof DatabaseError)) throw error;
    const isTooLate = target.to === "time" && /before configured recovery target/.test(error.message);
    throw isTooLate
      ? tooLate(target.at)
      : new BackupError("RESTORE_FAILED", say("backup.why.noStart", { message: error.message }));
  }
}

/** Made, or empty but for keys. */
function emptyFolder(path: string): string {
  const folder = resolve(path);
  if (!existsSync(folder))
    mkdirSync(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const there = readdirSync(folder).filter((name) => !MAY_BE_THERE.has(name));
  if (there.length > 0) throw notEmpty(folder, there);
  if (process.getuid?.() === 0) chmodSync(folder, 0o711);
  return realpathSync.native(folder);
}

function notEmpty(folder: string, there: readonly string[] = []): BackupError {
  const what =
    there.length === 0 ? "" : ` (${there.slice(0, 3).join(", ")}${there.length > 3 ? ", ..." : ""})`;
  return new BackupError(
    "BACKUP_TARGET_NOT_EMPTY",
    `${folder} is not empty${what}, and a restore overwrites nothing. Stop the server, move that folder away, and restore ` +
      "into a new one (AURAOS_DATA). Only vault.keys and backup.key may lie there already.",
    { folder },
  );
}

function tooEarly(manifest: Manifest, at: Date): BackupError {
  return new BackupError(
    "BACKUP_TIME_OUTSIDE",
    `${at.toISOString()} is before the backup ${manifest.id}, which begins at ${manifest.consistentAt}. Choose a later time or an ` +
      "older backup (`auraos backup list`).",
  );
}

function tooLate(at: Date): BackupError {
  return new BackupError(
    "BACKUP_TIME_OUTSIDE",
    `The archive ends before ${at.toISOString()}. Choose an earlier time, or leave out --to to restore as far as it goes.`,
  );
}
