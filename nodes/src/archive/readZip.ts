// Reads ZIP files by their index at the end, and unpacks their entries piece by piece with the compressor of Node: it
// stops where it is told to, so no archive can unpack to more than is allowed, whatever it says of itself.
import { pipeline, Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { peek } from "../rows/peek.ts";
import { broken, tooLarge, tooMuch } from "./failures.ts";
import { centralHead, endHead, localHead, max32, type ZipSource } from "./zip.ts";

export type ZipIndex = {
  path: string;
  /** Unpacked, as the index says. */
  size: number;
  /** The unpacked bytes. Throws when they are more than `bytesMax`, or not what the index says. */
  stream(bytesMax: number): AsyncGenerator<Uint8Array>;
};

/** The index is held as a whole; an honest one of 60,000 files has a tenth of this. */
const indexBytesMax = 32 * 1024 * 1024;
/** The last record, and the comment that may follow it. */
const endBytesMax = 22 + 0xffff;

/** What is in the archive; nothing is unpacked yet. Folders are left out. */
export async function readZip(source: ZipSource, filesMax: number): Promise<ZipIndex[]> {
  const tailAt = Math.max(0, source.bytes - endBytesMax);
  const tail = await partOf(source, tailAt, source.bytes);
  const end = endOf(tail);
  const count = tail.readUInt16LE(end + 10);
  const start = tail.readUInt32LE(end + 16);
  if (count === 0xffff || start === max32)
    throw broken("it is of the kind for more than 4 GB, which is not read");
  const length = tailAt + end - start;
  if (length < 0) throw broken("its index leads nowhere");
  if (length > indexBytesMax)
    throw tooLarge(`The index of the archive is larger than ${indexBytesMax} bytes.`);
  const index = await partOf(source, start, start + length);
  try {
    return entriesOf(index, count, filesMax, source);
  } catch (error) {
    // Reading past the end is what a damaged index makes one do.
    if (error instanceof RangeError) throw broken("its index leads nowhere");
    throw error;
  }
}

function entriesOf(index: Buffer, count: number, filesMax: number, source: ZipSource): ZipIndex[] {
  const found: ZipIndex[] = [];
  let at = 0;
  for (let number = 0; number < count; number++) {
    if (index.readUInt32LE(at) !== centralHead) throw broken("its index is damaged");
    const flags = index.readUInt16LE(at + 8);
    const nameLength = index.readUInt16LE(at + 28);
    const path = nameOf(index.subarray(at + 46, at + 46 + nameLength), (flags & 0x0800) !== 0);
    const entry: Entry = {
      path,
      isEncrypted: (flags & 1) !== 0,
      method: index.readUInt16LE(at + 10),
      crc: index.readUInt32LE(at + 16),
      packed: index.readUInt32LE(at + 20),
      size: index.readUInt32LE(at + 24),
      local: index.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + index.readUInt16LE(at + 30) + index.readUInt16LE(at + 32);
    if (path.endsWith("/")) continue;
    if (found.length >= filesMax) throw tooLarge(`The archive holds more than ${filesMax} files.`);
    found.push({ path, size: entry.size, stream: (bytesMax) => unpacked(source, entry, bytesMax) });
  }
  return found;
}

type Entry = {
  path: string;
  isEncrypted: boolean;
  method: number;
  crc: number;
  packed: number;
  size: number;
  /** Where its head is. */
  local: number;
};

async function* unpacked(source: ZipSource, entry: Entry, bytesMax: number): AsyncGenerator<Uint8Array> {
  const { path, method, crc, size } = entry;
  if (entry.isEncrypted) throw broken(`"${path}" is encrypted`);
  if (method !== 0 && method !== 8)
    throw broken(`"${path}" is packed in a way that is not known (${method})`);
  if (size > bytesMax) throw tooMuch(bytesMax);
  const content = method === 0 ? packedBytes(source, entry) : inflated(packedBytes(source, entry), path);
  let left = size;
  let sum = 0;
  for await (const piece of content) {
    left -= piece.length;
    // More than it says of itself is what a bomb unpacks to.
    if (left < 0) throw tooMuch(bytesMax);
    sum = crc32(piece, sum);
    yield piece;
  }
  if (left !== 0 || sum !== crc) throw broken(`"${path}" is damaged`);
}

async function* inflated(bytes: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const inflater = createInflateRaw();
  // What goes wrong on the way comes out of the inflater.
  pipeline(Readable.from(bytes, { objectMode: false }), inflater, () => {});
  try {
    for await (const piece of inflater as AsyncIterable<Buffer>) yield piece;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw code.startsWith("Z_") ? broken(`"${path}" is damaged`) : error;
  } finally {
    inflater.destroy();
  }
}

/** The head before the content has a name of its own and more, of its own lengths. */
async function* packedBytes(source: ZipSource, { path, local, packed }: Entry): AsyncGenerator<Uint8Array> {
  const { begin, all } = await peek(source.stream(local, local + 30 + 2 * 0xffff + packed - 1), 30);
  const head = Buffer.from(begin.buffer, begin.byteOffset, begin.byteLength);
  try {
    if (head.length < 30 || head.readUInt32LE(0) !== localHead) throw broken("its index is damaged");
    let skip = 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
    let left = packed;
    for await (const chunk of all) {
      const content = chunk.subarray(Math.min(skip, chunk.length)).subarray(0, left);
      skip = Math.max(0, skip - chunk.length);
      left -= content.length;
      if (content.length > 0) yield content;
      if (left === 0 && skip === 0) return;
    }
    throw broken(`"${path}" is cut off`);
  } finally {
    await all.return(undefined);
  }
}

/** From `start` up to and without `end`. */
async function partOf(source: ZipSource, start: number, end: number): Promise<Buffer> {
  if (end <= start) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.stream(start, end - 1)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The end of the index is somewhere in the last 64 KB, because a comment may follow. */
function endOf(tail: Buffer): number {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) === endHead) return at;
  }
  throw broken("it is no ZIP file, or it is cut off");
}

/** Old archives have names in a code page of their country; what is no UTF-8 is read as Latin-1. */
function nameOf(bytes: Uint8Array, isUtf8: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: !isUtf8 }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}
