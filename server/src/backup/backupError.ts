// Why a backup, a restore or a drill cannot be done, with a stable code and what the operator can do about it.

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

  constructor(code: BackupErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = "BackupError";
    this.code = code;
    this.details = details;
  }
}
