// A file that stands in the data folder while the process lives: found at the start, it says that the last process did
// not end in order, and who was being tried then. Path: assemble -> engine (suspects.ts).
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { CrashMarker, CrashNote } from "./engine.types.ts";

const EMPTY: CrashNote = { deaths: {}, trying: [] };

export function createCrashMarker(file: string): CrashMarker {
  const write = (note: CrashNote): void => {
    const fresh = `${file}.new`;
    const opened = openSync(fresh, "w", 0o600);
    try {
      writeSync(opened, JSON.stringify(note));
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    renameSync(fresh, file);
    syncFolder(dirname(file));
  };
  return {
    open: () => {
      const last = read(file);
      if (last === null) write(EMPTY);
      return last;
    },
    write,
    remove: () => rmSync(file, { force: true }),
  };
}

/** One that cannot be read tells of an unclean end all the same. */
function read(file: string): CrashNote | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    const { deaths, trying } = JSON.parse(text) as Partial<CrashNote>;
    return { deaths: deaths ?? {}, trying: trying ?? [] };
  } catch {
    return EMPTY;
  }
}

function syncFolder(folder: string): void {
  const opened = openSync(folder, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
