// What a failed call means: its class, whether another attempt may help, and whether the outside world changed.
//
//   429                        rateLimited  retry, not before Retry-After     not done
//   408, 5xx                   server       retry (503: Retry-After too)      unknown
//   401, 403                   auth         no retry                          not done
//   other 4xx                  client       no retry                          not done
//   no connection, no address  network      retry                             not done
//   connection lost            network      retry                             unknown
//   time limit                 timeout      retry                             unknown
//   reply is not JSON          data         retry                             unknown
// Whether a retry happens at all is the kernel's decision: a `once` call is never repeated when unknown.
import type { ErrorClass, Failure } from "@auraos/kernel";
import { ActivityError, type HttpResponse } from "../defineNode.ts";

const excerptMax = 500;

export function statusFailure(response: HttpResponse, nowMs: number): ActivityError {
  const { status } = response;
  const retryAfterMs = readRetryAfter(response.headers["retry-after"], nowMs);
  const isServer = status >= 500 || status === 408;
  const failure: Failure = {
    code: `HTTP_${status}`,
    class: classOf(status),
    message: `The service answered ${status}${explain(status)}.`,
    retryable: isServer || status === 429,
    certainty: isServer ? "unknown" : "notDone",
    detail: { status, body: excerpt(response) },
  };
  if (retryAfterMs !== undefined && (status === 429 || status === 503)) failure.retryAfterMs = retryAfterMs;
  return new ActivityError(failure);
}

export function malformed(response: HttpResponse, why: string): ActivityError {
  return new ActivityError({
    code: "DATA_MALFORMED",
    class: "data",
    message: `The service's reply is not JSON: ${why}`,
    remedy: 'Set "response" to "text" if the service does not answer with JSON.',
    retryable: true,
    certainty: "unknown",
    detail: { status: response.status, body: excerpt(response) },
  });
}

/** Errors of the client. Those it already explains pass; of others the system's code tells how far the call came. */
export function networkFailure(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof ActivityError || signal.aborted) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const isTimeout = timeouts.includes(code);
  return new ActivityError({
    code: isTimeout ? "TIMEOUT" : code,
    class: isTimeout ? "timeout" : "network",
    message: isTimeout
      ? "The service did not answer in time."
      : `The service could not be reached (${code}).`,
    retryable: true,
    certainty: neverSent.includes(code) ? "notDone" : "unknown",
  });
}

const neverSent = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];
const timeouts = [
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
  "TimeoutError",
];

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error.name === "TimeoutError") return error.name;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

function classOf(status: number): ErrorClass {
  if (status === 429) return "rateLimited";
  if (status === 408 || status >= 500) return "server";
  return status === 401 || status === 403 ? "auth" : "client";
}

/** Seconds or an HTTP date. */
export function readRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.ceil(Number(value) * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function explain(status: number): string {
  const words: Record<number, string> = {
    400: " (it did not understand the request)",
    401: " (sign-in missing or wrong)",
    403: " (not allowed)",
    404: " (not found)",
    409: " (conflict)",
    422: " (it refused the data)",
    429: " (too many requests)",
  };
  return words[status] ?? "";
}

/** The beginning of a reply, for people; bounded because failures are kept in the history. */
function excerpt(response: HttpResponse): string {
  const start = response.body.subarray(0, excerptMax * 4);
  const text = new TextDecoder().decode(start);
  if (text.includes("\0")) return `(${response.body.length} bytes)`;
  return text.length > excerptMax ? `${text.slice(0, excerptMax)}...` : text;
}
