// What the two sides of a ZIP file share: the signs of its parts, and where it is read from. The archive is never held
// as a whole: it is read by its index, entry by entry (readZip.ts), and written as it comes (writeZip.ts). Without
// ZIP64, encryption and several disks.
import type { FileRef } from "@auraos/kernel";
import type { BlobStore } from "../defineNode.ts";

export const localHead = 0x04034b50;
export const centralHead = 0x02014b50;
export const endHead = 0x06054b50;
/** After an entry whose sizes were not known when it began. */
export const descriptorHead = 0x08074b50;
export const max32 = 0xffffffff;

/** `stream` gives the bytes from `start` to `end`, both included, and fewer where the file ends before. */
export type ZipSource = { bytes: number; stream(start: number, end: number): AsyncIterable<Uint8Array> };

export function zipOfFile(blobs: Pick<BlobStore, "stream">, file: FileRef): ZipSource {
  return { bytes: file.bytes, stream: (start, end) => blobs.stream(file, { start, end }) };
}

export function zipOfBytes(bytes: Uint8Array): ZipSource {
  return {
    bytes: bytes.length,
    async *stream(start, end) {
      yield bytes.subarray(start, end + 1);
    },
  };
}
