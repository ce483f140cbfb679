// The context of an activity in a worker: what the server has is asked of the server, call by call; only computing is
// done here. A remote worker makes HTTP requests itself, from where it stands, under its own rules for addresses.
import { CHUNK_BYTES, type ToWorker } from "@auraos/contract";
import type { Failure, FileRef } from "@auraos/kernel";
import {
  type ActivityContext,
  ActivityError,
  type AreaFile,
  type CodeRunner,
  type HttpRequest,
  type HttpResponse,
} from "@auraos/nodes";
import { createAddressRules } from "../../outbound/addressRules.ts";
import { createHttpClient } from "../../outbound/httpClient.ts";
import { permittedAddress } from "../../outbound/permittedAddress.ts";
import type { FromExecutor } from "./link.ts";

/** As the client of the server: what is held in memory is bounded, whatever is asked for. */
const BODY_MAX = 256_000_000;

type Ask = (method: string, ...args: unknown[]) => Promise<unknown>;
/** What the worker makes itself; the rest is asked for by name. */
type Own = Pick<
  ActivityContext,
  "signal" | "scratch" | "code" | "http" | "addressOf" | "blobs" | "files" | "log"
>;
type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** Questions to the server that wait for their answers. */
export function createAsk(say: (message: FromExecutor) => void, firstCall: number) {
  const open = new Map<number, Waiting>();
  let last = firstCall;
  return {
    for(task: string, method: string, args: unknown[]): Promise<unknown> {
      last += 1;
      const call = last;
      return new Promise((resolve, reject) => {
        open.set(call, { resolve, reject });
        say({ type: "call", task, call, method, args });
      });
    },
    answered(reply: ToWorker & { type: "reply" }): void {
      const waiting = open.get(reply.call);
      open.delete(reply.call);
      if ("failure" in reply) waiting?.reject(errorOf(reply.failure as Told));
      else waiting?.resolve(reply.value);
    },
  };
}

type Told = Failure | { message: string; system?: string };

function errorOf(told: Told): Error {
  if ("code" in told) return new ActivityError(told);
  return Object.assign(new Error(told.message), told.system === undefined ? {} : { code: told.system });
}

let own: { allow: string; client: ReturnType<typeof createHttpClient> } | undefined;

export function remoteContext(given: {
  ask: Ask;
  code: CodeRunner;
  allowHosts: string[] | null;
  scratch: string;
  signal: AbortSignal;
}): ActivityContext {
  const { ask, code, allowHosts, scratch, signal } = given;
  const context: Own = {
    signal,
    scratch,
    code,
    http: allowHosts === null ? httpOfServer(ask) : ownClient(allowHosts),
    addressOf:
      allowHosts === null
        ? async (host, port) => String(await ask("addressOf", host, port))
        : (host, port) => permittedAddress(createAddressRules(allowHosts), host, port),
    blobs: {
      put: async (bytes, about) => (await send(ask, bytes, "blobs.begin", about)) as FileRef,
      get: async (file) => collect(stream(ask, "blobs.open", file)),
      stream: (file, range) => stream(ask, "blobs.open", file, ...(range ? [range] : [])),
    },
    files: {
      read: async (path) => bytesOf(await ask("files.read", path)),
      stream: (path) => stream(ask, "files.open", path),
      write: async (path, bytes, options) =>
        (await send(ask, bytes, "files.begin", path, options)) as { path: string; bytes: number },
      list: async (folder, options) => (await ask("files.list", folder, options)) as AreaFile[],
      locate: async (path) => {
        throw new ActivityError({
          code: "FILE_ELSEWHERE",
          class: "code",
          message: `"${path}" lies on the machine of the server, and this step runs in a worker.`,
          remedy: "Take the label away from the node, so that it runs on the server.",
          certainty: "notDone",
        });
      },
      remove: async (path) => (await ask("files.remove", path)) as boolean,
    },
    log: (message, detail) => void ask("log", message, detail ?? null).catch(() => {}),
  };
  // What else the server offers is asked for by name, so a worker need not know it: `context.x.y(...)`.
  return new Proxy(context as ActivityContext, {
    get: (target, name) =>
      name in target || typeof name === "symbol" || name === "then"
        ? Reflect.get(target, name)
        : byName(ask, String(name)),
  });
}

function byName(ask: Ask, name: string): unknown {
  return new Proxy((...args: unknown[]) => ask(name, ...args), {
    get: (_target, next) =>
      typeof next === "symbol" || next === "then" ? undefined : byName(ask, `${name}.${next}`),
  });
}

function ownClient(allow: string[]): ActivityContext["http"] {
  const key = allow.join(",");
  if (own?.allow !== key) own = { allow: key, client: createHttpClient({ allow }) };
  return own.client;
}

function httpOfServer(ask: Ask): ActivityContext["http"] {
  return {
    async request({ body, streams, ...request }) {
      const sent =
        body === undefined ? {} : { body: typeof body === "string" ? body : { base64: textOf(body) } };
      if (streams) return streamed(ask, streams, { ...request, ...sent });
      const reply = (await ask("http.request", { ...request, ...sent })) as Omit<HttpResponse, "body"> & {
        body: string;
      };
      return { ...reply, body: bytesOf(reply.body) };
    },
  };
}

/** The server always streams here, because only the node knows by the head whether it wants to. */
async function streamed(
  ask: Ask,
  wants: NonNullable<HttpRequest["streams"]>,
  request: Pick<HttpRequest, "responseBytesMax">,
): Promise<HttpResponse> {
  const { handle, ...head } = (await ask("http.open", request)) as Omit<HttpResponse, "body" | "stream"> & {
    handle: unknown;
  };
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield* fromHandle(ask, handle);
    } finally {
      resolve();
    }
  }
  if (wants(head))
    return { ...head, body: new Uint8Array(), stream: { [Symbol.asyncIterator]: body, ended } };
  return { ...head, body: await collect(body(), Math.min(request.responseBytesMax ?? BODY_MAX, BODY_MAX)) };
}

/** Bytes to the server, piece by piece; gives what came of them. */
async function send(
  ask: Ask,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  begin: string,
  ...about: unknown[]
): Promise<unknown> {
  const handle = await ask(begin, ...about);
  for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes)
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES)
      await ask("blobs.write", handle, textOf(chunk.subarray(at, at + CHUNK_BYTES)));
  return ask("blobs.end", handle);
}

/** One piece ahead: the next is under way while this one is worked on. */
async function* stream(ask: Ask, open: string, ...what: unknown[]): AsyncGenerator<Uint8Array> {
  yield* fromHandle(ask, await ask(open, ...what));
}

async function* fromHandle(ask: Ask, handle: unknown): AsyncGenerator<Uint8Array> {
  let isOpen = true;
  let ahead = ask("blobs.next", handle);
  try {
    for (;;) {
      const text = await ahead;
      if (text === null) {
        isOpen = false;
        return;
      }
      ahead = ask("blobs.next", handle);
      ahead.catch(() => {});
      yield bytesOf(text);
    }
  } finally {
    if (isOpen) ask("blobs.close", handle).catch(() => {});
  }
}

async function collect(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    all.push(chunk);
  }
  return Buffer.concat(all);
}

function tooLarge(bytesMax: number): ActivityError {
  return new ActivityError({
    code: "TOO_LARGE",
    class: "limit",
    message: `The response is larger than ${bytesMax} bytes.`,
    remedy: "Ask the service for less at once (pages, fewer fields), or keep the response as a file.",
    certainty: "unknown",
  });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function bytesOf(text: unknown): Uint8Array {
  return Buffer.from(String(text), "base64");
}
