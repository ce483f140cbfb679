// The database of an AuraOS without DATABASE_URL: a PostgreSQL of its own in the data folder.
// Path: main.ts -> startDatabase -> lock, place, initdb once, start or adopt -> supervise until stop().
//
//   1. One AuraOS per data folder (lockFolder.ts); a second one is refused with DATA_DIRECTORY_IN_USE.
//   2. A server left behind by an AuraOS that was killed keeps serving and is adopted, not restarted.
//   3. If the server ends by itself it is started again, and `onCrash` / `onRecovery` are told. The url never changes.
//   4. After stop() no process is left. Without stop() the server stays: see 2.
//
// In the data folder: lock, lock.pid, postgres/ (the cluster; its log in postgres/log/), postgres.socket/,
// postgres.archive/ (finished WAL on its way into a backup), postgres.password (mode 0600), postgres.start.log; postgres.location when the cluster has to live elsewhere.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { databaseAccount } from "./account.ts";
import { archiveFolder, archivingSettings } from "./archiving.ts";
import { configurationText, isConfigured, type Settings, writeConfiguration } from "./configuration.ts";
import { createCluster, SUPERUSER, sweepDrafts } from "./createCluster.ts";
import { DatabaseError } from "./databaseError.ts";
import { ensureDatabase } from "./ensureDatabase.ts";
import { type FolderLock, lockFolder } from "./lockFolder.ts";
import { clusterPlace, noteLocation, socketFolder } from "./place.ts";
import {
  adoptPostmaster,
  type Postmaster,
  readPidFile,
  startPostmaster,
  stopPostmaster,
} from "./postmaster.ts";
import { isAlive, recognise } from "./processes.ts";
import { databasePrograms } from "./programs.ts";
import { type DatabaseCrash, type DatabaseRecovery, supervise } from "./supervise.ts";

export type StartDatabase = {
  dataDir: string;
  log: (message: string, details?: Record<string, unknown>) => void;
  /** The database that `url` names; made when missing. */
  database?: string;
  /** PostgreSQL settings over ours. Tests turn fsync off with this. */
  settings?: Settings;
  /** Finished WAL is handed over to whoever takes it from `archiveDir`; one that is not full after this long, too. */
  archive?: { withinSeconds: number };
};

export type RunningDatabase = {
  /** Connection string of the superuser, over a Unix socket. Stays valid across restarts of the server. */
  url: string;
  /** True when the server was already running, left behind by an AuraOS that was killed. */
  adopted: boolean;
  /** PostgreSQL's data directory, for backups. */
  clusterDir: string;
  /** Where finished WAL is handed over; nothing when it is not. */
  archiveDir: string | undefined;
  /** The server's process now, or nothing between a crash and the recovery. */
  pid(): number | undefined;
  onCrash(listener: (crash: DatabaseCrash) => void): void;
  onRecovery(listener: (recovery: DatabaseRecovery) => void): void;
  /** Returns when no process of the server is left and the data folder is free again. */
  stop(): Promise<void>;
};

export async function startDatabase(options: StartDatabase): Promise<RunningDatabase> {
  const { log } = options;
  const dataDir = makeDataFolder(options.dataDir);
  const locks: FolderLock[] = [lockFolder(dataDir)];
  const releaseLocks = () => {
    for (const lock of locks.toReversed()) lock.release();
  };
  try {
    const account = databaseAccount(log);
    const programs = databasePrograms(account, log);
    const place = clusterPlace(dataDir, account, log);
    // A copied data folder names the same outside cluster, so that one has a lock as well.
    if (place.isOutside) locks.push(lockFolder(place.parent));

    await sweepDrafts(place.parent);
    const password = passwordOf(dataDir, place.exists);
    if (!place.exists) {
      log("making a new database cluster, this happens once", { cluster: place.cluster });
      await createCluster(programs, account, place, password);
    }
    noteLocation(dataDir, place);

    const sockets = socketFolder(place, account);
    const archiveDir = options.archive && archiveFolder(place, account);
    const archiving =
      archiveDir && options.archive ? archivingSettings(archiveDir, options.archive.withinSeconds) : {};
    const configuration = configurationText(sockets, { ...archiving, ...options.settings });
    const launch = async (): Promise<Postmaster> => {
      writeConfiguration(place.cluster, configuration, account);
      return startPostmaster(programs, account, place, sockets, log);
    };

    const orphan = await findOrphan(place.cluster, programs.postgres, configuration, log);
    const first = orphan ?? (await launch());
    const name = options.database ?? "auraos";
    const url = (database: string) => databaseUrl(sockets, password, database);
    try {
      await ensureDatabase(url("postgres"), name);
    } catch (error) {
      await stopPostmaster(first.pid, log);
      throw error;
    }
    log(orphan ? "PostgreSQL was still running and is adopted" : "PostgreSQL is running", {
      pid: first.pid,
      cluster: place.cluster,
    });

    const supervised = supervise(first, launch, log);
    return {
      url: url(name),
      adopted: orphan !== undefined,
      clusterDir: place.cluster,
      archiveDir,
      pid: supervised.pid,
      onCrash: supervised.onCrash,
      onRecovery: supervised.onRecovery,
      async stop() {
        await supervised.stop();
        releaseLocks();
      },
    };
  } catch (error) {
    releaseLocks();
    throw error;
  }
}

/** A server of an earlier AuraOS. One that we cannot use as it is, is stopped so that ours can start. */
async function findOrphan(
  cluster: string,
  program: string,
  configuration: string,
  log: StartDatabase["log"],
): Promise<Postmaster | undefined> {
  const file = readPidFile(cluster);
  if (!file || !isAlive(file.pid)) return undefined;
  const { isPostmaster, isOurProgram } = recognise(file.pid, cluster, program);
  if (!isPostmaster) return undefined;
  const isUsable = isOurProgram && isConfigured(cluster, configuration) && file.status !== "stopping";
  if (isUsable) return adoptPostmaster(cluster, file.pid, log);
  log("a PostgreSQL with another version or other settings was left running and is stopped", {
    pid: file.pid,
  });
  await stopPostmaster(file.pid, log);
  return undefined;
}

function makeDataFolder(path: string): string {
  const folder = resolve(path);
  // As root others must be able to pass through (the database runs as another user); nobody can list it, and
  // every secret in it has its own mode.
  if (!existsSync(folder))
    mkdirSync(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  return realpathSync.native(folder);
}

function passwordOf(dataDir: string, clusterExists: boolean): string {
  const file = join(dataDir, "postgres.password");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  if (clusterExists) {
    throw new DatabaseError(
      "DATABASE_PASSWORD_LOST",
      `${file} is gone, and the database can only be entered with the password in it. Restore that file from a backup.`,
      { file },
    );
  }
  const password = randomBytes(24).toString("base64url");
  const draft = `${file}.new`;
  writeFileSync(draft, `${password}\n`, { mode: 0o600, flush: true });
  renameSync(draft, file);
  return password;
}

export function databaseUrl(socketFolder: string, password: string, database: string): string {
  // The host before the slash keeps URL parsers happy; the parameter is the one that counts, for pg and libpq alike.
  return `postgresql://${SUPERUSER}:${password}@localhost/${encodeURIComponent(database)}?host=${encodeURIComponent(socketFolder)}`;
}
