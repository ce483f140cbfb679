// What an error of PostgreSQL means: whose fault it is, whether another attempt may help, and whether anything changed.
import type { ErrorClass } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";

type PgError = Error & { code?: string; position?: string; detail?: string; constraint?: string };
type Meaning = { class: ErrorClass; remedy?: string; retryable?: boolean };

/** By the class of the SQLSTATE, its first two characters. */
const byClass: Record<string, Meaning> = {
  "08": { class: "network", retryable: true },
  "22": { class: "data", remedy: "A value does not suit its type; look at the parameters." },
  "23": { class: "data", remedy: "The data breaks a rule of the table." },
  "25": { class: "client", remedy: 'Set "access" to "write" if the statement is meant to change something.' },
  "28": { class: "auth", remedy: "Check user and password." },
  "40": {
    class: "server",
    retryable: true,
    remedy: "Another transaction was in the way; the next attempt may succeed.",
  },
  "42": { class: "client", remedy: "Check the SQL, and the rights of the user." },
  "53": { class: "server", retryable: true, remedy: "The database is short of resources." },
  "55": { class: "server", retryable: true },
  "57": { class: "server", retryable: true },
};

/** `isOpen`: the database was asked to make the change final, and its answer is missing. */
export function databaseFailure(thrown: unknown, isOpen: boolean): ActivityError {
  if (thrown instanceof ActivityError) return thrown;
  const error = thrown as PgError;
  const { code = "", message } = error;
  const isState = /^[0-9A-Z]{5}$/.test(code);
  const certainty = isOpen && (!isState || code.startsWith("08")) ? "unknown" : "notDone";
  if (code === "57014") {
    return new ActivityError({
      code: "SQL_TIMEOUT",
      class: "timeout",
      message: "The database stopped the statement because it took too long.",
      remedy: 'Make it cheaper, or raise "timeoutSeconds".',
      retryable: true,
      certainty,
    });
  }
  if (isState) {
    const meaning = byClass[code.slice(0, 2)] ?? { class: "server" as const };
    const place = error.position === undefined ? "" : ` (at character ${error.position})`;
    return new ActivityError({
      code: `SQL_${code}`,
      message: `The database says: ${message}${place}.${error.detail === undefined ? "" : ` ${error.detail}`}`,
      retryable: false,
      ...meaning,
      certainty,
    });
  }
  if (/does not support SSL/i.test(message)) {
    return new ActivityError({
      code: "DATABASE_TLS",
      class: "network",
      message: "The database offers no encryption.",
      remedy: 'Set "encryption" to "none" if the way to it is safe.',
      field: "encryption",
      certainty,
    });
  }
  if (/certificate|self.signed|altname/i.test(`${code} ${message}`)) {
    return new ActivityError({
      code: "DATABASE_TLS",
      class: "network",
      message: `The certificate of the database is not trusted: ${message}.`,
      remedy: 'Give its authority as "ca", or set "encryption" to "encrypt" to go without checking it.',
      field: "encryption",
      certainty,
    });
  }
  const isTimeout = code === "ETIMEDOUT" || /timeout/i.test(message);
  return new ActivityError({
    code: isTimeout ? "DATABASE_TIMEOUT" : "DATABASE_CONNECTION",
    class: isTimeout ? "timeout" : "network",
    message: `The connection to the database failed: ${message || code}.`,
    remedy: "Check host and port, and that the database is running.",
    retryable: true,
    certainty,
  });
}
