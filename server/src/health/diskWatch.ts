// Is there room on the disks that the server writes to? When less than a share is free, nothing new is started: what runs
// can then still be finished and recorded. It looks again every few seconds and goes on by itself.
//
//   enough   less than the share is free          -> low, told once
//   low      a little more than the share is free -> enough (so that it does not change with every file)
import { statfs } from "node:fs/promises";
import type { Log } from "../platform/log.ts";

/** Share of the disk of a folder that is free, 0 to 1. */
export type FreeSpace = (folder: string) => Promise<number>;

export type DiskState = { free: number; isLow: boolean; folder: string };

export type DiskWatch = {
  /** As it was last seen; nothing when it cannot be measured. */
  state(): DiskState | undefined;
  /** Looks now. */
  look(): Promise<DiskState | undefined>;
  stop(): void;
};

const LOOK_MS = 5_000;
const MARGIN = 0.01;

export const freeSpaceOf: FreeSpace = async (folder) => {
  const { bavail, blocks } = await statfs(folder);
  return blocks === 0 ? 1 : bavail / blocks;
};

export function createDiskWatch(options: {
  folders: readonly string[];
  /** Of the disk, 0 to 1; 0 = never low. */
  freeMin: number;
  read: FreeSpace;
  log: Log;
}): DiskWatch {
  const { folders, freeMin, read, log } = options;
  let last: DiskState | undefined;
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return { state: () => last, look, stop: () => clearInterval(timer) };

  async function look(): Promise<DiskState | undefined> {
    const found = await Promise.all(
      folders.map(async (folder) => ({ folder, free: await read(folder).catch(() => undefined) })),
    );
    const known = found.flatMap(({ folder, free }) => (free === undefined ? [] : [{ folder, free }]));
    const fullest = known.sort((one, other) => one.free - other.free)[0];
    if (!fullest) {
      last = undefined;
      return last;
    }
    const wasLow = last?.isLow === true;
    const isLow = freeMin > 0 && fullest.free < freeMin + (wasLow ? MARGIN : 0);
    last = { ...fullest, isLow };
    if (isLow && !wasLow)
      log("error", "the disk is nearly full: nothing new is started until there is room", {
        ...last,
        freeMin,
      });
    if (!isLow && wasLow) log("info", "there is room on the disk again: executions are started", last);
    return last;
  }
}
