// The one way out: every HTTP request of every node passes here.
//
// Invariants:
// 1. No connection opens to a private address that the operator did not name (guardedConnector.ts).
// 2. Each redirect is a new request under the same rules; credentials stay with the origin they were meant for.
// 3. Bytes, headers, time and redirects are bounded; the time covers all redirects together.
// 4. A status is not an error here: the node decides what a 404 means.
import type { IncomingHttpHeaders } from "node:http";
import type { HttpClient, HttpRequest, HttpResponse, HttpStream } from "@auraos/nodes/defineNode.ts";
import { ActivityError } from "@auraos/nodes/defineNode.ts";
import { Agent } from "undici";
import { createAddressRules } from "./addressRules.ts";
import type { BodyStream } from "./bodyStream.ts";
import { BodyTooLarge, type Call, exchange, isRedirect, type RawResponse } from "./exchange.ts";
import { outboundError, toOutboundError } from "./failures.ts";
import { guardedConnector, type Resolve } from "./guardedConnector.ts";
import { BodyBroken, decodeBody, inflateStream } from "./inflate.ts";
import { headersAfterRedirect, outgoingHeaders } from "./requestHeaders.ts";

export type HttpClientOptions = {
  /** Private targets that may be reached: entries of AURAOS_ALLOW_HOSTS. */
  allow: readonly string[];
  timeoutMs?: number;
  connectTimeoutMs?: number;
  responseBytesMax?: number;
  headerBytesMax?: number;
  /** Open connections to one origin; further requests wait for a free one. */
  connectionsPerOrigin?: number;
  /** Certificates to trust instead of the built-in ones (PEM). */
  certificates?: string[];
  /** Instead of the resolver of the system. */
  resolve?: Resolve;
};

const defaults = {
  timeoutMs: 60_000,
  connectTimeoutMs: 10_000,
  responseBytesMax: 50_000_000,
  headerBytesMax: 65_536,
  connectionsPerOrigin: 256,
};
const redirectsMaxDefault = 5;
const redirectsMaxLimit = 20;
/** A request may ask for more than the default, but not for all memory; a stream is bounded by who stores it. */
const responseBytesLimit = 256_000_000;

export function createHttpClient(options: HttpClientOptions): HttpClient & { close(): Promise<void> } {
  const limits = { ...defaults, ...options };
  const agent = new Agent({
    connect: guardedConnector(createAddressRules(options.allow), limits),
    connections: limits.connectionsPerOrigin,
    maxHeaderSize: limits.headerBytesMax,
    allowH2: false,
    // The total time below covers both, and counting once is cheaper.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return { request, close: () => agent.destroy() };

  async function request(asked: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const call: Call = {
      method: asked.method.toUpperCase(),
      host: "",
      started: false,
      answered: false,
      stop: undefined,
      ended: undefined,
    };
    if (signal.aborted) throw abortError(signal, call);

    const timeoutMs = asked.timeoutMs ?? limits.timeoutMs;
    const timer = setTimeout(() => end(timeoutError(call, timeoutMs)), timeoutMs);
    const onAbort = () => end(abortError(signal, call));
    signal.addEventListener("abort", onAbort, { once: true });
    let stream: HttpStream | undefined;
    try {
      const response = await follow(asked, call);
      stream = response.stream;
      return response;
    } catch (error) {
      throw toOutboundError(error, call);
    } finally {
      if (stream) void stream.ended.then(unwatch);
      else unwatch();
    }

    function unwatch(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }

    function end(error: ActivityError): void {
      call.ended = error;
      call.stop?.(error);
    }
  }

  async function follow(asked: HttpRequest, call: Call): Promise<HttpResponse> {
    const redirectsMax = Math.min(asked.redirectsMax ?? redirectsMaxDefault, redirectsMaxLimit);
    const streamBytesMax = asked.responseBytesMax ?? limits.responseBytesMax;
    const bytesMax = Math.min(streamBytesMax, responseBytesLimit);
    const { streams } = asked;
    let url = parseUrl(asked.url, undefined, call);
    let method = call.method;
    let headers = asked.headers ?? {};
    let secretHeaders = asked.secretHeaders;
    let body = asked.body;

    for (let redirects = 0; ; redirects += 1) {
      call.host = url.host;
      const hop = {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        // Last, so that nothing else takes their place.
        headers: outgoingHeaders(secretHeaders ? { ...headers, ...secretHeaders } : headers, url),
        body,
        bytesMax,
        streamBytesMax,
        streams:
          streams &&
          ((status: number, given: IncomingHttpHeaders) => streams({ status, headers: plainHeaders(given) })),
      };
      let response: RawResponse;
      try {
        response = await exchange(agent, hop, call, redirectsMax > 0);
      } catch (error) {
        throw error instanceof BodyTooLarge ? tooLargeError(call, error.bytesMax) : error;
      }
      if (call.ended) throw call.ended;

      const location = response.headers.location;
      if (redirectsMax === 0 || location === undefined || !isRedirect(response.status)) {
        return response.stream
          ? streaming(response, response.stream, url, streamBytesMax, call)
          : await finished(response, url, bytesMax, call);
      }
      if (redirects === redirectsMax) throw tooManyRedirectsError(call, redirectsMax);
      const next = parseUrl(location, url, call);
      const dropsBody = becomesGet(response.status, method);
      if (next.origin !== url.origin) secretHeaders = undefined;
      headers = headersAfterRedirect(headers, { crossOrigin: next.origin !== url.origin, dropsBody });
      if (dropsBody) {
        method = "GET";
        body = undefined;
      }
      url = next;
    }
  }
}

/** As browsers do: 303 always asks for the other page, 301 and 302 do so after a POST. */
function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

function plainHeaders(given: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(given)) {
    const value = given[name];
    // `set-cookie` is the one header whose values contain commas of their own.
    headers[name] = Array.isArray(value) ? value.join(name === "set-cookie" ? "\n" : ", ") : (value ?? "");
  }
  return headers;
}

function streaming(
  { status, headers: given }: RawResponse,
  raw: BodyStream,
  url: URL,
  bytesMax: number,
  call: Call,
): HttpResponse {
  const headers = plainHeaders(given);
  const encoding = headers["content-encoding"];
  const inflated = encoding === undefined ? undefined : inflateStream(raw, encoding, bytesMax);
  if (inflated) {
    delete headers["content-encoding"];
    delete headers["content-length"];
  }
  async function* explained(): AsyncGenerator<Uint8Array> {
    try {
      yield* inflated ?? raw;
    } catch (error) {
      if (error instanceof BodyTooLarge) throw tooLargeError(call, error.bytesMax);
      if (error instanceof BodyBroken) throw brokenEncodingError(call, encoding ?? "");
      throw toOutboundError(error, call);
    }
  }
  const stream = { [Symbol.asyncIterator]: explained, ended: raw.ended };
  return { status, headers, body: new Uint8Array(), url: withoutCredentials(url), stream };
}

async function finished(raw: RawResponse, url: URL, bytesMax: number, call: Call): Promise<HttpResponse> {
  const headers = plainHeaders(raw.headers);
  const [first] = raw.chunks;
  let body: Uint8Array = raw.chunks.length === 1 && first ? first : Buffer.concat(raw.chunks, raw.bytes);
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && body.length > 0) {
    const decoded = await decodeBody(body, encoding, bytesMax);
    if ("body" in decoded) {
      body = decoded.body;
      // The body handed on is neither encoded nor of that length any more.
      delete headers["content-encoding"];
      delete headers["content-length"];
    } else if (decoded.trouble !== "unknown") {
      throw decoded.trouble === "tooLarge"
        ? tooLargeError(call, bytesMax)
        : brokenEncodingError(call, encoding);
    }
  }
  return { status: raw.status, headers, body, url: withoutCredentials(url) };
}

function withoutCredentials(url: URL): string {
  if (url.username !== "" || url.password !== "") {
    url.username = "";
    url.password = "";
  }
  return url.href;
}

function parseUrl(text: string, base: URL | undefined, call: Call): URL {
  const url = URL.parse(text, base?.href);
  if (url && url.protocol !== "http:" && url.protocol !== "https:") {
    throw outboundError(call, {
      code: "PROTOCOL_REFUSED",
      class: "client",
      message: `Only http and https are possible, not ${url.protocol.slice(0, -1)}.`,
    });
  }
  if (!url || url.hostname === "") {
    throw outboundError(call, {
      code: "INVALID_URL",
      class: "client",
      message: base ? `${call.host} redirects to something that is not a URL.` : "This is not a URL.",
      remedy: "A URL looks like https://example.com/path.",
    });
  }
  if (call.method === "CONNECT") {
    throw outboundError(call, {
      code: "INVALID_REQUEST",
      class: "client",
      message: "The method CONNECT is not possible.",
    });
  }
  return url;
}

function timeoutError(call: Call, timeoutMs: number): ActivityError {
  return outboundError(call, {
    code: "TIMEOUT",
    class: "timeout",
    message: `${call.method} to ${call.host} took longer than ${timeoutMs / 1000} s.`,
    remedy: "Give the request more time, or ask the service for less at once.",
    retryable: true,
  });
}

function abortError(signal: AbortSignal, call: Call): ActivityError {
  const reason: unknown = signal.reason;
  if (reason instanceof ActivityError) return reason;
  const timedOut = reason instanceof Error && reason.name === "TimeoutError";
  return outboundError(call, {
    code: timedOut ? "TIMEOUT" : "ABORTED",
    class: timedOut ? "timeout" : "cancelled",
    message: `${call.method} to ${call.host || "the service"} was ${timedOut ? "not done in time" : "cancelled"}.`,
    retryable: timedOut,
  });
}

function tooLargeError(call: Call, bytesMax: number): ActivityError {
  return outboundError(call, {
    code: "TOO_LARGE",
    class: "limit",
    message: `The response of ${call.host} is larger than ${bytesMax} bytes.`,
    remedy: "Ask the service for less at once (pages, fewer fields), or raise the limit of the node.",
  });
}

function brokenEncodingError(call: Call, encoding: string): ActivityError {
  return outboundError(call, {
    code: "BODY_UNREADABLE",
    class: "data",
    message: `The response of ${call.host} says it is ${encoding}, but does not unpack.`,
    retryable: true,
  });
}

function tooManyRedirectsError(call: Call, redirectsMax: number): ActivityError {
  return outboundError(call, {
    code: "TOO_MANY_REDIRECTS",
    class: "client",
    message: `${call.host} redirects more than ${redirectsMax} times.`,
    remedy: "Look where the URL leads; services often redirect in a circle when a login is missing.",
  });
}
