// Bytes on disk: files that nodes pass on, and payloads too large for the journal.
// One file per blob, at <folder>/<organization>/<day>/<execution>/<uuid>, or <uuid>.sealed when it is sealed; never shared
// between organizations by content.
//
// Invariants:
// 1. When a put resolves, the bytes and the way to them are on the disk; an id that was given out can be read.
// 2. A blob never changes, but when a person is erased from it: then as a whole or not at all. What a crash leaves behind half-written has an id that nobody knows, and goes with its day.
// 3. Nodes of one organization do not reach blobs of another, whatever id they make up.
import { constants, createReadStream } from "node:fs";
import { type FileHandle, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { ActivityError, type BlobStore } from "@auraos/nodes/defineNode.ts";
import type { BodyCipher } from "../engine/engine.types.ts";
import { foldersOf, isDay, newBlobId, placeOf } from "./blobId.ts";
import {
  type BlobOwner,
  type Blobs,
  type BlobsFreed,
  type ByteRange,
  dayOfExecution,
} from "./blobs.types.ts";
import { flushFolder, makeFolder, writeAll } from "./durableFile.ts";
import { openFrames, plainBytes, type SealedBlob, sealFrames } from "./sealedFile.ts";

export type BlobStoreOptions = {
  /** Of one blob. */
  bytesMax?: number;
  /** Of one blob that is read as a whole into memory. */
  wholeBytesMax?: number;
  /** Absent: blobs are stored as they are. */
  cipher?: BodyCipher;
};

const foldersRemembered = 10_000;
const SEALED = ".sealed";

export function createBlobStore(directory: string, options: BlobStoreOptions = {}): Blobs {
  const folder = resolve(directory);
  const { bytesMax = 500 * 1024 * 1024, wholeBytesMax = 256 * 1024 * 1024, cipher } = options;
  /**
   * Folders being made or known to be there. Each waits for the one above it, so that a put never ends before the
   * whole way to its blob is flushed, also when another put makes part of the way at the same time.
   */
  const made = new Map<string, Promise<void>>();

  return {
    forExecution,
    putValue: async (owner, bytes) => (await put(owner, bytes)).id,
    getValue: (id) => readWhole(id, undefined),
    open: openBlob,
    deleteExecution,
    listExecution,
    replace,
    folders,
    payloads: {
      put: async (about, bytes) => (await put(ownerOf(about), bytes)).id,
      get: (id) => readWhole(id, undefined),
    },
  };

  function forExecution(owner: BlobOwner): BlobStore {
    foldersOf(owner);
    const { orgId } = owner;
    return {
      async put(bytes, { name, mimeType }) {
        const { id, written } = await put(owner, bytes);
        return { blob: id, name, mimeType, bytes: written };
      },
      get: (file) => readWhole(file.blob, orgId),
      async *stream(file, range) {
        const { stream } = await openBlob(file.blob, orgId, range);
        for await (const chunk of stream) yield chunk as Uint8Array;
      },
    };
  }

  async function put(
    owner: BlobOwner,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
  ): Promise<{ id: string; written: number }> {
    const id = newBlobId(owner);
    const place = join(folder, ...foldersOf(owner));
    const name = id.slice(id.lastIndexOf(".") + 1);
    const path = join(place, cipher?.isOn ? `${name}${SEALED}` : name);
    const handle = await createIn(place, path);
    let written = 0;
    try {
      const counted = counting(bytes, bytesMax, (length) => {
        written += length;
      });
      const stored = cipher?.isOn ? sealFrames({ cipher, orgId: owner.orgId, id }, counted) : counted;
      await writeAll(handle, stored, Number.POSITIVE_INFINITY);
      await handle.datasync();
    } catch (error) {
      await handle.close();
      await rm(path, { force: true });
      throw error;
    }
    await handle.close();
    await flushFolder(place);
    return { id, written };
  }

  async function replace(id: string, bytes: Uint8Array): Promise<void> {
    const place = placeOf(id);
    if (!place) throw notFound();
    const path = join(folder, ...place.folders, place.name);
    const draft = `${path}.draft`;
    const target = cipher?.isOn ? `${path}${SEALED}` : path;
    const handle = await open(draft, "w", 0o600);
    try {
      const stored = cipher?.isOn ? sealFrames({ cipher, orgId: place.owner.orgId, id }, bytes) : bytes;
      await writeAll(handle, stored, Number.POSITIVE_INFINITY);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(draft, target);
    // As it was stored before sealing was switched on or off.
    await rm(cipher?.isOn ? path : `${path}${SEALED}`, { force: true });
    await flushFolder(dirname(path));
  }

  async function listExecution(owner: BlobOwner): Promise<string[]> {
    const folders = foldersOf(owner);
    const names = await readdir(join(folder, ...folders)).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const ids = names.filter((name) => !name.endsWith(".draft")).map((name) => name.replace(SEALED, ""));
    return [...new Set(ids)].map((name) => [...folders, name].join("."));
  }

  async function createIn(place: string, path: string): Promise<FileHandle> {
    await ensureFolder(place);
    try {
      return await open(path, "wx", 0o600);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Deleted meanwhile, with its day.
      made.clear();
      await ensureFolder(place);
      return open(path, "wx", 0o600);
    }
  }

  function ensureFolder(path: string): Promise<void> {
    const known = made.get(path);
    if (known) return known;
    if (made.size >= foldersRemembered) made.clear();
    const making = (path === folder ? Promise.resolve() : ensureFolder(dirname(path))).then(() =>
      makeFolder(path),
    );
    made.set(path, making);
    making.catch(() => made.delete(path));
    return making;
  }

  async function openBlob(id: string, orgId: string, range: ByteRange = {}) {
    const { handle, sealed } = await openForReading(id, orgId);
    const { size: fileBytes } = await handle.stat();
    const bytes = sealed ? plainBytes(fileBytes) : fileBytes;
    const { start = 0 } = range;
    const end = Math.max(start, Math.min(range.end ?? bytes - 1, bytes - 1));
    if (!sealed) return { bytes, stream: createReadStream("", { fd: handle, start, end }) };
    const frames = openFrames(sealed, handle, { fileBytes, start, end });
    const stream = Readable.from(frames, { objectMode: false });
    stream.once("close", () => void handle.close());
    return { bytes, stream };
  }

  async function readWhole(id: string, orgId: string | undefined): Promise<Uint8Array> {
    const { handle, sealed } = await openForReading(id, orgId);
    try {
      const { size: fileBytes } = await handle.stat();
      const bytes = sealed ? plainBytes(fileBytes) : fileBytes;
      if (bytes > wholeBytesMax) throw tooLarge(wholeBytesMax);
      if (!sealed) return await handle.readFile();
      const frames = [];
      for await (const frame of openFrames(sealed, handle, { fileBytes, start: 0, end: bytes - 1 }))
        frames.push(frame);
      return Buffer.concat(frames);
    } finally {
      await handle.close();
    }
  }

  /** `orgId` undefined: for the engine, which reads what it wrote itself. */
  async function openForReading(
    id: string,
    orgId: string | undefined,
  ): Promise<{ handle: FileHandle; sealed?: SealedBlob }> {
    const place = placeOf(id);
    if (!place || (orgId !== undefined && place.owner.orgId !== orgId)) throw notFound();
    const path = join(folder, ...place.folders, place.name);
    if (cipher) {
      const handle = await openFile(`${path}${SEALED}`);
      if (handle) return { handle, sealed: { cipher, orgId: place.owner.orgId, id } };
    }
    const handle = await openFile(path);
    if (!handle) throw notFound();
    return { handle };
  }

  async function deleteExecution(owner: BlobOwner): Promise<BlobsFreed> {
    const place = join(folder, ...foldersOf(owner));
    made.delete(place);
    const freed = await sizeOf(place);
    await rm(place, { recursive: true, force: true });
    return freed;
  }

  async function* folders(): ReturnType<Blobs["folders"]> {
    for (const orgId of await foldersIn(folder))
      for (const day of (await foldersIn(join(folder, orgId))).filter(isDay)) {
        const executionIds = await foldersIn(join(folder, orgId, day));
        // An empty day goes by itself; one that is being filled does not.
        if (executionIds.length === 0) await rmdir(join(folder, orgId, day)).catch(() => {});
        else yield { orgId, day, executionIds };
      }
  }
}

async function sizeOf(path: string): Promise<BlobsFreed> {
  const freed = { files: 0, bytes: 0 };
  const names = await readdir(path).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const name of names) {
    const about = await stat(join(path, name)).catch(() => undefined);
    if (about === undefined) continue;
    freed.files += 1;
    freed.bytes += about.size;
  }
  return freed;
}

/** All of an execution is in one folder, that of the day it began. */
function ownerOf({
  orgId,
  executionId,
  atMs,
}: {
  orgId: string;
  executionId: string;
  atMs: number;
}): BlobOwner {
  return { orgId, executionId, day: dayOfExecution(executionId, atMs) };
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function* counting(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  bytesMax: number,
  count: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
    total += chunk.length;
    if (total > bytesMax) throw tooLarge(bytesMax);
    count(chunk.length);
    yield chunk;
  }
}

async function foldersIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function notFound(): ActivityError {
  return new ActivityError({
    code: "BLOB_NOT_FOUND",
    class: "data",
    message: "This file is not in the store.",
    remedy: "Files are kept as long as their execution; run the step that made it again.",
    certainty: "notDone",
  });
}

function tooLarge(bytesMax: number): ActivityError {
  return new ActivityError({
    code: "FILE_TOO_LARGE",
    class: "limit",
    message: `The file is larger than ${Math.round(bytesMax / 1024 / 1024)} MB.`,
    remedy: "Split it, or let the operator raise AURAOS_BLOB_MB.",
    certainty: "notDone",
  });
}
