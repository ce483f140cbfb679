// Blobs in the backup folder: each file once, sealed under its own name, since a blob never changes. One that retention or
// an erasure removed from the data folder is removed here once no kept backup is older than that.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { flushFolder, makeFolder } from "../blobs/durableFile.ts";
import { unpackArchive, writeArchive } from "./archive.ts";
import type { BackupKeys } from "./backupKeys.ts";
import { contentOf } from "./files.ts";
import { DRAFT, folders } from "./manifest.ts";

const ENDING = ".aosb";
/** In a day's folder: which blobs the data folder has no more, and since when. */
const GONE = "gone.json";

/** Adds what is not there yet. Several calls must not overlap. */
export async function mirrorBlobs(blobs: string, folder: string, keys: BackupKeys): Promise<void> {
  for (const day of await daysIn(blobs)) {
    for (const execution of await namesIn(join(blobs, day))) {
      const place = join(day, execution);
      const there = new Set(await namesIn(join(folders.blobs(folder), place)));
      for (const name of await namesIn(join(blobs, place))) {
        if (there.has(`${name}${ENDING}`)) continue;
        await mirrorOne(blobs, folder, join(place, name), keys);
      }
    }
  }
}

async function mirrorOne(blobs: string, folder: string, name: string, keys: BackupKeys): Promise<void> {
  const source = join(blobs, name);
  const target = join(folders.blobs(folder), `${name}${ENDING}`);
  const place = dirname(target);
  await makeFolder(place);
  const draft = join(place, `${DRAFT}blob`);
  const archive = await writeArchive(draft, keys, `blobs/${name}`);
  await archive.addFile(name, contentOf(source));
  await archive.end();
  // Removed while it was read: what was sealed may be half of it, and nobody needs it any more.
  if (!existsSync(source)) {
    rmSync(draft);
    return;
  }
  await rename(draft, target);
  await flushFolder(place);
}

export async function restoreBlobs(folder: string, keys: BackupKeys, to: string): Promise<number> {
  let count = 0;
  const mirror = folders.blobs(folder);
  for (const day of await daysIn(mirror)) {
    for (const execution of await namesIn(join(mirror, day)))
      for (const file of await namesIn(join(mirror, day, execution))) {
        if (!file.endsWith(ENDING) || file.startsWith(DRAFT)) continue;
        const name = join(day, execution, file.slice(0, -ENDING.length));
        await makeFolder(to);
        await unpackArchive(join(mirror, `${name}${ENDING}`), keys, `blobs/${name}`, { folder: to });
        count += 1;
      }
  }
  return count;
}

/**
 * `keptSinceMs`: time of the oldest backup that is kept. When a blob was first missed is noted beside it: it may have been
 * removed by mistake, and a kept backup may be from before.
 */
export async function sweepMirror(
  blobs: string,
  folder: string,
  nowMs: number,
  keptSinceMs: number,
): Promise<void> {
  const mirror = folders.blobs(folder);
  for (const day of await daysIn(mirror)) {
    const file = join(mirror, day, GONE);
    const noted = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, number>) : {};
    const gone: Record<string, number> = {};
    let isEmpty = true;
    for (const execution of await namesIn(join(mirror, day)))
      for (const sealed of await namesIn(join(mirror, day, execution))) {
        const name = join(execution, sealed.slice(0, -ENDING.length));
        const sinceMs = noted[name] ?? nowMs;
        const isKept = existsSync(join(blobs, day, name));
        if (!isKept && sinceMs < keptSinceMs) rmSync(join(mirror, day, execution, sealed));
        else isEmpty = false;
        if (!isKept && sinceMs >= keptSinceMs) gone[name] = sinceMs;
      }
    if (isEmpty) rmSync(join(mirror, day), { recursive: true, force: true });
    else if (Object.keys(gone).length > 0) writeFileSync(file, JSON.stringify(gone), { mode: 0o600 });
    else rmSync(file, { force: true });
  }
}

/** `<organization>/<day>` of everything there is. */
async function daysIn(root: string): Promise<string[]> {
  const days: string[] = [];
  for (const org of await namesIn(root))
    for (const day of await namesIn(join(root, org))) days.push(join(org, day));
  return days;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}
