// Why a backup, a restore or a drill cannot be done, with a stable code and what the operator can do about it; what a page
// may have to show of it is said in parts.
import { type Said, say } from "../platform/say.ts";

export type BackupErrorCode =
  | "BACKUP_DAMAGED"
  | "BACKUP_FAILED"
  | "BACKUP_FORMAT_UNKNOWN"
  | "BACKUP_FOLDER_FOREIGN"
  | "BACKUP_KEY_MISSING"
  | "BACKUP_NOT_FOUND"
  | "BACKUP_NOT_HERE"
  | "BACKUP_RUNNING"
  | "BACKUP_SPACE"
  | "BACKUP_TARGET_NOT_EMPTY"
  | "BACKUP_TIME_OUTSIDE"
  | "BACKUP_WAL_MISSING"
  | "DUMP_INVALID"
  | "DUMP_SCHEMA"
  | "RESTORE_FAILED";

export class BackupError extends Error {
  readonly code: BackupErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly said: Said;

  /** `why`: a text alone where only the operator's command line meets it. */
  constructor(code: BackupErrorCode, why: string | Said, details: Record<string, unknown> = {}) {
    const said = typeof why === "string" ? { text: why, parts: null } : why;
    super(said.text);
    this.said = said;
    this.name = "BackupError";
    this.code = code;
    this.details = details;
  }
}

/** Of the system, for what happens to folders on their bad days. */
const OF_THE_SYSTEM = {
  ENOSPC: "backup.disk.full",
  EDQUOT: "backup.disk.full",
  EACCES: "backup.disk.denied",
  EPERM: "backup.disk.denied",
  EROFS: "backup.disk.readOnly",
} as const;

/** Any failure of a backup or a drill, as people are told of it. */
export function saidOf(error: unknown): Said {
  if (error instanceof BackupError) return error.said;
  const { code = "", path = "" } = error as NodeJS.ErrnoException;
  if (Object.hasOwn(OF_THE_SYSTEM, code))
    return say(OF_THE_SYSTEM[code as keyof typeof OF_THE_SYSTEM], { path, error: code });
  return { text: error instanceof Error ? error.message : String(error), parts: null };
}
