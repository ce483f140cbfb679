// Decodes compressed response bodies, capped on the inflated size: a small body may unpack to gigabytes.
import { pipeline, Readable, type Transform } from "node:stream";
import { promisify } from "node:util";
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  zstdDecompress,
} from "node:zlib";
import { BodyTooLarge } from "./exchange.ts";

type Decode = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

const decoders: Record<string, Decode | undefined> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
  deflate: (bytes, options) =>
    hasZlibHeader(bytes) ? inflateAsync(bytes, options) : inflateRawAsync(bytes, options),
};
const inflateAsync = promisify(inflate);
const inflateRawAsync = promisify(inflateRaw);

/** Layers of encoding beyond this are nobody's honest response. */
const layersMax = 3;
/** Up to here a thread hop costs more than inflating: at most 1032 times the size, so 2 MB. */
const syncBytesMax = 2_048;

export const acceptEncoding = "gzip, deflate, br";

export type Inflated =
  | { body: Uint8Array }
  | { trouble: "tooLarge" | "broken" }
  | { trouble: "unknown"; encoding: string };

export async function decodeBody(
  body: Uint8Array,
  contentEncoding: string,
  bytesMax: number,
): Promise<Inflated> {
  const layers = layersOf(contentEncoding);
  if (layers.length > layersMax) return { trouble: "tooLarge" };
  let bytes = body;
  for (const layer of layers) {
    const decode = decoders[layer];
    if (!decode) return { trouble: "unknown", encoding: layer };
    if (bytes.length === 0) break;
    try {
      bytes =
        layer === "gzip" && bytes.length <= syncBytesMax
          ? gunzipSync(bytes, { maxOutputLength: bytesMax })
          : await decode(bytes, { maxOutputLength: bytesMax });
    } catch (error) {
      return { trouble: isTooLarge(error) ? "tooLarge" : "broken" };
    }
  }
  return { body: bytes };
}

/** The body does not unpack as its header says. */
export class BodyBroken extends Error {}

const inflaters: Record<string, ((begin: Uint8Array) => Transform) | undefined> = {
  gzip: () => createGunzip(),
  "x-gzip": () => createGunzip(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
  deflate: (begin) => (hasZlibHeader(begin) ? createInflate() : createInflateRaw()),
};

/** Undefined when an encoding is not known: the body is then handed on as it is. Throws BodyTooLarge and BodyBroken. */
export function inflateStream(
  bytes: AsyncIterable<Uint8Array>,
  contentEncoding: string,
  bytesMax: number,
): AsyncIterable<Uint8Array> | undefined {
  const layers = layersOf(contentEncoding);
  if (layers.some((layer) => inflaters[layer] === undefined)) return undefined;
  if (layers.length > layersMax) return refused(bytesMax);
  return layers.reduce<AsyncIterable<Uint8Array>>(
    (inner, layer) => inflateLayer(inner, layer, bytesMax),
    bytes,
  );
}

// biome-ignore lint/correctness/useYield: it is read like a body, and says what is wrong with it.
async function* refused(bytesMax: number): AsyncGenerator<Uint8Array> {
  throw new BodyTooLarge(bytesMax);
}

async function* inflateLayer(
  bytes: AsyncIterable<Uint8Array>,
  layer: string,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  const first = await source.next();
  // Nothing at all is an honest answer, but no stream of any of these kinds.
  if (first.done === true) return;
  const inflater = inflaters[layer]?.(first.value) as Transform;
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield first.value;
      for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
    } finally {
      await source.return?.();
    }
  }
  // What goes wrong on the way comes out of the inflater.
  pipeline(Readable.from(all()), inflater, () => {});
  let count = 0;
  try {
    for await (const chunk of inflater as AsyncIterable<Buffer>) {
      count += chunk.length;
      if (count > bytesMax) throw new BodyTooLarge(bytesMax);
      yield chunk;
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw /^(Z_|ERR_?_|ZSTD_|ERR_BROTLI|ERR_ZSTD)/.test(code) ? new BodyBroken(code) : error;
  } finally {
    inflater.destroy();
  }
}

function layersOf(contentEncoding: string): string[] {
  return contentEncoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity")
    .reverse();
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

/** RFC 1950; some servers send raw deflate (RFC 1951) under the same name. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
