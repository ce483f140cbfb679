// What an error of Redis means: whose fault it is, whether another attempt may help, and whether anything changed.
import type { ErrorClass } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";

type Meaning = { class: ErrorClass; remedy: string; retryable?: boolean };

/** By the first word of what the server says. */
const meanings: Record<string, Meaning> = {
  WRONGTYPE: {
    class: "data",
    remedy: "Another kind of value stands under this key; choose the operation for it.",
  },
  NOAUTH: { class: "auth", remedy: "Put user and password into the connection." },
  WRONGPASS: { class: "auth", remedy: "Check user and password." },
  NOPERM: { class: "auth", remedy: "Give the user the right to this command and key." },
  LOADING: {
    class: "server",
    retryable: true,
    remedy: "The server is starting; the next attempt may succeed.",
  },
  BUSY: { class: "server", retryable: true, remedy: "The server is busy with a script." },
  OOM: { class: "server", retryable: true, remedy: "The server has no memory left." },
  READONLY: {
    class: "server",
    retryable: true,
    remedy: "This server is a copy; name the one that takes writes.",
  },
  MISCONF: { class: "server", retryable: true, remedy: "The server cannot write to its disk." },
  MOVED: { class: "client", remedy: "This is a cluster; name the node that holds the key." },
};

/** The server has answered, so it is known what was done: nothing. */
export function refusedByServer(said: string): ActivityError {
  const [word = ""] = said.split(" ", 1);
  const isData = /not an integer|not a valid float|no such key|invalid/i.test(said);
  const meaning = meanings[word] ?? {
    class: isData ? "data" : "client",
    remedy: "Check operation, key and value.",
  };
  return new ActivityError({
    code: `REDIS_${/^[A-Z]+$/.test(word) ? word : "ERR"}`,
    message: `Redis says: ${said.slice(0, 300)}.`,
    retryable: false,
    ...meaning,
    certainty: "notDone",
  });
}

/** No connection, or one that broke. `isSent`: the command may have been carried out. */
export function connectionFailure(error: Error & { code?: string }, isSent: boolean): ActivityError {
  if (/certificate|self.signed|altname|SSL|TLS|wrong version/i.test(`${error.code} ${error.message}`))
    return new ActivityError({
      code: "REDIS_TLS",
      class: "network",
      message: `The connection could not be encrypted: ${error.message}.`,
      remedy: 'Use redis:// if the server offers no encryption, or give its authority as "ca".',
      field: "connection",
      certainty: "notDone",
    });
  return new ActivityError({
    code: "REDIS_CONNECTION",
    class: "network",
    message: `The connection to Redis failed: ${error.message || error.code}.`,
    remedy: "Check host and port, and that the server is running.",
    retryable: true,
    certainty: isSent ? "unknown" : "notDone",
  });
}

export function tookTooLong(seconds: number, isSent: boolean): ActivityError {
  return new ActivityError({
    code: "REDIS_TIMEOUT",
    class: "timeout",
    message: `Redis did not answer within ${seconds} s.`,
    remedy: 'Look at the server, or raise "timeoutSeconds".',
    retryable: true,
    certainty: isSent ? "unknown" : "notDone",
  });
}

export function cancelled(isSent: boolean): ActivityError {
  return new ActivityError({
    code: "CANCELLED",
    class: "cancelled",
    message: "The command was stopped.",
    certainty: isSent ? "unknown" : "notDone",
  });
}
