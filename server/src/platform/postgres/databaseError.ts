// Why the built-in database could not be started, with a stable code for the caller and, in the message,
// what the operator can do about it. These stop the start of the product; nobody retries them.

export type DatabaseErrorCode =
  | "DATA_DIRECTORY_IN_USE"
  | "DATABASE_PLATFORM_UNSUPPORTED"
  | "DATABASE_PROGRAMS_MISSING"
  | "DATABASE_ACCOUNT_MISSING"
  | "DATABASE_FOLDER_UNREACHABLE"
  | "DATABASE_CLUSTER_LOST"
  | "DATABASE_PASSWORD_LOST"
  | "DATABASE_INIT_FAILED"
  | "DATABASE_START_FAILED";

export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: DatabaseErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = "DatabaseError";
    this.code = code;
    this.details = details;
  }
}
