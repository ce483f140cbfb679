// Writing files so that they are still there after a power cut: bytes and folder entries are both flushed.
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes the folder and those above it that are missing, and flushes the entry of each. */
export async function makeFolder(path: string, mode = 0o700): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = path; ; made = dirname(made)) {
    await flushFolder(dirname(made));
    if (made === first || dirname(made) === made) return;
  }
}

export async function flushFolder(path: string): Promise<void> {
  // Windows cannot open folders; there the file system flushes entries itself.
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes until `bytesMax`; true when everything fitted. */
export async function writeAll(
  handle: FileHandle,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<{ written: number; fitted: boolean }> {
  if (bytes instanceof Uint8Array) {
    if (bytes.length > bytesMax) return { written: 0, fitted: false };
    await writeChunk(handle, bytes);
    return { written: bytes.length, fitted: true };
  }
  let written = 0;
  for await (const chunk of bytes) {
    if (written + chunk.length > bytesMax) return { written, fitted: false };
    await writeChunk(handle, chunk);
    written += chunk.length;
  }
  return { written, fitted: true };
}

async function writeChunk(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, offset, chunk.length - offset);
    offset += bytesWritten;
  }
}
