// Entries that leave the log go into a file first, as an export that verify.mjs checks. Whole and on the disk, or not there.
import { createWriteStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

const DIGITS = 12;

/** Path of the file. */
export async function writeArchive(
  folder: string,
  about: { orgId: string; from: number; to: number },
  lines: AsyncIterable<Uint8Array>,
): Promise<string> {
  const { orgId, from, to } = about;
  const path = join(folder, orgId, `${numberOf(from)}-${numberOf(to)}.jsonl.gz`);
  const draft = `${path}.draft`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await pipeline(
      Readable.from(lines),
      createGzip(),
      createWriteStream(draft, { mode: 0o600, flush: true }),
    );
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
  return path;
}

function numberOf(seq: number): string {
  return String(seq).padStart(DIGITS, "0");
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
