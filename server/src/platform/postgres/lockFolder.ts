// One AuraOS per data folder. The lock is a record lock that the operating system drops when the process ends,
// however it ends, so there is no stale lock to judge and no race in taking one over. Node has no call for it;
// SQLite, which is built in, takes one when told to hold its file exclusively. It also works between two
// containers that share a volume, where process ids and sockets of the other side cannot be seen.
//
// Invariant: nobody else opens the file named `lock`. Record locks belong to the process, and closing any other
// descriptor of the same file would drop ours. Whoever holds it is named in a file beside it, `lock.pid`.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DatabaseError } from "./databaseError.ts";

export type FolderLock = { release(): void };

const SQLITE_BUSY = 5;

export function lockFolder(folder: string): FolderLock {
  const database = new DatabaseSync(join(folder, "lock"), { timeout: 0 });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE;");
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) throw inUse(folder);
    throw error;
  }
  const holderFile = join(folder, "lock.pid");
  writeFileSync(holderFile, `${process.pid}\n`, { mode: 0o644 });
  return {
    release() {
      if (!database.isOpen) return;
      rmSync(holderFile, { force: true });
      database.close();
    },
  };
}

function inUse(folder: string): DatabaseError {
  const holder = describeHolder(folder);
  const who = holder.pid === undefined ? "another AuraOS" : `another AuraOS, process ${holder.pid}`;
  const where = holder.address === undefined ? "" : ` It answers at ${holder.address}.`;
  return new DatabaseError(
    "DATA_DIRECTORY_IN_USE",
    `The data folder ${folder} is in use by ${who}.${where} Stop that one first, or give this one a folder of its own (AURAOS_DATA).`,
    { folder, ...holder },
  );
}

/** What the running server says about itself in server.json; it may not have got that far yet. */
function describeHolder(folder: string): { pid?: number; address?: string } {
  const holder: { pid?: number; address?: string } = {};
  const pid = Number(readOrNothing(join(folder, "lock.pid")));
  if (Number.isInteger(pid) && pid > 0) holder.pid = pid;
  try {
    const said: unknown = JSON.parse(readOrNothing(join(folder, "server.json")));
    if (typeof said !== "object" || said === null) return holder;
    const { pid: saidPid, url, address } = said as Record<string, unknown>;
    if (holder.pid === undefined && typeof saidPid === "number") holder.pid = saidPid;
    if (typeof url === "string") holder.address = url;
    else if (typeof address === "string") holder.address = address;
  } catch {
    // Not written yet, or half written: the process id is enough.
  }
  return holder;
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
