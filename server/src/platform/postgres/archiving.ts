// How finished WAL leaves the cluster: PostgreSQL copies each segment into a folder beside the cluster, flushed and under
// its name only once it is whole. Whoever makes backups takes it from there. A shell command of two programs that every
// system has: no process of ours has to live for it, and none has to be started for each segment.
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Account, giveTo } from "./account.ts";
import type { Settings } from "./configuration.ts";
import type { Place } from "./place.ts";

export const DRAFT_ENDING = ".part";

export function archiveFolder(place: Place, account: Account): string {
  const folder = join(place.parent, "postgres.archive");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  giveTo(account, folder);
  return folder;
}

export function archivingSettings(folder: string, withinSeconds: number): Settings {
  // In a setting %% is %; in the shell nothing is special between single quotes but they themselves.
  const place = folder.replaceAll("%", "%%").replaceAll("'", "'\\''");
  const quoted = (name: string) => `'${place}'/${name}`;
  const draft = quoted(`%f${DRAFT_ENDING}`);
  // dd flushes what it wrote; that of macOS cannot, and there the whole system is flushed.
  const copy =
    process.platform === "linux"
      ? `dd if=%p of=${draft} bs=1048576 conv=fsync 2>/dev/null`
      : `cp %p ${draft} && sync`;
  return {
    archive_mode: "on",
    archive_timeout: String(withinSeconds),
    archive_command: `${copy} && mv ${draft} ${quoted("%f")}`,
  };
}
