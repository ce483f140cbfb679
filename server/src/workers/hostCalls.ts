// Answers what an activity in a worker asks of its context. The worker has no files, keys or rights of its own: each
// question is answered from the context of exactly the task it belongs to, and no longer than the task lasts.
import { CHUNK_BYTES } from "@auraos/contract";
import type { FileRef, Json } from "@auraos/kernel";
import type { ActivityContext, ByteRange, HttpRequest } from "@auraos/nodes";

export type HostCalls = {
  /** Throws what the context throws; anything unknown is refused. */
  answer(method: string, args: readonly unknown[]): Promise<unknown>;
  /** Open files are let go. */
  close(): void;
};

/** What is asked by name with plain data both ways. */
type Plain = (...args: never[]) => unknown;

/** Answered above or not at all: a client can also be closed, and code runs in the worker itself. */
const closed: ReadonlySet<string> = new Set(["http", "blobs", "code", "signal"]);

/** Files a task may have open at once. */
const OPEN_MAX = 64;

export function createHostCalls(context: ActivityContext): HostCalls {
  const readers = new Map<number, AsyncIterator<Uint8Array>>();
  const writers = new Map<number, Writer>();
  let lastHandle = 0;
  return { answer, close };

  async function answer(method: string, args: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case "http.request": {
        const { body, ...request } = args[0] as HttpRequest & { body?: Sent };
        const sent = body === undefined ? {} : { body: received(body) };
        const reply = await context.http.request({ ...request, ...sent }, context.signal);
        return { ...reply, body: base64(reply.body) };
      }
      case "http.open": {
        const { body, ...request } = args[0] as HttpRequest & { body?: Sent };
        const sent = body === undefined ? {} : { body: received(body) };
        const streams = () => true;
        const reply = await context.http.request({ ...request, ...sent, streams }, context.signal);
        const { status, headers, url } = reply;
        return { status, headers, url, handle: opened(readers, pieces(reply.stream ?? [reply.body])) };
      }
      case "files.read":
        return base64(await context.files.read(String(args[0])));
      case "blobs.open":
        return opened(readers, pieces(context.blobs.stream(args[0] as FileRef, rangeOf(args[1]))));
      case "files.open":
        return opened(readers, pieces(context.files.stream(String(args[0]))));
      case "files.stream":
      case "files.write":
        throw unknown(method);
      case "blobs.next": {
        const next = await at(readers, args[0]).next();
        if (next.done === true) readers.delete(Number(args[0]));
        return next.done === true ? null : base64(next.value);
      }
      case "blobs.close":
        void readers.get(Number(args[0]))?.return?.();
        return readers.delete(Number(args[0]));
      case "blobs.begin":
        return opened(
          writers,
          createWriter((bytes) => context.blobs.put(bytes, aboutOf(args[0]))),
        );
      case "files.begin":
        return opened(
          writers,
          createWriter((bytes) => context.files.write(String(args[0]), bytes, (args[1] ?? {}) as object)),
        );
      case "blobs.write":
        return at(writers, args[0]).write(fromBase64(args[1]));
      case "blobs.end": {
        const writer = at(writers, args[0]);
        writers.delete(Number(args[0]));
        return writer.end();
      }
      case "log":
        return context.log(String(args[0]), args[1] as Json | undefined);
      default:
        return plain(method)(...(args as never[]));
    }
  }

  /** Everything else of the context that takes and gives plain data: `addressOf`, `files.list`, ... */
  function plain(method: string): Plain {
    const steps = method.split(".");
    let place: unknown = context;
    let owner: unknown;
    for (const step of steps) {
      if (typeof place !== "object" || place === null || !Object.hasOwn(place, step)) throw unknown(method);
      owner = place;
      place = (place as Record<string, unknown>)[step];
    }
    if (typeof place !== "function" || closed.has(steps[0] ?? "")) throw unknown(method);
    return (place as Plain).bind(owner);
  }

  function opened<T>(all: Map<number, T>, one: T): number {
    if (readers.size + writers.size >= OPEN_MAX)
      throw new Error(`More than ${OPEN_MAX} files are open at once.`);
    lastHandle += 1;
    all.set(lastHandle, one);
    return lastHandle;
  }

  function close(): void {
    for (const reader of readers.values()) void reader.return?.();
    for (const writer of writers.values()) writer.drop();
    readers.clear();
    writers.clear();
  }
}

function at<T>(all: ReadonlyMap<number, T>, handle: unknown): T {
  const found = all.get(Number(handle));
  if (found === undefined) throw new Error("This file is not open.");
  return found;
}

function unknown(method: string): Error {
  return new Error(`Workers cannot ask for "${method.slice(0, 60)}".`);
}

type Sent = string | { base64: string };

function received(body: Sent): string | Uint8Array {
  return typeof body === "string" ? body : fromBase64(body.base64);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function fromBase64(text: unknown): Uint8Array {
  return Buffer.from(String(text), "base64");
}

/** Few large answers instead of many small ones. */
async function* pieces(stream: AsyncIterable<Uint8Array> | Uint8Array[]): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(held, bytes);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held, bytes);
}

function rangeOf(given: unknown): ByteRange | undefined {
  if (given === undefined || given === null) return undefined;
  const { start, end } = given as Record<string, unknown>;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || Number(start) < 0)
    throw new Error("This is no part of a file.");
  return { start: Number(start), end: Number(end) };
}

function aboutOf(given: unknown): { name: string; mimeType: string } {
  const { name, mimeType } = given as { name: unknown; mimeType: unknown };
  return { name: String(name), mimeType: String(mimeType) };
}

type Writer = { write(bytes: Uint8Array): Promise<void>; end(): Promise<unknown>; drop(): void };

/** Bytes arrive call by call; the store takes them as a stream, and the call returns when the store has taken them. */
function createWriter(store: (bytes: AsyncIterable<Uint8Array>) => Promise<unknown>): Writer {
  const waiting: { bytes: Uint8Array | null; taken: () => void }[] = [];
  let wake: (() => void) | undefined;
  let isDropped = false;
  const put = (bytes: Uint8Array | null) =>
    new Promise<void>((taken) => {
      waiting.push({ bytes, taken });
      wake?.();
    });
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (;;) {
      while (waiting.length === 0) {
        if (isDropped) throw new Error("The step ended before the file was complete.");
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const { bytes, taken } = waiting.shift() as (typeof waiting)[number];
      taken();
      if (bytes === null) return;
      yield bytes;
    }
  }
  const stored = store(stream());
  // Whoever writes or ends next is told; nobody else need hear of it.
  stored.catch(() => {});
  return {
    // A store that gave up (full, too large) takes nothing any more: its error is the answer.
    write: (bytes) => Promise.race([put(bytes), stored.then(() => {})]),
    end: () => {
      void put(null);
      return stored;
    },
    drop() {
      isDropped = true;
      wake?.();
    },
  };
}
