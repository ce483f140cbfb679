// ZIP files as a stream: an entry of any size passes through the compressor of Node and is gone; what stays until the end
// is the index. Entries that are whole already get their sizes in front, the others behind them.
import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, crc32, createDeflateRaw, deflateRaw } from "node:zlib";
import { tooLarge } from "./failures.ts";
import { centralHead, descriptorHead, endHead, localHead, max32 } from "./zip.ts";

const deflate = promisify(deflateRaw);

export type ZipEntry = { path: string; bytes: Uint8Array | AsyncIterable<Uint8Array> };
type Entries = Iterable<ZipEntry> | AsyncIterable<ZipEntry>;

/** Bit 11: the name is UTF-8. Bit 3: the sizes stand behind the content. */
const utf8Name = 0x0800;
const sizesBehind = 0x0008;

/** For archives that are small anyway. */
export async function writeZip(entries: Entries, modifiedMs: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of zipStream(entries, modifiedMs)) parts.push(part);
  return Buffer.concat(parts);
}

export async function* zipStream(entries: Entries, modifiedMs: number): AsyncGenerator<Uint8Array> {
  const central: Buffer[] = [];
  let offset = 0;
  const counted = <T extends Uint8Array>(part: T): T => {
    offset += part.length;
    if (offset > max32) throw tooLarge("A ZIP file holds at most 4 GB.");
    return part;
  };
  for await (const { path, bytes } of entries) {
    if (central.length === 65_534) throw tooLarge("A ZIP file holds at most 65534 files.");
    const name = Buffer.from(path, "utf8");
    const start = offset;
    let about: About;
    if (bytes instanceof Uint8Array) {
      const packed = await deflate(bytes, { level: constants.Z_DEFAULT_COMPRESSION });
      const isStored = packed.length >= bytes.length;
      const content = isStored ? bytes : packed;
      const sizes = { crc: crc32(bytes), packed: content.length, size: bytes.length };
      about = { flags: utf8Name, method: isStored ? 0 : 8, name, modifiedMs, ...sizes };
      yield counted(Buffer.concat([uint32(localHead), headOf(about), name]));
      yield counted(content);
    } else {
      about = { flags: utf8Name | sizesBehind, method: 8, name, modifiedMs, crc: 0, packed: 0, size: 0 };
      yield counted(Buffer.concat([uint32(localHead), headOf(about), name]));
      for await (const part of deflated(bytes, about)) yield counted(part);
      const { crc, packed, size } = about;
      yield counted(Buffer.concat([descriptorHead, crc, packed, size].map(uint32)));
    }
    const place = Buffer.alloc(14);
    place.writeUInt32LE(start, 10);
    central.push(Buffer.concat([uint32(centralHead), Buffer.from([20, 0]), headOf(about), place, name]));
  }
  const index = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  yield Buffer.concat([index, uint32(endHead), end]);
}

type About = {
  flags: number;
  method: number;
  name: Buffer;
  modifiedMs: number;
  crc: number;
  packed: number;
  size: number;
};

/** Packs an entry as it comes, and writes down what it was. */
async function* deflated(bytes: AsyncIterable<Uint8Array>, about: About): AsyncGenerator<Uint8Array> {
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      about.crc = crc32(chunk, about.crc);
      about.size += chunk.length;
      if (about.size > max32) throw tooLarge("A ZIP file holds at most 4 GB.");
      yield chunk;
    }
  }
  const deflater = createDeflateRaw({ level: constants.Z_DEFAULT_COMPRESSION });
  // What goes wrong on the way comes out of the compressor.
  pipeline(Readable.from(measured(), { objectMode: false }), deflater, () => {});
  try {
    for await (const part of deflater as AsyncIterable<Buffer>) {
      about.packed += part.length;
      yield part;
    }
  } finally {
    deflater.destroy();
  }
}

/** What the head before the content and the one in the index have in common. */
function headOf({ flags, method, modifiedMs, crc, packed, size, name }: About): Buffer {
  const head = Buffer.alloc(26);
  const { time, date } = dosTime(modifiedMs);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(flags, 2);
  head.writeUInt16LE(method, 4);
  head.writeUInt16LE(time, 6);
  head.writeUInt16LE(date, 8);
  head.writeUInt32LE(crc, 10);
  head.writeUInt32LE(packed, 14);
  head.writeUInt32LE(size, 18);
  head.writeUInt16LE(name.length, 22);
  return head;
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
