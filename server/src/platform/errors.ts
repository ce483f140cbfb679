// A refusal: something the caller asked for cannot be done, with a stable code and what to do next. Thrown anywhere
// below a route and turned into problem details (RFC 9457) in one place, http.ts. Everything else that is thrown is
// a bug or the database; what the database says is translated here, so that no driver text reaches a caller.
import type { ProblemDetails } from "@auraos/contract";
import type { Problem } from "@auraos/kernel";

export type RefusalOptions = {
  status: number;
  code: string;
  message: string;
  remedy: string;
  problems?: readonly Problem[];
  executionId?: string;
  headers?: Record<string, string>;
  /** Whose credential was turned away, for the audit log of that organization; never sent. */
  about?: { orgId: string; actor: string; object: string };
};

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly problems: readonly Problem[] | undefined;
  readonly executionId: string | undefined;
  readonly headers: Record<string, string>;
  readonly about: RefusalOptions["about"];

  constructor(options: RefusalOptions, cause?: unknown) {
    super(options.message, cause === undefined ? undefined : { cause });
    this.name = "Refusal";
    this.status = options.status;
    this.code = options.code;
    this.remedy = options.remedy;
    this.problems = options.problems;
    this.executionId = options.executionId;
    this.headers = options.headers ?? {};
    this.about = options.about;
  }
}

export function refuse(
  status: number,
  code: string,
  message: string,
  remedy: string,
  more: Partial<RefusalOptions> = {},
): Refusal {
  return new Refusal({ status, code, message, remedy, ...more });
}

export function notFound(what: string, remedy = "Check the id."): Refusal {
  return refuse(404, "NOT_FOUND", `There is no ${what}.`, remedy);
}

export function invalid(message: string, problems: readonly Problem[]): Refusal {
  return refuse(422, "DEFINITION_INVALID", message, "Correct what `problems` lists.", { problems });
}

const titles: Record<number, string> = {
  400: "Bad request",
  401: "Key needed",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  408: "Request too slow",
  409: "Conflict",
  410: "Gone",
  413: "Too large",
  415: "Content type not supported",
  422: "Not valid",
  429: "Too many requests",
  500: "Failed",
  503: "Not available",
  507: "Storage full",
};

export function problemDetailsOf(refusal: Refusal, requestId: string): ProblemDetails {
  return {
    type: `urn:auraos:${refusal.code.toLowerCase().replaceAll("_", "-")}`,
    title: titles[refusal.status] ?? "Refused",
    status: refusal.status,
    detail: refusal.message,
    code: refusal.code,
    remedy: refusal.remedy,
    ...(refusal.problems ? { problems: [...refusal.problems] } : {}),
    requestId,
    ...(refusal.executionId === undefined ? {} : { executionId: refusal.executionId }),
  };
}

/** What the world below said, as a refusal; undefined = nobody foresaw it. */
export function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!(error instanceof Error)) return undefined;
  if (error instanceof URIError)
    return refuse(400, "URL_INVALID", "The address is not well encoded.", "Percent-encode it as UTF-8.");
  if (error.name === "StoreError") return ofStore(error);
  if (error.name === "EngineError") return ofEngine(error);
  return ofDatabase(error);
}

function ofStore(error: Error): Refusal | undefined {
  const kind = (error as { kind?: string }).kind;
  if (kind === "full") return storageFull(error);
  if (kind === "unavailable" || kind === "unknownOutcome") return databaseDown(error);
  return undefined;
}

function ofEngine(error: Error): Refusal {
  const { code, remedy = "Try again in a few seconds." } = error as { code?: string; remedy?: string };
  const { message } = error;
  if (code === "UNKNOWN_EXECUTION")
    return new Refusal({ status: 404, code: "NOT_FOUND", message, remedy }, error);
  if (code === "PARKED")
    return new Refusal({ status: 409, code: "EXECUTION_PARKED", message, remedy }, error);
  const headers = { "retry-after": "2" };
  return new Refusal({ status: 503, code: `ENGINE_${code ?? "FAILED"}`, message, remedy, headers }, error);
}

const connectionCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** Of a connection that was there. */
const lostCodes = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT"]);

function ofDatabase(error: Error): Refusal | undefined {
  const { code, syscall, severity } = error as { code?: string; syscall?: string; severity?: string };
  if (error.message === "Query read timeout") return databaseSlow(error);
  // pg throws these without a code.
  if (
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/.test(
      error.message,
    )
  )
    return databaseDown(error);
  if (code === undefined) return undefined;
  if (syscall === "connect" && connectionCodes.has(code)) return databaseDown(error);
  if (lostCodes.has(code) && (syscall === "read" || syscall === "write")) return databaseDown(error);
  if (severity === undefined) return undefined;
  if (code === "53100") return storageFull(error);
  if (code === "57014") return databaseSlow(error);
  // Connection exceptions, too many connections, shutting down, read-only.
  if (/^(08|53|57P|25006)/.test(code)) return databaseDown(error);
  // The value cannot be stored as text (\u0000) or is out of range.
  if (/^22/.test(code))
    return new Refusal(
      {
        status: 422,
        code: "VALUE_NOT_STORABLE",
        message: "A value cannot be stored: a control character or a number out of range.",
        remedy: "Remove \\u0000 and lone surrogates from names and text.",
      },
      error,
    );
  return undefined;
}

function databaseSlow(error: Error): Refusal {
  return new Refusal(
    {
      status: 503,
      code: "DATABASE_SLOW",
      message: "The database did not answer in time.",
      remedy: "Try again; look at the load of the database.",
      headers: { "retry-after": "5" },
    },
    error,
  );
}

function databaseDown(error: Error): Refusal {
  return new Refusal(
    {
      status: 503,
      code: "DATABASE_UNAVAILABLE",
      message: "The database does not answer.",
      remedy: "Try again in a few seconds; /health/ready says when it is back.",
      headers: { "retry-after": "2" },
    },
    error,
  );
}

function storageFull(error: Error): Refusal {
  return new Refusal(
    {
      status: 507,
      code: "STORAGE_FULL",
      message: "The database has no space left.",
      remedy: "Free space on its disk; nothing that was accepted is lost.",
    },
    error,
  );
}
