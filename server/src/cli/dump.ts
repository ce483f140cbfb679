// `auraos dump FILE` and `auraos load FILE`: all data in one sealed file, for another PostgreSQL.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { BACKUP_KEY_FILE, readBackupKeys } from "../backup/backupKeys.ts";
import { dumpAll } from "../backup/dump.ts";
import { loadAll } from "../backup/load.ts";
import { openPool } from "../platform/db.ts";
import { DatabaseError } from "../platform/postgres/databaseError.ts";
import { runningDatabaseUrl } from "../platform/postgres/runningDatabaseUrl.ts";
import { startDatabase } from "../platform/postgres/startDatabase.ts";
import type { Settings } from "../platform/settings.ts";
import { ownVersion } from "../workers/process/connect.ts";
import { type Command, CommandError, print, readArgs, say } from "./command.ts";

type Opened = { url: string; close(): Promise<void> };

export const dump: Command = async (args, settings) => {
  const { positionals } = readArgs(args, {});
  const [file] = positionals;
  if (file === undefined) throw new CommandError(2, "Into which file? auraos dump FILE");
  const database = await openDatabase(settings, "also running");
  const pool = openPool(database.url, { role: "auraos_owner", name: "dump", max: 1 });
  try {
    const done = await dumpAll({
      ...{ pool, path: resolve(file), dataDir: settings.dataDir, filesDir: settings.filesDir },
      ...{ release: ownVersion(), nowMs: Date.now },
      keys: readBackupKeys(settings.dataDir, settings.backupKey, { make: true }),
    });
    print(
      `${resolve(file)}  ${(done.bytes / 1024 / 1024).toFixed(1)} MB sealed, ${done.rows} rows of ${done.tables} tables, ${done.files} files`,
    );
    return 0;
  } finally {
    await pool.end();
    await database.close();
  }
};

export const load: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, { key: { type: "string" } });
  const [file] = positionals;
  if (file === undefined) throw new CommandError(2, "Which file? auraos load FILE");
  if (!existsSync(file)) throw new CommandError(1, `There is no file ${file}.`);
  const keyFile = values.key ?? join(settings.dataDir, BACKUP_KEY_FILE);
  if (!existsSync(keyFile) && settings.backupKey === undefined)
    throw new CommandError(
      1,
      `There is no ${keyFile}. Put the backup.key of the server that dumped there, name it with --key FILE, or set AURAOS_BACKUP_KEY.`,
    );
  const given = values.key === undefined ? settings.backupKey : undefined;
  const keys = readBackupKeys(settings.dataDir, given, { make: false, file: keyFile });
  const hasRootKeys = settings.vaultKey !== undefined || settings.vaultKeyCommand !== undefined;
  if (!hasRootKeys && !existsSync(join(settings.dataDir, "vault.keys")))
    say(
      `Put the vault.keys of that server into ${settings.dataDir} before you start: without it its secrets stay closed.`,
    );
  const database = await openDatabase(settings, "alone");
  try {
    const { url } = database;
    const { dataDir, filesDir } = settings;
    const { head, rows, tables, files } = await loadAll({
      url,
      path: resolve(file),
      keys,
      dataDir,
      filesDir,
    });
    print(
      `Loaded ${rows} rows of ${tables} tables and ${files} files, as they were at ${head.takenAt} on PostgreSQL ${head.postgres}.`,
    );
    return 0;
  } finally {
    await database.close();
  }
};

/** The operator's, else ours: started for the command, or that of the server which runs on it. */
async function openDatabase(settings: Settings, mode: "alone" | "also running"): Promise<Opened> {
  if (settings.databaseUrl !== undefined) return { url: settings.databaseUrl, close: async () => {} };
  try {
    const running = await startDatabase({ dataDir: settings.dataDir, log: () => {} });
    return { url: running.url, close: () => running.stop() };
  } catch (error) {
    const isBusy = error instanceof DatabaseError && error.code === "DATA_DIRECTORY_IN_USE";
    const url = isBusy && mode === "also running" ? runningDatabaseUrl(settings.dataDir) : undefined;
    if (url === undefined) throw error;
    return { url, close: async () => {} };
  }
}
