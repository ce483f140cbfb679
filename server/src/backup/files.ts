// Reading files and folders that others change meanwhile.
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

const CHUNK_BYTES = 1024 * 1024;

export type FoundFile = { name: string; path: string; isFolder: boolean };

/** Everything below, folders before what is in them. What vanishes meanwhile is not an error: the WAL knows of it. */
export async function* walk(root: string, prefix = "", leaveOut?: string): AsyncGenerator<FoundFile> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (entries === undefined) {
    yield { name: prefix, path: root, isFolder: false };
    return;
  }
  for (const entry of entries) {
    const path = join(root, entry.name);
    const name = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (path === leaveOut) continue;
    if (entry.isDirectory()) {
      yield { name, path, isFolder: true };
      yield* walk(path, name, leaveOut);
    } else if (entry.isFile() || name.startsWith("pg_tblspc/")) yield { name, path, isFolder: false };
  }
}

/** Up to its end at the time of reading; a file that is gone has none. */
export async function* contentOf(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!handle) return;
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
