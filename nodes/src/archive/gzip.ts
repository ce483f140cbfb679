// gzip as a stream: a file of any size is packed and unpacked piece by piece.
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Bytes } from "../rows/text.ts";
import { broken, tooMuch } from "./failures.ts";

export function gzipped(bytes: Bytes): AsyncGenerator<Uint8Array> {
  return through(bytes, createGzip());
}

/** Throws when more than `bytesMax` come out, before they are kept. */
export async function* gunzipped(bytes: Bytes, bytesMax: number): AsyncGenerator<Uint8Array> {
  let count = 0;
  try {
    for await (const chunk of through(bytes, createGunzip())) {
      count += chunk.length;
      if (count > bytesMax) throw tooMuch(bytesMax);
      yield chunk;
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw code.startsWith("Z_") ? broken("its content is damaged") : error;
  }
}

async function* through(bytes: Bytes, transform: Transform): AsyncGenerator<Uint8Array> {
  // What goes wrong on the way comes out of the transform.
  pipeline(Readable.from(bytes), transform).catch(() => {});
  try {
    for await (const chunk of transform) yield chunk as Uint8Array;
  } finally {
    transform.destroy();
  }
}
