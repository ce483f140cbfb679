// Decodes compressed response bodies, capped on the inflated size: a small body may unpack to gigabytes.
import { promisify } from "node:util";
import { brotliDecompress, gunzip, gunzipSync, inflate, inflateRaw, zstdDecompress } from "node:zlib";

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
  const layers = contentEncoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity")
    .reverse();
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

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

/** RFC 1950; some servers send raw deflate (RFC 1951) under the same name. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
