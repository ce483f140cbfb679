// Backups of a running server: taken and drilled on time or when somebody asks, the WAL archived as it comes, old ones
// removed. One thing at a time; a failure is kept, told as an event, and seen in the health.
//
//   idle       somebody asks, or a time of the day comes   -> a run: backup, or drill
//   a run      ends                                        -> its row has the outcome; idle
//   always     PostgreSQL hands over WAL                   -> sealed into the folder (backups on)
//
// With a PostgreSQL of the operator's own (DATABASE_URL) none of it can be done from here: its files are not ours.
import { mkdirSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "@auraos/kernel";
import type { Pool } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import type { Log } from "../platform/log.ts";
import { type Said, say, sayAll } from "../platform/say.ts";
import type { Settings } from "../platform/settings.ts";
import { BackupError, saidOf } from "./backupError.ts";
import { type BackupKeys, readBackupKeys } from "./backupKeys.ts";
import { baseBackup, sweepDrafts } from "./baseBackup.ts";
import { mirrorBlobs, sweepMirror } from "./blobMirror.ts";
import { drill, sweepScratch } from "./drill.ts";
import { isDue, nextTimeAfter } from "./due.ts";
import { mirrorLedger } from "./ledgerMirror.ts";
import { folders, listBackupIds, type Manifest, readManifest } from "./manifest.ts";
import {
  endRun,
  failOpenRuns,
  failureOf,
  findLastRun,
  findRun,
  insertRun,
  listRuns,
  type RunKind,
  type RunRow,
} from "./store.ts";
import { archiveHandedOver, deleteWalBefore } from "./wal.ts";

/** The database as startDatabase gave it; nothing when it is the operator's. */
export type BackupSource = { url: string; clusterDir: string; archiveDir: string | undefined };

export type BackupParts = {
  settings: Settings;
  source: BackupSource | undefined;
  pool: Pool;
  release: string;
  nowMs: () => number;
  newId: () => string;
  log: Log;
  tell: (type: `auraos.${string}`, id: string, data: JsonObject) => void;
  /** A run has begun or ended. */
  onChange?: () => void;
};

export type BackupItem = { id: string; manifest: Manifest | undefined; trouble: Said | undefined };

export type Backups = {
  /** on: on time and with the WAL; manual: when asked; external: not from here. */
  mode: "on" | "manual" | "external";
  folder: string;
  status(): BackupStatus;
  list(): Promise<BackupItem[]>;
  runs: (query: { kind: RunKind | null; after: string | null; limit: number }) => Promise<RunRow[]>;
  findRun: (id: string) => Promise<RunRow | undefined>;
  lastRun: (kind: RunKind) => Promise<RunRow | undefined>;
  /** Begins it and gives its row; refuses while another one runs. */
  begin(kind: RunKind, by: string, backup?: string): Promise<RunRow>;
  /** What is not well, for the health; nothing when all is. */
  trouble(): Said | undefined;
  stop(): Promise<void>;
  /** Archives what PostgreSQL handed over last, after it has ended. */
  drain(): Promise<void>;
};

export type BackupStatus = {
  keyId: string | null;
  running: string | null;
  nextBackupAt: Date | null;
  nextDrillAt: Date | null;
  archive: { lastAt: Date | null; waiting: number; trouble: Said | null } | null;
};

const ARCHIVE_MS = 2_000;
const LOOK_MS = 20_000;
const MIRROR_MS = 60_000;
const WAITING_MAX = 20;
const STOP_WITHIN_MS = 10_000;
const BY_SCHEDULE = "schedule";

export function createBackups(parts: BackupParts): Backups {
  const { settings, source, pool, nowMs, newId, log } = parts;
  const folder = settings.backupDir ?? join(settings.dataDir, "backups");
  const mode = source === undefined ? "external" : settings.backupDir === undefined ? "manual" : "on";
  const archiving: BackupStatus["archive"] =
    mode === "on" && source?.archiveDir !== undefined ? { lastAt: null, waiting: 0, trouble: null } : null;
  const troubles = new Map<RunKind, Said>();
  let running: { id: string; done: Promise<void> } | undefined;
  let keys: BackupKeys | undefined;
  let isStopped = false;
  let mirroring: Promise<void> = Promise.resolve();
  let mirroredAt = Number.NEGATIVE_INFINITY;
  const timers: NodeJS.Timeout[] = [];
  const rounds: Promise<void>[] = [ready()];
  return {
    ...{ mode, folder, status, list, begin, stop, drain: archive },
    runs: (query) => listRuns(pool, query),
    findRun: (id) => findRun(pool, id),
    lastRun: (kind) => findLastRun(pool, kind),
    trouble: () => archiving?.trouble ?? troubles.get("backup") ?? troubles.get("drill"),
  };

  async function ready(): Promise<void> {
    try {
      await failOpenRuns(pool, new Date(nowMs()));
      for (const kind of ["backup", "drill"] as const) {
        const last = await findLastRun(pool, kind);
        if (last?.state === "failed" && last.failure !== null) noteTrouble(kind, failureOf(last));
      }
      await sweepDrafts(folder);
      sweepScratch(settings.dataDir);
    } catch (error) {
      log("warn", "backups: what was left behind could not be cleared", { error });
    }
    if (mode !== "on" || isStopped) return;
    // Made now, not at night: the operator has to keep a copy of it elsewhere.
    try {
      openKeys();
    } catch (error) {
      troubles.set("backup", saidOf(error));
      log("error", "backups: the key cannot be read", { error });
    }
    every(ARCHIVE_MS, archive);
    every(LOOK_MS, look);
  }

  /** The next round begins after the last one has ended. */
  function every(delayMs: number, work: () => Promise<void>): void {
    const arm = () => {
      if (!isStopped) timers.push(setTimeout(() => void rounds.push(work().then(arm)), delayMs).unref());
      if (timers.length > 100) timers.splice(0, 50);
      if (rounds.length > 100) rounds.splice(0, 50);
    };
    arm();
  }

  async function archive(): Promise<void> {
    if (!archiving || source?.archiveDir === undefined) return;
    try {
      const done = await archiveHandedOver(source.archiveDir, folder, openKeys());
      if (done.length > 0) archiving.lastAt = new Date(nowMs());
      archiving.trouble = null;
      if (nowMs() - mirroredAt > MIRROR_MS) {
        await mirror();
      }
    } catch (error) {
      const trouble = saidOf(error);
      if (archiving.trouble?.text !== trouble.text) log("error", "the WAL cannot be archived", { error });
      archiving.trouble = trouble;
    }
    archiving.waiting = (await readdir(source.archiveDir).catch(() => [])).length;
    if (archiving.waiting > WAITING_MAX && archiving.trouble === null)
      archiving.trouble = say("backup.archive.waiting", { number: archiving.waiting });
  }

  /** One after the other: a round and a backup may want it at the same time. */
  function mirror(): Promise<void> {
    const work = async () => {
      await mirrorBlobs(join(settings.dataDir, "blobs"), folder, openKeys());
      await mirrorLedger(settings.dataDir, folder, openKeys());
      mirroredAt = nowMs();
    };
    mirroring = mirroring.then(work, work);
    return mirroring;
  }

  async function look(): Promise<void> {
    try {
      if (running) return;
      const [backup, drilled] = [await findLastRun(pool, "backup"), await findLastRun(pool, "drill")];
      if (isDue(settings.backupAt, backup?.startedAt.getTime(), nowMs())) await begin("backup", BY_SCHEDULE);
      else if (isDue(settings.drillAt, drilled?.startedAt.getTime(), nowMs()))
        await begin("drill", BY_SCHEDULE);
    } catch (error) {
      log("warn", "backups: it could not be looked what is due", { error });
    }
  }

  async function begin(kind: RunKind, by: string, backup?: string): Promise<RunRow> {
    if (source === undefined) throw notHere();
    if (running)
      throw refuse(
        409,
        "BACKUP_RUNNING",
        "A backup or a drill is under way.",
        "Try again when it has ended.",
      );
    const row = { id: newId(), kind, startedBy: by, startedAt: new Date(nowMs()), backup: backup ?? null };
    let begun: () => void = () => {};
    const done = new Promise<void>((resolve) => {
      begun = resolve;
    });
    running = { id: row.id, done };
    try {
      if (kind === "drill") row.backup ??= await newestId();
      await insertRun(pool, row);
    } catch (error) {
      running = undefined;
      begun();
      throw error;
    }
    parts.onChange?.();
    void (kind === "backup" ? takeOne(source) : drillOne(row.backup ?? ""))
      .then(
        (outcome) => finish(row, outcome),
        (error: unknown) => finish(row, { failure: error }),
      )
      .finally(() => {
        running = undefined;
        begun();
        parts.onChange?.();
      });
    return { ...row, state: "running", endedAt: null, report: {}, failure: null };
  }

  async function newestId(): Promise<string> {
    const newest = (await listBackupIds(folder)).at(-1);
    if (newest !== undefined) return newest;
    throw refuse(
      409,
      "BACKUP_NOT_FOUND",
      `${folder} has no backup yet.`,
      "Take one first: POST /api/v1/backups.",
    );
  }

  type Outcome =
    | { backup: string; report: Record<string, unknown>; failure?: unknown }
    | { failure: unknown };

  async function takeOne({ url, clusterDir }: BackupSource): Promise<Outcome> {
    const manifest = await baseBackup({
      ...{ url, clusterDir, folder, keys: openKeys(), release: parts.release, nowMs, log },
      files: new Map([
        ["postgres.password", join(settings.dataDir, "postgres.password")],
        ["signing.key", join(settings.dataDir, "signing.key")],
        ["files", settings.filesDir],
      ]),
    });
    await mirror();
    const removed = await removeOld();
    const { id, clusterBytes, filesBytes, storedBytes, content } = manifest;
    const rows = content?.reduce((sum, table) => sum + table.rows, 0) ?? null;
    return {
      backup: id,
      report: { clusterBytes, filesBytes, storedBytes, rows, removed },
    };
  }

  async function drillOne(id: string): Promise<Outcome> {
    const report = await drill({ folder, keys: openKeys(), id, dataDir: settings.dataDir, log });
    if (report.problems.length === 0) return { backup: id, report };
    const failure = new BackupError(
      "RESTORE_FAILED",
      say("backup.why.different", { backup: id, problems: report.problems.join("; ") }),
    );
    return { backup: id, report, failure };
  }

  async function finish(run: Pick<RunRow, "id" | "kind" | "backup">, outcome: Outcome): Promise<void> {
    const why = outcome.failure === undefined ? null : saidOf(outcome.failure);
    const failure = why?.text ?? null;
    const known = "backup" in outcome ? outcome : { backup: null, report: {} };
    if (why === null) troubles.delete(run.kind);
    else noteTrouble(run.kind, why);
    const state = failure === null ? "done" : "failed";
    log(failure === null ? "info" : "error", `${run.kind} ${state}`, { ...known, failure });
    parts.tell(`auraos.${run.kind}.${state}`, run.id, {
      run: run.id,
      backup: known.backup ?? run.backup,
      failure,
    });
    const report = { ...known.report, ...(why?.parts ? { failureParts: why.parts } : {}) };
    const row = { id: run.id, state, ...known, report, endedAt: new Date(nowMs()), failure } as const;
    await endRun(pool, row).catch((error: unknown) =>
      log("error", `the outcome of a ${run.kind} could not be written`, { ...row, error }),
    );
  }

  /** Backups over the number to keep, with what only they needed. */
  async function removeOld(): Promise<number> {
    const ids = await listBackupIds(folder);
    const old = ids.slice(0, Math.max(0, ids.length - settings.backupKeep));
    for (const id of old) await rm(folders.backup(folder, id), { recursive: true, force: true });
    const [oldest] = ids.slice(old.length);
    if (oldest === undefined) return old.length;
    const { firstWal, startedAt } = await readManifest(folder, oldest, openKeys());
    await deleteWalBefore(folder, firstWal);
    await sweepMirror(join(settings.dataDir, "blobs"), folder, nowMs(), Date.parse(startedAt));
    return old.length;
  }

  async function list(): Promise<BackupItem[]> {
    if (source === undefined) return [];
    const items: BackupItem[] = [];
    for (const id of (await listBackupIds(folder)).toReversed()) {
      try {
        items.push({ id, manifest: await readManifest(folder, id, openKeys()), trouble: undefined });
      } catch (error) {
        items.push({ id, manifest: undefined, trouble: saidOf(error) });
      }
    }
    return items;
  }

  function status(): BackupStatus {
    const next = (times: readonly string[]) =>
      mode === "on" && times.length > 0 ? new Date(nextTimeAfter(times, nowMs())) : null;
    return {
      keyId: keys?.current.id ?? null,
      running: running?.id ?? null,
      nextBackupAt: next(settings.backupAt),
      nextDrillAt: next(settings.drillAt),
      archive: archiving,
    };
  }

  function openKeys(): BackupKeys {
    mkdirSync(settings.dataDir, { recursive: true });
    keys ??= readBackupKeys(settings.dataDir, settings.backupKey, { make: true });
    return keys;
  }

  async function stop(): Promise<void> {
    isStopped = true;
    for (const timer of timers) clearTimeout(timer);
    // A long one is given up; the next start clears what it leaves.
    const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref());
    await Promise.race([running?.done, late]);
    await Promise.all(rounds);
  }

  function noteTrouble(kind: RunKind, why: Said): void {
    troubles.set(kind, sayAll([say(`backup.trouble.${kind}`, {}), why]));
  }
}

function notHere() {
  return refuse(
    409,
    "BACKUP_NOT_HERE",
    "This server uses a PostgreSQL of your own (DATABASE_URL), and its files cannot be copied from here.",
    "Back it up where it runs (pg_basebackup, snapshots, your provider). `auraos dump FILE` writes all data of AuraOS from here.",
  );
}
