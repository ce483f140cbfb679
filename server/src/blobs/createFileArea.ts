// The part of the disk that file nodes see.
//
// Reading looks through the roots in order; writing goes to the first one that may be written. The checks of
// areaPath.ts say where a path leads; here the file that was really opened is compared with it, because the disk may
// change between the two.
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, realpath, rename, rm, unlink } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { AreaFile, FileArea } from "@auraos/nodes/defineNode.ts";
import {
  fileNotFound,
  fileOutside,
  fileReadOnly,
  fileTooLarge,
  folderPartsOf,
  hasFolder,
  isCode,
  partsOf,
  tooManyFiles,
  walk,
} from "./areaPath.ts";
import { flushFolder, makeFolder, writeAll } from "./durableFile.ts";

type Content = Uint8Array | AsyncIterable<Uint8Array>;

export type FileRoot = { folder: string; access: "readWrite" | "read" };

export type FileAreaOptions = {
  /** The file area of the server (AURAOS_FILES) for reading and writing; folders of workflows for reading. */
  roots: readonly FileRoot[];
  /** Of one file. */
  bytesMax?: number;
};

/** Read at once. */
const STREAM_BYTES = 256 * 1024;
/** Times a file may be replaced while it is being opened. */
const replacedMax = 20;

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

export function createFileArea({ roots, bytesMax = 256 * 1024 * 1024 }: FileAreaOptions): FileArea {
  return { read, stream, write, list, remove, locate };

  async function read(path: string): Promise<Uint8Array> {
    const handle = await openToRead(path);
    try {
      const { size } = await handle.stat();
      if (size > bytesMax) throw fileTooLarge(path, bytesMax);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  }

  async function* stream(path: string): AsyncGenerator<Uint8Array> {
    const handle = await openToRead(path);
    try {
      for (;;) {
        const { bytesRead, buffer } = await handle.read(
          Buffer.allocUnsafe(STREAM_BYTES),
          0,
          STREAM_BYTES,
          null,
        );
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  async function openToRead(path: string): Promise<FileHandle> {
    const parts = partsOf(path);
    for (const root of roots) {
      const base = await realFolder(root);
      if (base === undefined || (await walk(base, parts, path)) < parts.length) continue;
      return openChecked(base, parts, path, O_RDONLY);
    }
    throw fileNotFound(path);
  }

  async function write(
    path: string,
    bytes: Content,
    { append = false }: { append?: boolean },
  ): Promise<{ path: string; bytes: number }> {
    const parts = partsOf(path);
    const root = roots.find(({ access }) => access === "readWrite");
    if (!root) throw fileReadOnly(path);
    if (bytes instanceof Uint8Array && bytes.length > bytesMax) throw fileTooLarge(path, bytesMax);
    await makeFolder(root.folder);
    const base = await realpath(root.folder);
    await walk(base, parts, path);
    await makeFolder(dirname(join(base, ...parts)), 0o755);
    const written = await (append ? appendTo : replace)(base, parts, path, bytes);
    return { path: parts.join("/"), bytes: written };
  }

  /** A file of an earlier root hides one of the same path in a later root. Links and what is being written do not show. */
  async function list(
    folder: string,
    { deep = false, filesMax }: { deep?: boolean; filesMax: number },
  ): Promise<AreaFile[]> {
    const parts = folderPartsOf(folder);
    const found = new Map<string, AreaFile>();
    let isThere = parts.length === 0;
    for (const root of roots) {
      const base = await realFolder(root);
      if (base === undefined || !(await hasFolder(base, parts, folder))) continue;
      isThere = true;
      const open = [parts];
      for (let inner = open.pop(); inner; inner = open.pop()) {
        const place = join(base, ...inner);
        const names = await readdir(place);
        await checkInside(base, place, folder);
        for (const name of names) {
          const about = await lstat(join(place, name)).catch(() => undefined);
          const path = [...inner, name].join("/");
          if (about?.isDirectory() && deep) open.push([...inner, name]);
          if (!about?.isFile() || isDraft(name) || found.has(path)) continue;
          if (found.size >= filesMax) throw tooManyFiles(folder, filesMax);
          found.set(path, { path, bytes: about.size, modifiedMs: Math.floor(about.mtimeMs) });
        }
      }
    }
    if (!isThere) throw fileNotFound(folder);
    return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async function remove(path: string): Promise<boolean> {
    const parts = partsOf(path);
    const root = roots.find(({ access }) => access === "readWrite");
    if (!root) throw fileReadOnly(path);
    const base = await realFolder(root);
    if (base === undefined || (await walk(base, parts, path)) < parts.length) return false;
    const target = join(base, ...parts);
    await checkInside(base, dirname(target), path);
    try {
      // A link that took the place of the file would go, not what it points to.
      await unlink(target);
    } catch (error) {
      if (isCode(error, "ENOENT")) return false;
      throw error;
    }
    await flushFolder(dirname(target));
    return true;
  }

  async function locate(path: string, { write }: { write: boolean }): Promise<string> {
    const parts = partsOf(path);
    if (!write) {
      for (const root of roots) {
        const base = await realFolder(root);
        if (base !== undefined && (await walk(base, parts, path)) === parts.length)
          return join(base, ...parts);
      }
    }
    const root = roots.find(({ access }) => access === "readWrite");
    if (!root) throw write ? fileReadOnly(path) : fileNotFound(path);
    await makeFolder(root.folder);
    const base = await realpath(root.folder);
    await walk(base, parts, path);
    const place = join(base, ...parts);
    if (write) await makeFolder(dirname(place), 0o755);
    await checkInside(base, dirname(place), path).catch((error: unknown) => {
      if (write || !isCode(error, "ENOENT")) throw error;
    });
    return place;
  }

  /** Readers see the old file or the new one, never half of it. */
  async function replace(base: string, parts: string[], path: string, bytes: Content): Promise<number> {
    const target = join(base, ...parts);
    const folder = dirname(target);
    await checkInside(base, folder, path);
    const draft = join(folder, draftName());
    const handle = await open(draft, "wx", 0o644);
    let written: number;
    try {
      written = await writeFitting(handle, path, bytes, bytesMax);
      await handle.sync();
      await handle.close();
      await rename(draft, target);
    } catch (error) {
      await handle.close().catch(() => {});
      await rm(draft, { force: true });
      throw error;
    }
    await flushFolder(folder);
    return written;
  }

  /** All of it or nothing, as far as this process lives: what did not fit or broke off is cut away again. */
  async function appendTo(base: string, parts: string[], path: string, bytes: Content): Promise<number> {
    const handle = await openChecked(base, parts, path, O_WRONLY | O_APPEND | O_CREAT);
    let written: number;
    try {
      const { size } = await handle.stat();
      try {
        written = await writeFitting(handle, path, bytes, bytesMax - size);
      } catch (error) {
        await handle.truncate(size);
        throw error;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await flushFolder(dirname(join(base, ...parts)));
    return written;
  }

  async function writeFitting(
    handle: FileHandle,
    path: string,
    bytes: Content,
    room: number,
  ): Promise<number> {
    const { written, fitted } = await writeAll(handle, bytes, room);
    if (!fitted) throw fileTooLarge(path, bytesMax);
    return written;
  }
}

function draftName(): string {
  return `.${randomUUID()}.draft`;
}

function isDraft(name: string): boolean {
  return /^\.[0-9a-f-]{36}\.draft$/.test(name);
}

/** Opens without following a link at the end, without waiting for a pipe, and makes sure of what was opened. */
async function openChecked(base: string, parts: string[], path: string, flags: number): Promise<FileHandle> {
  const place = join(base, ...parts);
  for (let attempt = 1; attempt <= replacedMax; attempt += 1) {
    const handle = await openPlain(place, path, flags);
    try {
      const opened = await handle.stat();
      await checkInside(base, dirname(place), path);
      const there = await lstat(place);
      if (!opened.isFile() || !there.isFile()) throw fileOutside(path);
      if (opened.ino === there.ino && opened.dev === there.dev) return handle;
      // Replaced by another write in between; or somebody plays with the folders, and then it never fits.
      await handle.close();
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
  throw fileOutside(path);
}

async function openPlain(place: string, path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(place, flags | O_NOFOLLOW | O_NONBLOCK, 0o644);
  } catch (error) {
    if (isCode(error, "ELOOP", "EMLINK")) throw fileOutside(path);
    if (isCode(error, "ENOENT", "ENOTDIR", "ENXIO")) throw fileNotFound(path);
    throw error;
  }
}

async function checkInside(base: string, folder: string, path: string): Promise<void> {
  const real = await realpath(folder);
  if (real !== base && !real.startsWith(base.endsWith(sep) ? base : base + sep)) throw fileOutside(path);
}

async function realFolder(root: FileRoot): Promise<string | undefined> {
  try {
    return await realpath(root.folder);
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
