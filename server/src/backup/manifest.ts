// What a backup says about itself. Sealed like the rest, so nobody moves a backup to another time or name unnoticed.
//
// In the backup folder:
//   backups.json           which database it belongs to
//   base/<id>/             one base backup: manifest.aosb, cluster.aosb (with the WAL that makes it whole), files.aosb
//   wal/<segment>.aosb     what was written since, for any moment between and after the base backups
//   blobs/...              blobs, each once: they never change
import { existsSync } from "node:fs";
import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "@auraos/contract";
import { flushFolder } from "../blobs/durableFile.ts";
import { say } from "../platform/say.ts";
import { readArchive, writeArchive } from "./archive.ts";
import { BackupError } from "./backupError.ts";
import type { BackupKeys } from "./backupKeys.ts";

const manifest = z.object({
  format: z.literal(1),
  id: z.string(),
  startedAt: z.string(),
  /** The moment the content was recorded at; the backup can be restored to it and to anything later. */
  consistentAt: z.string(),
  endedAt: z.string(),
  systemId: z.string(),
  timeline: z.number(),
  /** First and last WAL segment inside; the first is also where the archive has to begin. */
  firstWal: z.string(),
  lastWal: z.string(),
  restorePoint: z.string(),
  restoreLsn: z.string(),
  postgres: z.string(),
  schema: z.number(),
  release: z.string(),
  keyId: z.string(),
  clusterBytes: z.number(),
  filesBytes: z.number(),
  storedBytes: z.number(),
  /** null: the moment without writers was not found, so nothing exact could be recorded. */
  content: z.array(z.object({ table: z.string(), rows: z.number(), hash: z.string() })).nullable(),
});
export type Manifest = z.infer<typeof manifest>;

export const folders = {
  base: (folder: string) => join(folder, "base"),
  backup: (folder: string, id: string) => join(folder, "base", id),
  wal: (folder: string) => join(folder, "wal"),
  blobs: (folder: string) => join(folder, "blobs"),
};

export const DRAFT = ".draft-";

export function purposeOf(id: string, part: "manifest" | "cluster" | "files"): string {
  return `base/${id}/${part}`;
}

export async function writeManifest(folder: string, keys: BackupKeys, written: Manifest): Promise<void> {
  const path = join(folder, "manifest.aosb");
  const archive = await writeArchive(`${path}.draft`, keys, purposeOf(written.id, "manifest"));
  await archive.addFile("manifest.json", Buffer.from(JSON.stringify(written)));
  await archive.end();
  await rename(`${path}.draft`, path);
  await flushFolder(folder);
}

export async function readManifest(folder: string, id: string, keys: BackupKeys): Promise<Manifest> {
  const path = join(folders.backup(folder, id), "manifest.aosb");
  if (!existsSync(path))
    throw new BackupError("BACKUP_NOT_FOUND", say("backup.why.notFound", { backup: id, folder }));
  const parts: Buffer[] = [];
  for await (const record of readArchive(path, keys, purposeOf(id, "manifest")))
    if (record.kind === "bytes") parts.push(record.bytes);
  return manifest.parse(JSON.parse(Buffer.concat(parts).toString("utf8")));
}

/** Ids of the finished backups, oldest first: ids are times. */
export async function listBackupIds(folder: string): Promise<string[]> {
  const names = await readdir(folders.base(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => /^\d{8}T\d{6}Z(-\d+)?$/.test(name)).sort();
}
