// One request and its response on a pooled connection, with the body read up to a limit.
//
// Written against undici's `dispatch` because this is the hot path: no stream, no event emitter, no AbortController
// per request. `stop` ends the exchange at once for the caller, whether it is queued, connecting or reading. Only who
// asks for it gets the body as a stream (bodyStream.ts).
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { type BodyStream, createBodyStream } from "./bodyStream.ts";

export type Hop = {
  origin: string;
  path: string;
  method: string;
  headers: string[];
  body: string | Uint8Array | undefined;
  bytesMax: number;
  /** Is this body to come as a stream, of at most `streamBytesMax` bytes? */
  streams: ((status: number, headers: IncomingHttpHeaders) => boolean) | undefined;
  streamBytesMax: number;
};

export type RawResponse = {
  status: number;
  headers: IncomingHttpHeaders;
  chunks: Buffer[];
  bytes: number;
  stream?: BodyStream;
};

/** Where one call of the client stands, redirects included. */
export type Call = {
  method: string;
  /** Of the request at hand. */
  host: string;
  /** Some request of this call was handed to a connection. */
  started: boolean;
  /** The request at hand has a status. */
  answered: boolean;
  /** Ends the request at hand, whether it is queued, connecting or reading. */
  stop: ((reason: Error) => void) | undefined;
  /** Why the whole call is over: too late, or aborted. */
  ended: Error | undefined;
};

/** The response is larger than `bytesMax`. */
export class BodyTooLarge extends Error {
  readonly bytesMax: number;

  constructor(bytesMax: number) {
    super(`larger than ${bytesMax} bytes`);
    this.bytesMax = bytesMax;
  }
}

const redirectBodyBytesMax = 65_536;

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** `followsRedirects`: the body of a redirect is of no interest and not kept. */
export function exchange(
  dispatcher: Dispatcher,
  hop: Hop,
  call: Call,
  followsRedirects: boolean,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let stopped: Error | undefined;
    let response: RawResponse | undefined;
    let stream: BodyStream | undefined;
    let bytesMax = hop.bytesMax;
    let drops = false;

    call.stop = stop;
    call.answered = false;
    dispatcher.dispatch(
      {
        origin: hop.origin,
        path: hop.path,
        method: hop.method,
        headers: hop.headers,
        body: hop.body ?? null,
      },
      {
        onRequestStart(given) {
          controller = given;
          if (stopped) given.abort(stopped);
          else call.started = true;
        },
        onResponseStart(_controller, status, headers) {
          if (status < 200) return;
          call.answered = true;
          response = { status, headers, chunks: [], bytes: 0 };
          drops = followsRedirects && isRedirect(status) && headers.location !== undefined;
          const isStream = !drops && hop.streams?.(status, headers) === true;
          if (isStream) bytesMax = hop.streamBytesMax;
          if (!drops && hop.method !== "HEAD" && Number(headers["content-length"]) > bytesMax)
            return stop(new BodyTooLarge(bytesMax));
          if (!isStream) return;
          stream = createBodyStream({
            pause: () => controller?.pause(),
            resume: () => controller?.resume(),
            abandon: () => stop(new Error("The rest of the body is not needed.")),
          });
          response.stream = stream;
          resolve(response);
        },
        onResponseData(_controller, chunk) {
          if (!response || stopped) return;
          response.bytes += chunk.length;
          if (drops) {
            if (response.bytes > redirectBodyBytesMax) finish(response);
            return;
          }
          if (response.bytes > bytesMax) stop(new BodyTooLarge(bytesMax));
          else if (stream) stream.push(chunk);
          else response.chunks.push(chunk);
        },
        onResponseEnd() {
          if (stream) stream.end();
          else if (response) resolve(response);
          else reject(new Error("The response ended before it began."));
        },
        onResponseError(_controller, error) {
          stream?.fail(error);
          reject(error);
        },
      },
    );

    function stop(reason: Error): void {
      stopped = reason;
      stream?.fail(reason);
      reject(reason);
      controller?.abort(reason);
    }

    /** Leaves the rest of a long body unread. */
    function finish(done: RawResponse): void {
      resolve(done);
      controller?.abort(new Error("The rest of the body is not needed."));
    }
  });
}
