// What is about to be done stands in a file before it is done, so that no end of this process and no trouble with the
// database leaves a change without an entry: what was begun and not settled is written into the log with the next start.
// The file is append-only and emptied whenever nothing is open. It survives the process, not a power cut of the machine
// (nothing waits for the disk here).
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { isObject } from "@auraos/kernel";
import { parseJson } from "../platform/json.ts";

export type Draft = { orgId: string; entry: string };

export type AuditJournal = {
  /** What the process before this one left behind. */
  left: readonly { id: string; drafts: readonly Draft[]; isFinal: boolean }[];
  /** Replaces what stood under this id. */
  put(id: string, drafts: readonly Draft[], isFinal: boolean): void;
  settle(id: string): void;
  close(): void;
};

const EMPTY_ABOVE_BYTES = 256 * 1024;

export function openJournal(path: string): AuditJournal {
  const left = readLeft(path);
  const file = openSync(path, "a", 0o600);
  const open = new Set(left.map(({ id }) => id));
  let bytes = 0;
  let isClosed = false;
  return {
    left,
    put(id, drafts, isFinal) {
      open.add(id);
      append({ id, isFinal, drafts });
    },
    settle(id) {
      if (!open.delete(id)) return;
      if (open.size > 0 || bytes < EMPTY_ABOVE_BYTES) return append({ id });
      ftruncateSync(file);
      bytes = 0;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      if (open.size === 0) ftruncateSync(file);
      closeSync(file);
    },
  };

  function append(line: unknown): void {
    // The server is ending: what comes late stands in the log of the server.
    if (!isClosed) bytes += writeSync(file, `${JSON.stringify(line)}\n`);
  }
}

function readLeft(path: string): AuditJournal["left"] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const found = new Map<string, { drafts: readonly Draft[]; isFinal: boolean }>();
  for (const line of text.split("\n")) {
    const value = lineOf(line);
    if (!isObject(value) || typeof value.id !== "string") continue;
    if (value.drafts === undefined) found.delete(value.id);
    else found.set(value.id, { drafts: value.drafts as Draft[], isFinal: value.isFinal === true });
  }
  return [...found].map(([id, more]) => ({ id, ...more }));
}

/** The last line may be half of one. */
function lineOf(line: string): unknown {
  try {
    return line === "" ? undefined : parseJson(line);
  } catch {
    return undefined;
  }
}
