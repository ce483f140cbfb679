// Why the schema could not be brought to where this release needs it: a stable code, and a message that tells the
// operator what to do. These stop the start; nothing was changed by the migration that failed.

export type MigrationErrorCode =
  | "SCHEMA_NEWER"
  | "SCHEMA_UNKNOWN_STEP"
  | "MIGRATION_CHANGED"
  | "MIGRATION_FAILED"
  | "MIGRATION_TARGET_UNKNOWN"
  | "SERVER_TOO_OLD"
  | "ROLES_NOT_ALLOWED";

export class MigrationError extends Error {
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "MigrationError";
    this.code = code;
  }
}
