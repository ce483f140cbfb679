// Bytes on disk: files that nodes pass on, and payloads too large for the journal.
// One file per blob, at <folder>/<organization>/<day>/<execution>/<uuid>; never shared between organizations by content.
//
// Invariants:
// 1. When a put resolves, the bytes and the way to them are on the disk; an id that was given out can be read.
// 2. A blob never changes. What a crash leaves behind half-written has an id that nobody knows, and goes with its day.
// 3. Nodes of one organization do not reach blobs of another, whatever id they make up.
import { constants, createReadStream } from "node:fs";
import { type FileHandle, open, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ActivityError, type BlobStore } from "@auraos/nodes/defineNode.ts";
import { foldersOf, isDay, newBlobId, placeOf } from "./blobId.ts";
import { type BlobOwner, type Blobs, type ByteRange, dayOfExecution } from "./blobs.types.ts";
import { flushFolder, makeFolder, writeAll } from "./durableFile.ts";

export type BlobStoreOptions = {
  /** Of one blob. */
  bytesMax?: number;
  /** Of one blob that is read as a whole into memory. */
  wholeBytesMax?: number;
};

const foldersRemembered = 10_000;

export function createBlobStore(directory: string, options: BlobStoreOptions = {}): Blobs {
  const folder = resolve(directory);
  const { bytesMax = 500 * 1024 * 1024, wholeBytesMax = 256 * 1024 * 1024 } = options;
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
    deleteBefore,
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
      async *stream(file) {
        const { stream } = await openBlob(file.blob, orgId);
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
    const path = join(place, id.slice(id.lastIndexOf(".") + 1));
    const handle = await createIn(place, path);
    let written = 0;
    try {
      const outcome = await writeAll(handle, bytes, bytesMax);
      if (!outcome.fitted) throw tooLarge(bytesMax);
      written = outcome.written;
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
    const handle = await openForReading(id, orgId);
    const { size } = await handle.stat();
    const { start = 0, end = size - 1 } = range;
    const stream = createReadStream("", { fd: handle, start, end: Math.max(start, Math.min(end, size - 1)) });
    return { bytes: size, stream };
  }

  async function readWhole(id: string, orgId: string | undefined): Promise<Uint8Array> {
    const handle = await openForReading(id, orgId);
    try {
      const { size } = await handle.stat();
      if (size > wholeBytesMax) throw tooLarge(wholeBytesMax);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  }

  /** `orgId` undefined: for the engine, which reads what it wrote itself. */
  async function openForReading(id: string, orgId: string | undefined): Promise<FileHandle> {
    const place = placeOf(id);
    if (!place || (orgId !== undefined && place.owner.orgId !== orgId)) throw notFound();
    try {
      return await open(
        join(folder, ...place.folders, place.name),
        constants.O_RDONLY | constants.O_NOFOLLOW,
      );
    } catch (error) {
      throw isMissing(error) ? notFound() : error;
    }
  }

  async function deleteExecution(owner: BlobOwner): Promise<void> {
    const place = join(folder, ...foldersOf(owner));
    made.delete(place);
    await rm(place, { recursive: true, force: true });
  }

  async function deleteBefore(day: string): Promise<number> {
    if (!isDay(day)) throw new Error(`"${day}" is not a day such as 2026-01-31.`);
    let deleted = 0;
    for (const org of await foldersIn(folder)) {
      for (const old of (await foldersIn(join(folder, org))).filter((name) => isDay(name) && name < day)) {
        await rm(join(folder, org, old), { recursive: true, force: true });
        deleted += 1;
      }
    }
    made.clear();
    return deleted;
  }
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
