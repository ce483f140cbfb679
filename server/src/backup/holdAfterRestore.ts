// After a restore the engine waits for a person: executions that were open at that moment may have gone on in the world
// since, and would do it again. The mark is a file in the data folder; without it, or once it is gone, the engine begins.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../platform/log.ts";

export type RestoreMark = { backup: string; moment: string };

export type Hold = {
  /** What was restored, while the engine waits. */
  mark(): RestoreMark | undefined;
  release(): void;
  stop(): void;
};

const LOOK_MS = 1_000;

export function markRestored(dataDir: string, mark: RestoreMark): void {
  writeFileSync(fileOf(dataDir), `${JSON.stringify(mark)}\n`, { mode: 0o600, flush: true });
}

/** Gives whether there was one. */
export function releaseRestored(dataDir: string): boolean {
  const isThere = existsSync(fileOf(dataDir));
  rmSync(fileOf(dataDir), { force: true });
  return isThere;
}

/** Calls `begin` at once, or when the mark is gone; a failure then is said, since nobody waits for it any more. */
export async function holdAfterRestore(dataDir: string, begin: () => Promise<void>, log: Log): Promise<Hold> {
  let mark = readMark(dataDir);
  let timer: NodeJS.Timeout | undefined;
  if (mark === undefined) await begin();
  else {
    log(
      "warn",
      "restored from a backup: nothing is executed until somebody has looked and releases it",
      mark,
    );
    timer = setInterval(() => {
      if (!existsSync(fileOf(dataDir))) go();
    }, LOOK_MS);
  }
  return {
    mark: () => mark,
    release() {
      releaseRestored(dataDir);
      if (mark !== undefined) go();
    },
    stop: () => clearInterval(timer),
  };

  function go(): void {
    clearInterval(timer);
    mark = undefined;
    log("info", "released after a restore: executions go on");
    begin().catch((error: unknown) => log("error", "the engine could not begin after a restore", { error }));
  }
}

function readMark(dataDir: string): RestoreMark | undefined {
  if (!existsSync(fileOf(dataDir))) return undefined;
  try {
    return JSON.parse(readFileSync(fileOf(dataDir), "utf8")) as RestoreMark;
  } catch {
    // Whatever it says, it is there.
    return { backup: "?", moment: "?" };
  }
}

function fileOf(dataDir: string): string {
  return join(dataDir, "restored.json");
}
