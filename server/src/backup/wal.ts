// The WAL archive: segments that PostgreSQL handed over are sealed into the backup folder, and found again for a restore.
// A segment stays in the handover folder until its sealed copy is on the disk under its name.
import { existsSync, rmSync } from "node:fs";
import { open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { flushFolder, makeFolder } from "../blobs/durableFile.ts";
import { DRAFT_ENDING } from "../platform/postgres/archiving.ts";
import { say } from "../platform/say.ts";
import { readArchive, writeArchive } from "./archive.ts";
import { BackupError } from "./backupError.ts";
import type { BackupKeys } from "./backupKeys.ts";
import { DRAFT, folders, type Manifest } from "./manifest.ts";

const SEGMENT = /^[0-9A-F]{24}$/;
const HISTORY = /^[0-9A-F]{8}\.history$/;
const ENDING = ".aosb";
/** Segments of 16 MB to one "log" of 4 GB: how names of segments count. */
const SEGMENTS_OF_LOG = 256;

/** Seals what was handed over; gives the names. Several calls must not overlap. */
export async function archiveHandedOver(from: string, folder: string, keys: BackupKeys): Promise<string[]> {
  const names = (await readdir(from)).filter((name) => !name.endsWith(DRAFT_ENDING)).sort();
  const done: string[] = [];
  for (const name of names) {
    const path = join(from, name);
    // What PostgreSQL notes about a backup, for people; ours has a manifest.
    if (SEGMENT.test(name) || HISTORY.test(name)) {
      await sealSegment(path, name, folder, keys);
      done.push(name);
    }
    rmSync(path, { force: true });
  }
  return done;
}

async function sealSegment(path: string, name: string, folder: string, keys: BackupKeys): Promise<void> {
  const place = folders.wal(folder);
  const target = join(place, `${name}${ENDING}`);
  const content = await readFile(path);
  if (existsSync(target)) {
    // Handed over twice, after a crash. Another content under the same name is another history.
    if (content.equals(await readSealed(target, name, keys))) return;
    throw new BackupError("BACKUP_FOLDER_FOREIGN", say("backup.why.twoDatabases", { path: target }), {
      file: target,
    });
  }
  await makeFolder(place);
  // A server that ends and the next one may do this at the same time.
  const draft = join(place, `${DRAFT}${process.pid}-${name}`);
  const archive = await writeArchive(draft, keys, `wal/${name}`);
  await archive.addFile(name, content);
  await archive.end();
  await rename(draft, target);
  await flushFolder(place);
}

async function readSealed(path: string, name: string, keys: BackupKeys): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const record of readArchive(path, keys, `wal/${name}`))
    if (record.kind === "bytes") parts.push(record.bytes);
  return Buffer.concat(parts);
}

/** Names of what is archived, in order. */
export async function listArchived(folder: string): Promise<string[]> {
  const names = await readdir(folders.wal(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith(ENDING) && !name.startsWith(DRAFT))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();
}

export type WalPath = {
  segments: string[];
  histories: string[];
  /** The first segment that should be there and is not, although later ones are. */
  gap: string | undefined;
};

/** What of the archive continues a backup, along its timeline and those that branched off it later. */
export async function walAfter(folder: string, manifest: Manifest, keys: BackupKeys): Promise<WalPath> {
  const archived = await listArchived(folder);
  const histories = archived.filter((name) => HISTORY.test(name));
  const timelines = await timelinesOf(folder, histories, manifest.timeline, keys);
  const first = numberOf(manifest.firstWal);
  const inside = numberOf(manifest.lastWal);
  const segments = archived.filter(
    (name) => SEGMENT.test(name) && numberOf(name) >= first && timelines.includes(timelineOf(name)),
  );
  const there = new Set(segments.map(numberOf));
  for (let number = first; number <= inside; number += 1) there.add(number);
  const last = Math.max(inside, ...there);
  let gap: string | undefined;
  for (let number = inside; number < last && gap === undefined; number += 1)
    if (!there.has(number)) gap = nameOf(timelines.at(-1) ?? manifest.timeline, number);
  const following = new Set(timelines.map((timeline) => `${hex(timeline)}.history`));
  return { segments, histories: histories.filter((name) => following.has(name)), gap };
}

/** The timeline of a backup and its newest line of descendants. */
async function timelinesOf(
  folder: string,
  histories: readonly string[],
  timeline: number,
  keys: BackupKeys,
): Promise<number[]> {
  const line = [timeline];
  for (const name of histories) {
    const child = Number.parseInt(name.slice(0, 8), 16);
    const text = (await readSealed(join(folders.wal(folder), `${name}${ENDING}`), name, keys)).toString();
    const ancestors = text
      .split("\n")
      .flatMap((row) => (/^\s*\d/.test(row) ? [Number.parseInt(row, 10)] : []));
    if (child > timeline && ancestors.includes(timeline)) line.push(child);
  }
  return line;
}

/** Puts an archived file where PostgreSQL looks for it. */
export async function unsealSegment(
  folder: string,
  name: string,
  keys: BackupKeys,
  target: string,
): Promise<void> {
  const content = await readSealed(join(folders.wal(folder), `${name}${ENDING}`), name, keys);
  const handle = await open(target, "w", 0o600);
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}

/** Segments that no kept backup needs. */
export async function deleteWalBefore(folder: string, firstWal: string): Promise<number> {
  const old = (await listArchived(folder)).filter(
    (name) => SEGMENT.test(name) && numberOf(name) < numberOf(firstWal),
  );
  for (const name of old) rmSync(join(folders.wal(folder), `${name}${ENDING}`), { force: true });
  return old.length;
}

function timelineOf(name: string): number {
  return Number.parseInt(name.slice(0, 8), 16);
}

/** Place of a segment in the row of all, whatever its timeline. */
function numberOf(name: string): number {
  return Number.parseInt(name.slice(8, 16), 16) * SEGMENTS_OF_LOG + Number.parseInt(name.slice(16), 16);
}

function nameOf(timeline: number, number: number): string {
  return hex(timeline) + hex(Math.floor(number / SEGMENTS_OF_LOG)) + hex(number % SEGMENTS_OF_LOG);
}

function hex(number: number): string {
  return number.toString(16).toUpperCase().padStart(8, "0");
}
