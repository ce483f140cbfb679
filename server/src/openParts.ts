// What a running AuraOS opens before anything else: its data folder, its database with the schema of this version, the
// first organization and key, and the connections of those who share nothing.
import { mkdirSync } from "node:fs";
import { closeConnections } from "@auraos/nodes/closeConnections.ts";
import { firstStart } from "./access/firstStart.ts";
import type { BackupSource } from "./backup/createBackups.ts";
import type { Cleanups } from "./cleanups.ts";
import type { Deps } from "./deps.ts";
import { systemClock } from "./engine/clock.ts";
import { createIds } from "./engine/ids.ts";
import { migrate } from "./migrations/migrate.ts";
import { openPool, type Pool, type PoolOptions } from "./platform/db.ts";
import type { Log } from "./platform/log.ts";
import { lockFolder } from "./platform/postgres/lockFolder.ts";
import { startDatabase } from "./platform/postgres/startDatabase.ts";
import type { Settings } from "./platform/settings.ts";
import { QUERY_WITHIN_MS } from "./platform/within.ts";

/** With backups on, at most so much of what was committed is not in the archive yet. */
const WAL_WITHIN_SECONDS = 60;

type Database = {
  url: string;
  state: Deps["database"];
  stop(): Promise<void>;
  /** Its files, where they are ours. */
  source?: BackupSource;
};

export type Opened = Awaited<ReturnType<typeof openParts>>;

export async function openParts(given: Settings, log: Log, cleanups: Cleanups) {
  const settings = { ...given };
  const database = await openDatabase(settings, log);
  /** For when the database has stopped. */
  const last = { drain: async () => {} };
  cleanups.add(() => last.drain());
  cleanups.add(() => database.stop());
  await migrate(database.url);
  const ids = createIds();
  const nowMs = systemClock.now;
  const newId = () => ids.execution(nowMs());
  const first = await firstStart(database.url, { apiKey: settings.apiKey, newId });

  const open = (name: string, role: PoolOptions["role"], max: number): Pool => {
    const pool = boundPool(database.url, { role, name, max });
    cleanups.add(() => pool.end());
    return pool;
  };
  const pools = {
    api: open("api", "auraos_api", 8),
    journal: open("reads", "auraos_engine", 4),
    people: open("identity", "auraos_identity", 4),
    tablePool: open("tables", "auraos_api", 4),
    schedulePool: open("schedules", "auraos_engine", 2),
    eventPool: open("events", "auraos_engine", 4),
    taskPool: open("tasks", "auraos_engine", 2),
    backupPool: open("backups", "auraos_engine", 1),
  };
  // Of nodes, to databases of other people.
  cleanups.add(() => closeConnections());
  return { settings, database, ids, nowMs, newId, first, last, ...pools };
}

/** A database that hangs gives an error instead of nothing. */
function boundPool(url: string, options: PoolOptions): Pool {
  const pool = openPool(url, options);
  Object.assign(pool.options, { query_timeout: QUERY_WITHIN_MS });
  return pool;
}

async function openDatabase(settings: Settings, log: Log): Promise<Database> {
  if (settings.databaseUrl !== undefined) {
    mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
    const lock = lockFolder(settings.dataDir);
    return { url: settings.databaseUrl, state: () => ({ state: "ok" }), stop: async () => lock.release() };
  }
  let detail: string | undefined;
  const running = await startDatabase({
    dataDir: settings.dataDir,
    log: (message, details) => log("info", message, details),
    ...(settings.backupDir === undefined ? {} : { archive: { withinSeconds: WAL_WITHIN_SECONDS } }),
  });
  running.onCrash(() => {
    detail = "the database ended and is started again";
  });
  running.onRecovery(() => {
    detail = undefined;
  });
  return {
    url: running.url,
    state: () => (detail === undefined ? { state: "ok" } : { state: "down", detail }),
    stop: running.stop,
    source: running,
  };
}
