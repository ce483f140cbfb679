// Proves that a backup can be restored: it is, into a folder of its own, a PostgreSQL is started on it, and what it holds
// is compared with what the backup recorded. Nothing of the drill stays, and nothing of it is archived or executed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { verifyEveryChain } from "../audit/verifyEveryChain.ts";
import { type Pool, snapshot } from "../platform/db.ts";
import { isAlive, processesAbout, signal } from "../platform/postgres/processes.ts";
import { say } from "../platform/say.ts";
import { BackupError } from "./backupError.ts";
import { differences, readContent } from "./content.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { type Restored, type RestoreRequest, restoreBackup } from "./restore.ts";
import { walAfter } from "./wal.ts";

export type DrillReport = {
  backup: string;
  /** Equal to what the backup recorded; null when it recorded nothing. */
  isEqual: boolean | null;
  tables: number;
  rows: number;
  indexes: number;
  auditEntries: number;
  organizations: number;
  restoreMs: number;
  tookMs: number;
  /** Whatever is wrong, in words; none = the drill passed. */
  problems: string[];
};

const SCRATCH = "drill-";
/** Of the size of the cluster: what replaying adds to it. */
const SPACE_FACTOR = 1.2;

export async function drill(
  request: Pick<RestoreRequest, "folder" | "keys" | "log"> & { id: string; dataDir: string },
): Promise<DrillReport> {
  const { folder, keys, id, dataDir, log } = request;
  const startedMs = performance.now();
  const scratch = join(dataDir, `${SCRATCH}${process.pid}-${id}`);
  const manifest = await readManifest(folder, id, keys);
  await needSpace(dataDir, manifest);
  mkdirSync(scratch, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  let restored: Restored | undefined;
  try {
    restored = await restoreBackup({
      ...{ folder, keys, id, dataDir: scratch, target: { to: "point" }, databaseOnly: true },
      // Nothing of it has to survive.
      settings: { fsync: "off", full_page_writes: "off", shared_buffers: "32MB" },
      log: (level, message, details) => log(level === "info" ? "debug" : level, `drill: ${message}`, details),
    });
    const restoreMs = Math.round(performance.now() - startedMs);
    const report = await compare(restored, manifest);
    const { gap } = await walAfter(folder, manifest, keys);
    if (gap !== undefined) report.problems.push(`the WAL segment ${gap} is missing in the archive`);
    return { backup: id, ...report, restoreMs, tookMs: Math.round(performance.now() - startedMs) };
  } finally {
    const { clusterDir } = restored?.database ?? {};
    await restored?.database.stop();
    if (clusterDir !== undefined) rmSync(clusterDir, { recursive: true, force: true });
    removeScratch(scratch);
  }
}

async function compare(
  { database }: Restored,
  manifest: Manifest,
): Promise<Omit<DrillReport, "backup" | "restoreMs" | "tookMs">> {
  const pool = new pg.Pool({ connectionString: database.url, application_name: "auraos drill", max: 1 });
  pool.on("error", () => {});
  pool.on("connect", (client) => void client.on("error", () => {}));
  try {
    const indexes = await checkIndexes(pool);
    const { content, audit } = await snapshot(pool, async (tx) => ({
      content: await readContent(tx),
      audit: await verifyEveryChain(tx),
    }));
    const wrong = manifest.content === null ? [] : differences(manifest.content, content);
    return {
      isEqual: manifest.content === null ? null : wrong.length === 0,
      tables: content.length,
      rows: content.reduce((sum, { rows }) => sum + rows, 0),
      indexes,
      auditEntries: audit.entries,
      organizations: audit.organizations,
      problems: [
        ...wrong,
        ...audit.broken.map(
          ({ orgId, at }) => `the audit log of organization ${orgId} is broken at entry ${at}`,
        ),
      ],
    };
  } finally {
    await pool.end();
  }
}

/** Every entry of every index in order, and every row found through it; throws at the first that is not. */
async function checkIndexes(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ there: boolean }>(
    "SELECT EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck') AS there",
  );
  if (!rows[0]?.there) return 0;
  await pool.query("CREATE EXTENSION IF NOT EXISTS amcheck");
  const checked = await pool.query<{ count: number }>(
    `SELECT count(bt_index_check(c.oid, true)::text)::int AS count
     FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_am a ON a.oid = c.relam
     WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisvalid`,
  );
  return checked.rows[0]?.count ?? 0;
}

async function needSpace(dataDir: string, manifest: Manifest): Promise<void> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const needed = manifest.clusterBytes * SPACE_FACTOR;
  if (free >= needed) return;
  throw new BackupError(
    "BACKUP_SPACE",
    say("backup.why.space", { neededMegabytes: megabytes(needed), freeMegabytes: megabytes(free) }),
  );
}

/** What drills of processes that are gone left behind. */
export function sweepScratch(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const pid = Number(/^drill-(\d+)-/.exec(name)?.[1]);
    if (!(pid > 0) || (pid !== process.pid && isAlive(pid))) continue;
    // A database that outlived its drill.
    for (const left of processesAbout(join(dataDir, name))) signal(left, "SIGKILL");
    removeScratch(join(dataDir, name));
  }
}

function removeScratch(scratch: string): void {
  // A data folder that is closed to the database's account has its cluster elsewhere.
  const note = join(scratch, "postgres.location");
  if (existsSync(note)) rmSync(readFileSync(note, "utf8").trim(), { recursive: true, force: true });
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
