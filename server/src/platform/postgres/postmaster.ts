// One PostgreSQL server process, from its start to its end.
//   starting   pid file says "ready"   -> running
//   running    process ends            -> ended, with a reason
//   running    stop                    -> fast shutdown, then harder, then ended
// It leads a process group of its own: Ctrl-C and a TERM to our group must not stop the database while the
// server is still finishing what it has accepted. If we die without stopping it, it stays, and is adopted.
import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./account.ts";
import { DatabaseError } from "./databaseError.ts";
import { databaseEnvironment } from "./environment.ts";
import type { Place } from "./place.ts";
import { childrenOf, haveEnded, isAlive, recognise, signal } from "./processes.ts";
import type { Programs } from "./programs.ts";

export type Postmaster = {
  pid: number;
  /** Resolves with a sentence for people when the process has ended, for whatever reason. */
  ended: Promise<string>;
};

type Log = (message: string, details?: Record<string, unknown>) => void;

const POLL_MS = 15;
const ADOPTED_POLL_MS = 250;
/** Crash recovery replays up to max_wal_size; slow disks need minutes for that. */
const READY_WITHIN_MS = 15 * 60_000;
const FAST_SHUTDOWN_MS = 30_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

export async function startPostmaster(
  programs: Programs,
  account: Account,
  place: Place,
  sockets: string,
  log: Log,
): Promise<Postmaster> {
  clearStaleLocks(place.cluster, sockets, programs.postgres);
  const startLog = join(place.parent, "postgres.start.log");
  const descriptor = openSync(startLog, "w", 0o600);
  const child = spawn(programs.postgres, ["-D", place.cluster], {
    ...(account && { uid: account.uid, gid: account.gid }),
    cwd: "/",
    env: databaseEnvironment(),
    detached: true,
    stdio: ["ignore", descriptor, descriptor],
  });
  closeSync(descriptor);
  child.unref();
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(`could not be started: ${error.message}`));
    child.on("exit", (code, name) => resolve(name ? `was ended by ${name}` : `ended with exit code ${code}`));
  });
  let reason: string | undefined;
  void ended.then((text) => (reason = text));

  const failed = (why: string) =>
    new DatabaseError(
      "DATABASE_START_FAILED",
      `PostgreSQL ${why}. It said: ${lastWords(startLog, place.cluster)}`,
      {
        cluster: place.cluster,
      },
    );
  // One turn of the event loop, so that a spawn error is known before the process id is used.
  await delay(0);
  const pid = child.pid;
  if (pid === undefined) throw failed(await ended);
  await waitUntilReady(place.cluster, pid, () => reason, log).catch((error: unknown) => {
    throw failed((error as Error).message);
  });
  return { pid, ended };
}

/** The server that an earlier AuraOS left behind: not our child, so its end is found by looking. */
export async function adoptPostmaster(cluster: string, pid: number, log: Log): Promise<Postmaster> {
  const reason = () => (isAlive(pid) ? undefined : "ended");
  await waitUntilReady(cluster, pid, reason, log);
  const ended = new Promise<string>((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(timer);
      resolve("ended (it was adopted, so its exit code is not known)");
    }, ADOPTED_POLL_MS);
    timer.unref();
  });
  return { pid, ended };
}

/** Returns when the process and its children are gone. */
export async function stopPostmaster(pid: number, log: Log): Promise<void> {
  const family = [pid, ...childrenOf(pid)];
  signal(pid, "SIGINT");
  if (await haveEnded([pid], FAST_SHUTDOWN_MS)) {
    // The log writer outlives its parent by a moment.
    await haveEnded(family, IMMEDIATE_SHUTDOWN_MS);
    return;
  }
  log("PostgreSQL did not stop in time; it is stopped at once and will recover at its next start", { pid });
  signal(pid, "SIGQUIT");
  if (await haveEnded(family, IMMEDIATE_SHUTDOWN_MS)) return;
  for (const member of family) signal(member, "SIGKILL");
  await haveEnded(family, IMMEDIATE_SHUTDOWN_MS);
}

/** What postmaster.pid says, or nothing when it is missing or still being written. */
export function readPidFile(
  cluster: string,
): { pid: number; socketFolder: string; status: string } | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, socketFolder: lines[4] ?? "", status: (lines[7] ?? "").trim() };
}

/**
 * PostgreSQL refuses to start while any process has the id in its lock files. Ids are soon reused in a container, and
 * where nobody collects ended processes a killed server keeps its id for ever. When no server of this cluster lives,
 * the id is replaced by one that cannot exist; the file's other lines stay, since from them PostgreSQL sees
 * whether children of a killed server still hold its memory.
 */
function clearStaleLocks(cluster: string, sockets: string, program: string): void {
  const found = readPidFile(cluster);
  if (found && recognise(found.pid, cluster, program).isPostmaster) return;
  rmSync(join(sockets, ".s.PGSQL.5432.lock"), { force: true });
  if (!found) return;
  const file = join(cluster, "postmaster.pid");
  const [, ...rest] = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, ["2147483647", ...rest].join("\n"));
}

async function waitUntilReady(
  cluster: string,
  pid: number,
  endReason: () => string | undefined,
  log: Log,
): Promise<void> {
  const startedAt = performance.now();
  let nextNote = startedAt + 10_000;
  for (;;) {
    const reason = endReason();
    if (reason !== undefined) throw new Error(reason);
    const file = readPidFile(cluster);
    if (file?.pid === pid && file.status === "ready") return;
    const now = performance.now();
    if (now - startedAt > READY_WITHIN_MS)
      throw new Error(`was not ready after ${READY_WITHIN_MS / 60_000} minutes`);
    if (now > nextNote) {
      log("PostgreSQL is still starting, most likely recovering from a crash", { pid, status: file?.status });
      nextNote = now + 10_000;
    }
    await delay(POLL_MS);
  }
}

/** What went wrong is in the start log before PostgreSQL opens its own, and in that one from then on. */
function lastWords(startLog: string, cluster: string): string {
  const folder = join(cluster, "log");
  const logs = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const newest = logs.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)[0];
  const lines = [startLog, newest].flatMap((file) => (file && existsSync(file) ? tail(file) : []));
  const telling = lines.filter(
    (line) => /FATAL|PANIC|ERROR|HINT|DETAIL/.test(line) && !/collector|appear in/.test(line),
  );
  return (telling.length > 0 ? telling : lines).slice(-4).join(" | ") || "nothing";
}

function tail(file: string): string[] {
  const bytesMax = 8_192;
  const buffer = Buffer.alloc(bytesMax);
  const descriptor = openSync(file, "r");
  const read = readSync(descriptor, buffer, 0, bytesMax, Math.max(0, statSync(file).size - bytesMax));
  closeSync(descriptor);
  return buffer.toString("utf8", 0, read).trim().split("\n").slice(-8);
}
