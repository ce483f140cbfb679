// Makes a new, empty cluster. initdb works in a folder of its own that is renamed at the end: killed at any
// moment it leaves no half-made cluster, only a draft that the next start sweeps away.
import { spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Account, giveTo } from "./account.ts";
import { includeConfiguration } from "./configuration.ts";
import { DatabaseError } from "./databaseError.ts";
import { databaseEnvironment } from "./environment.ts";
import type { Place } from "./place.ts";
import { childrenOf, hasArgument, haveEnded, isAlive, processesAbout, signal } from "./processes.ts";
import type { Programs } from "./programs.ts";

export const SUPERUSER = "postgres";

const DRAFT = "postgres.new-";
const PID_FILE = "initdb.pid";
const WRITERS_END_MS = 5_000;

/** Drafts of starts that were killed, and the initdb that may still be filling one. */
export async function sweepDrafts(parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(DRAFT)) continue;
    const draft = join(parent, name);
    await endWriters(draft);
    rmSync(draft, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/**
 * An initdb without its parent ends when it next says something, and the server that it was just running ends later
 * still: one that writes on would keep the draft from being removed. What they start meanwhile is looked for again.
 */
async function endWriters(draft: string): Promise<void> {
  const deadline = performance.now() + WRITERS_END_MS;
  for (;;) {
    const pid = Number(readQuietly(join(draft, PID_FILE)));
    const initdb = pid > 0 && isAlive(pid) && hasArgument(pid, draft) ? [pid, ...childrenOf(pid)] : [];
    const writers = [...initdb, ...processesAbout(draft)];
    if (writers.length === 0 || performance.now() > deadline) return;
    for (const writer of writers) signal(writer, "SIGKILL");
    await haveEnded(writers, WRITERS_END_MS);
  }
}

export async function createCluster(
  programs: Programs,
  account: Account,
  place: Place,
  password: string,
): Promise<void> {
  const draft = mkdtempSync(join(place.parent, DRAFT));
  chmodSync(draft, 0o700);
  giveTo(account, draft);
  try {
    const passwordFile = join(draft, "password");
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    giveTo(account, passwordFile);

    const cluster = join(draft, "cluster");
    await initdb(programs, account, join(draft, PID_FILE), [
      "-D",
      cluster,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--data-checksums",
      "--encoding=UTF8",
      // Sorting that no update of the system's libraries can change under an index.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
    ]);
    includeConfiguration(cluster);
    renameSync(cluster, place.cluster);
    syncFolder(place.parent);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function initdb(programs: Programs, account: Account, pidFile: string, args: string[]): Promise<void> {
  const child = spawn(programs.initdb, args, {
    ...(account && { uid: account.uid, gid: account.gid }),
    cwd: "/",
    env: databaseEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (child.pid !== undefined) writeFileSync(pidFile, String(child.pid));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk));
  const outcome = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? code}`));
  });
  if (outcome === undefined) return;
  throw new DatabaseError(
    "DATABASE_INIT_FAILED",
    `initdb ${outcome}: ${said.trim().split("\n").slice(-5).join(" ")}`,
  );
}

function readQuietly(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
