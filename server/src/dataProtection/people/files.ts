// Files in which a person may be: payloads that were too large for a row, what workflows made, what people uploaded.
// Text is searched, also when it is gzipped; pictures, archives and documents with a format of their own are not.
import { gunzipSync, gzipSync } from "node:zlib";
import type { Blobs } from "../../blobs/blobs.types.ts";
import type { Matcher } from "./matcher.ts";

const INFLATED_MAX = 256 * 1024 * 1024;

export type FilePart = {
  id: string;
  executionId: string;
  /** Undefined: it cannot be searched. */
  text: string | undefined;
  isPacked: boolean;
};

export async function* filesOf(blobs: Blobs, orgId: string): AsyncGenerator<FilePart> {
  for await (const folder of blobs.folders()) {
    if (folder.orgId !== orgId) continue;
    for (const executionId of folder.executionIds)
      for (const id of await blobs.listExecution({ orgId, day: folder.day, executionId })) {
        const bytes = await blobs.getValue(id).catch(() => undefined);
        yield { id, executionId, ...textOf(bytes) };
      }
  }
}

export function bytesOf({ isPacked }: FilePart, text: string): Buffer {
  return isPacked ? gzipSync(text) : Buffer.from(text);
}

export function isIn(matcher: Matcher, { text }: FilePart): boolean {
  return text !== undefined && matcher.maybe(text) && matcher.has(text);
}

function textOf(bytes: Uint8Array | undefined): Pick<FilePart, "text" | "isPacked"> {
  if (bytes === undefined) return { text: undefined, isPacked: false };
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isPacked) return { text: plain(bytes), isPacked };
  try {
    return { text: plain(gunzipSync(bytes, { maxOutputLength: INFLATED_MAX })), isPacked };
  } catch {
    return { text: undefined, isPacked };
  }
}

function plain(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, 8_192).includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Bytes of an older code: each one is kept as it is.
    return undefined;
  }
}
