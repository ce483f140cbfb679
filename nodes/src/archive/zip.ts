// ZIP files, read and written with the compressor of Node: it works beside the main thread and stops where it is
// told to, so no archive can unpack to more than is allowed. Without ZIP64, encryption and several disks.
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, crc32, createInflateRaw, deflateRaw, inflateRaw } from "node:zlib";
import { ActivityError } from "../defineNode.ts";
import { malformedText } from "../malformed.ts";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw) as (
  bytes: Uint8Array,
  options: { maxOutputLength: number },
) => Promise<Buffer>;

export type ZipEntry = { path: string; bytes: Uint8Array };
export type ZipIndex = {
  path: string;
  size: number;
  read(bytesMax: number): Promise<Buffer>;
  /** Piece by piece, for what is too large to hold. */
  stream(bytesMax: number): AsyncGenerator<Buffer>;
};

const localHead = 0x04034b50;
const centralHead = 0x02014b50;
const endHead = 0x06054b50;
const max32 = 0xffffffff;

export async function writeZip(entries: readonly ZipEntry[], modifiedMs: number): Promise<Buffer> {
  if (entries.length > 65_534) throw tooLarge("A ZIP file holds at most 65534 files.");
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, bytes } of entries) {
    const name = Buffer.from(path, "utf8");
    const packed = await deflate(bytes, { level: constants.Z_DEFAULT_COMPRESSION });
    const isStored = packed.length >= bytes.length;
    const content = isStored ? Buffer.from(bytes) : packed;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    // Bit 11: the name is UTF-8.
    head.writeUInt16LE(0x0800, 2);
    head.writeUInt16LE(isStored ? 0 : 8, 4);
    const { time, date } = dosTime(modifiedMs);
    head.writeUInt16LE(time, 6);
    head.writeUInt16LE(date, 8);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(content.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([uint32(localHead), head, name, content]);
    const about = Buffer.alloc(14);
    about.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([uint32(centralHead), Buffer.from([20, 0]), head, about, name]));
    parts.push(local);
    offset += local.length;
    if (offset > max32) throw tooLarge("A ZIP file holds at most 4 GB.");
  }
  const index = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, index, uint32(endHead), end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** In UTC, so that the same files give the same archive everywhere. */
function dosTime(ms: number): { time: number; date: number } {
  const at = new Date(Math.max(ms, Date.UTC(1980, 0, 1)));
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  };
}

/** What is in the archive, by its index; nothing is unpacked yet. Folders are left out. */
export function readZip(given: Uint8Array, filesMax: number): ZipIndex[] {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  return withinBytes(() => indexOf(bytes, filesMax));
}

/** Reading past the end is what a damaged index makes one do. */
function withinBytes<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw broken("its index leads nowhere");
    throw error;
  }
}

function indexOf(bytes: Buffer, filesMax: number): ZipIndex[] {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || at === max32)
    throw broken("it is of the kind for more than 4 GB, which is not read");
  const found: ZipIndex[] = [];
  for (let entry = 0; entry < count; entry++) {
    if (bytes.readUInt32LE(at) !== centralHead) throw broken("its index is damaged");
    const flags = bytes.readUInt16LE(at + 8);
    const method = bytes.readUInt16LE(at + 10);
    const crc = bytes.readUInt32LE(at + 16);
    const packedSize = bytes.readUInt32LE(at + 20);
    const size = bytes.readUInt32LE(at + 24);
    const nameLength = bytes.readUInt16LE(at + 28);
    const local = bytes.readUInt32LE(at + 42);
    const path = nameOf(bytes.subarray(at + 46, at + 46 + nameLength), (flags & 0x0800) !== 0);
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (path.endsWith("/")) continue;
    if (found.length >= filesMax) throw tooLarge(`The archive holds more than ${filesMax} files.`);
    const packedBytes = (bytesMax: number): Buffer => {
      if ((flags & 1) !== 0) throw broken(`"${path}" is encrypted`);
      if (method !== 0 && method !== 8)
        throw broken(`"${path}" is packed in a way that is not known (${method})`);
      if (size > bytesMax) throw tooMuch(bytesMax);
      const start = withinBytes(() => contentAt(bytes, local));
      if (start + packedSize > bytes.length) throw broken(`"${path}" is cut off`);
      return bytes.subarray(start, start + packedSize);
    };
    const read = async (bytesMax: number): Promise<Buffer> => {
      const packed = packedBytes(bytesMax);
      const content =
        method === 0
          ? packed
          : await unpack(() => inflate(packed, { maxOutputLength: Math.min(bytesMax, size) || 1 }), bytesMax);
      if (content.length !== size || crc32(content) !== crc) throw broken(`"${path}" is damaged`);
      return content;
    };
    async function* stream(bytesMax: number): AsyncGenerator<Buffer> {
      const packed = packedBytes(bytesMax);
      let left = size;
      let sum = 0;
      const inflating =
        method === 0 ? Readable.from([packed]) : Readable.from([packed]).pipe(createInflateRaw());
      try {
        for await (const piece of inflating as AsyncIterable<Buffer>) {
          left -= piece.length;
          // More than it says of itself is what a bomb unpacks to.
          if (left < 0) throw tooMuch(bytesMax);
          sum = crc32(piece, sum);
          yield piece;
        }
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : "";
        throw code.startsWith("Z_") ? broken(`"${path}" is damaged`) : error;
      }
      if (left !== 0 || sum !== crc) throw broken(`"${path}" is damaged`);
    }
    found.push({ path, size, read, stream });
  }
  return found;
}

/** The head before the content has a name of its own and more, of its own lengths. */
function contentAt(bytes: Buffer, local: number): number {
  if (bytes.readUInt32LE(local) !== localHead) throw broken("its index is damaged");
  return local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
}

/** The end of the index is somewhere in the last 64 KB, because a comment may follow. */
function endOf(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xffff); at--) {
    if (bytes.readUInt32LE(at) === endHead) return at;
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

/** Runs a decompressor of Node; what is over its bound or damaged becomes a failure that says so. */
async function unpack(work: () => Promise<Buffer>, bytesMax: number): Promise<Buffer> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooMuch(bytesMax);
    if (code.startsWith("Z_") || code.startsWith("ERR__")) throw broken("its content is damaged");
    throw error;
  }
}

export function broken(what: string): ActivityError {
  return malformedText(`The file cannot be unpacked: ${what}.`);
}

export function tooMuch(bytesMax: number): ActivityError {
  return tooLarge(`Unpacked, the files are larger than ${bytesMax} bytes.`);
}

function tooLarge(message: string): ActivityError {
  return new ActivityError({
    code: "ARCHIVE_TOO_LARGE",
    class: "limit",
    message,
    remedy: "Raise the bound if you trust the file.",
    certainty: "notDone",
  });
}
