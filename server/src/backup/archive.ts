// Many files in one sealed file: a row of records (file or folder with its name, bytes, end) inside the frames.
// Names are relative, with slashes, and never lead out of the folder they are unpacked into.
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { say, sayAll } from "../platform/say.ts";
import { BackupError } from "./backupError.ts";
import type { BackupKeys } from "./backupKeys.ts";
import { damaged, readFrames, writeFrames } from "./frames.ts";

type Kind = "file" | "folder" | "bytes" | "end";
const kinds: readonly Kind[] = ["file", "folder", "bytes", "end"];
const RECORD_HEAD_BYTES = 5;
const NAME_BYTES_MAX = 4096;
const CHUNK_BYTES_MAX = 16 * 1024 * 1024;

export type ArchiveWriter = {
  addFolder(name: string): Promise<void>;
  addFile(name: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<number>;
  end(): Promise<number>;
  abandon(): Promise<void>;
};

export async function writeArchive(path: string, keys: BackupKeys, purpose: string): Promise<ArchiveWriter> {
  const frames = await writeFrames(path, keys, purpose);
  const put = async (kind: Kind, body: Uint8Array) => {
    const head = Buffer.alloc(RECORD_HEAD_BYTES);
    head.writeUInt8(kinds.indexOf(kind), 0);
    head.writeUInt32BE(body.length, 1);
    await frames.write(head);
    await frames.write(body);
  };
  return {
    addFolder: (name) => put("folder", Buffer.from(name)),
    async addFile(name, content) {
      await put("file", Buffer.from(name));
      let bytes = 0;
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        await put("bytes", chunk);
        bytes += chunk.length;
      }
      return bytes;
    },
    async end() {
      await put("end", Buffer.alloc(0));
      return frames.end();
    },
    abandon: frames.abandon,
  };
}

export type ArchiveRecord =
  | { kind: "folder" | "file"; name: string }
  | { kind: "bytes"; name: string; bytes: Buffer };

/** Record by record, in the order of writing. What was damaged names the file it belongs to. */
export async function* readArchive(
  path: string,
  keys: BackupKeys,
  purpose: string,
): AsyncGenerator<ArchiveRecord> {
  const source = readFrames(path, keys, purpose);
  let held: Buffer = Buffer.alloc(0);
  let name = "";
  const take = async (length: number): Promise<Buffer> => {
    const parts = [held];
    let there = held.length;
    while (there < length) {
      const { value, done } = await source.next();
      if (done) throw damaged(path, "cut", { name });
      parts.push(value);
      there += value.length;
    }
    const all = parts.length === 1 ? held : Buffer.concat(parts);
    held = all.subarray(length);
    return all.subarray(0, length);
  };
  try {
    for (;;) {
      const head = await take(RECORD_HEAD_BYTES);
      const kind = kinds[head.readUInt8(0)];
      const length = head.readUInt32BE(1);
      if (kind === undefined || length > (kind === "bytes" ? CHUNK_BYTES_MAX : NAME_BYTES_MAX))
        throw damaged(path, "record", { name });
      const body = await take(length);
      if (kind === "end") return;
      if (kind === "bytes") yield { kind, name, bytes: body };
      else {
        name = safeName(body.toString("utf8"), path);
        yield { kind, name };
      }
    }
  } catch (error) {
    if (error instanceof BackupError && error.code === "BACKUP_DAMAGED" && name !== "")
      throw new BackupError("BACKUP_DAMAGED", sayAll([error.said, say("backup.damaged.at", { name })]), {
        ...error.details,
        at: name,
      });
    throw error;
  } finally {
    await source.return(undefined);
  }
}

/**
 * Unpacks into `folder`; `own` is told of each file and folder that was made, `sync` flushes each file. Gives the number
 * of bytes.
 */
export async function unpackArchive(
  path: string,
  keys: BackupKeys,
  purpose: string,
  into: { folder: string; own?: (path: string) => void; sync?: boolean },
): Promise<number> {
  const { folder, own = () => {}, sync = true } = into;
  let handle: FileHandle | undefined;
  let bytes = 0;
  const close = async () => {
    if (sync) await handle?.sync();
    await handle?.close();
    handle = undefined;
  };
  const makeFolders = async (target: string): Promise<void> => {
    if (target === folder) return;
    await makeFolders(dirname(target));
    const isNew = await mkdir(target, { mode: 0o700 }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return false;
        throw error;
      },
    );
    if (isNew) own(target);
  };
  try {
    for await (const record of readArchive(path, keys, purpose)) {
      const target = join(folder, record.name);
      if (record.kind === "bytes") {
        await handle?.write(record.bytes);
        bytes += record.bytes.length;
        continue;
      }
      await close();
      await makeFolders(record.kind === "folder" ? target : dirname(target));
      if (record.kind === "folder") continue;
      handle = await open(target, "wx", 0o600);
      own(target);
    }
    await close();
    return bytes;
  } finally {
    await handle?.close();
  }
}

function safeName(name: string, path: string): string {
  const isSafe =
    name !== "" && !name.startsWith("/") && !name.split("/").includes("..") && !name.includes("\0");
  if (!isSafe) throw damaged(path, "outside");
  return name;
}
