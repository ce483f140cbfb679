// A file as a row of sealed frames: compressed, then encrypted with AES-256-GCM. Each file has a key of its own, derived
// from the backup key, a salt and what the file is for; the nonce counts the frames and the last one is marked. So a
// frame that was changed, moved, left out or taken from another file does not open, and a file that ends early is noticed.
//
//   "AOSB" | format u8 | key id 8 | salt 16 | frames: length u32 | flags u8 | sealed | tag 16
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { say } from "../platform/say.ts";
import { BackupError } from "./backupError.ts";
import type { BackupKeys } from "./backupKeys.ts";

const MAGIC = "AOSB";
const FORMAT = 1;
const KEY_ID_BYTES = 8;
const SALT_BYTES = 16;
const HEAD_BYTES = MAGIC.length + 1 + KEY_ID_BYTES + SALT_BYTES;
const FRAME_HEAD_BYTES = 5;
const TAG_BYTES = 16;
const FRAME_BYTES = 1024 * 1024;
const LAST = 1;
const COMPRESSED = 2;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export type FrameWriter = {
  write(bytes: Uint8Array): Promise<void>;
  /** The file is whole and on the disk; gives its size. */
  end(): Promise<number>;
  /** Closes without the last frame: what is there does not open as a whole. */
  abandon(): Promise<void>;
};

/** `purpose` is what the file is, such as its name in the backup: under another one it does not open. */
export async function writeFrames(path: string, keys: BackupKeys, purpose: string): Promise<FrameWriter> {
  const salt = randomBytes(SALT_BYTES);
  const key = fileKey(keys.current.key, salt, purpose);
  const handle = await open(path, "w", 0o600);
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let number = 0;
  let written = 0;
  await put(
    Buffer.concat([Buffer.from(MAGIC), Buffer.from([FORMAT]), Buffer.from(keys.current.id, "hex"), salt]),
  );
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const some = bytes.subarray(at, at + FRAME_BYTES - waitingBytes);
        // The caller may use its buffer again.
        waiting.push(Buffer.from(some));
        waitingBytes += some.length;
        at += some.length;
        if (waitingBytes === FRAME_BYTES) await flush(0);
      }
    },
    async end() {
      await flush(LAST);
      await handle.sync();
      await handle.close();
      return written;
    },
    abandon: () => handle.close(),
  };

  async function flush(last: number): Promise<void> {
    const plain = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    const small = await compress(plain, fast);
    const isSmaller = small.length < plain.length;
    const flags = last | (isSmaller ? COMPRESSED : 0);
    const cipher = createCipheriv("aes-256-gcm", key, nonceOf(number)).setAAD(Buffer.from([flags]));
    const sealed = [cipher.update(isSmaller ? small : plain), cipher.final()];
    const head = Buffer.alloc(FRAME_HEAD_BYTES);
    head.writeUInt32BE(isSmaller ? small.length : plain.length, 0);
    head.writeUInt8(flags, 4);
    number += 1;
    await put(Buffer.concat([head, ...sealed, cipher.getAuthTag()]));
  }

  async function put(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at);
      at += bytesWritten;
    }
    written += bytes.length;
  }
}

/** Throws BackupError: BACKUP_DAMAGED with the file's name, BACKUP_KEY_MISSING with the key it wants. */
export async function* readFrames(path: string, keys: BackupKeys, purpose: string): AsyncGenerator<Buffer> {
  const handle = await open(path, "r");
  try {
    const head = await take(handle, HEAD_BYTES);
    if (head?.subarray(0, MAGIC.length).toString("latin1") !== MAGIC) throw damaged(path, "head");
    if (head[MAGIC.length] !== FORMAT)
      throw new BackupError("BACKUP_FORMAT_UNKNOWN", say("backup.why.format", { path }));
    const id = head.subarray(MAGIC.length + 1, MAGIC.length + 1 + KEY_ID_BYTES).toString("hex");
    const root = keys.find(id);
    if (!root) throw keyMissing(path, id, keys);
    const key = fileKey(root, head.subarray(HEAD_BYTES - SALT_BYTES), purpose);
    for (let number = 0; ; number += 1) {
      const frame = await readFrame(handle, key, number);
      if (frame === undefined) throw damaged(path, "frame", { number });
      yield frame.plain;
      if (!frame.isLast) continue;
      if (await take(handle, 1)) throw damaged(path, "tail");
      return;
    }
  } finally {
    await handle.close();
  }
}

async function readFrame(
  handle: FileHandle,
  key: Buffer,
  number: number,
): Promise<{ plain: Buffer; isLast: boolean } | undefined> {
  const head = await take(handle, FRAME_HEAD_BYTES);
  const length = head?.readUInt32BE(0) ?? 0;
  // A length that was damaged must not make us ask for gigabytes.
  const sealed = head && length <= FRAME_BYTES ? await take(handle, length + TAG_BYTES) : undefined;
  if (!head || !sealed) return undefined;
  const flags = head.readUInt8(4);
  const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(number));
  decipher.setAAD(Buffer.from([flags])).setAuthTag(sealed.subarray(length));
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, length)), decipher.final()]);
    const isLast = (flags & LAST) !== 0;
    return { plain: flags & COMPRESSED ? await decompress(plain) : plain, isLast };
  } catch {
    return undefined;
  }
}

/** As many bytes as asked for, or nothing. */
async function take(handle: FileHandle, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await handle.read(bytes, at, length - at);
    if (bytesRead === 0) return undefined;
    at += bytesRead;
  }
  return bytes;
}

function fileKey(root: Buffer, salt: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", root, salt, `auraos backup ${purpose}`, 32));
}

function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 4);
  return nonce;
}

type Damage = "head" | "frame" | "tail" | "cut" | "record" | "outside";

/** `about`: what else the sentence names. */
export function damaged(
  path: string,
  how: Damage,
  about: { number?: number; name?: string } = {},
): BackupError {
  const named = { file: basename(path), path, number: about.number ?? 0, name: about.name ?? "" };
  return new BackupError("BACKUP_DAMAGED", say(`backup.damaged.${how}`, named), { file: path });
}

function keyMissing(path: string, id: string, keys: BackupKeys): BackupError {
  return new BackupError(
    "BACKUP_KEY_MISSING",
    say("backup.why.key", { file: basename(path), key: id, keys: keys.ids.join(", ") }),
    { file: path, key: id },
  );
}
