// Sealed blobs: frames of 64 KiB, each sealed by itself, so that a part is read without what stands before it.
//
//   frame = key id 16 | sealed body (nonce 12 | ciphertext | tag 16); all but the last are full
//
// A frame opens at its number in its blob only, and the last one says that it is the last: frames that are moved, left
// out or cut off do not open.
import type { FileHandle } from "node:fs/promises";
import type { BodyCipher } from "../engine/engine.types.ts";

const FRAME_BYTES = 64 * 1024;
const KEY_ID_BYTES = 16;
const OVERHEAD_BYTES = KEY_ID_BYTES + 12 + 16;
const SEALED_BYTES = FRAME_BYTES + OVERHEAD_BYTES;

/** Which blob of whom. */
export type SealedBlob = { cipher: BodyCipher; orgId: string; id: string };

/** An empty blob is one empty frame. */
export async function* sealFrames(
  blob: SealedBlob,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let index = 0;
  for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
    held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    heldBytes += chunk.length;
    // What is exactly full may be the last one: it waits for more.
    if (heldBytes <= FRAME_BYTES) continue;
    const all = Buffer.concat(held);
    let at = 0;
    for (; all.length - at > FRAME_BYTES; at += FRAME_BYTES)
      yield await sealFrame(blob, index++, false, all.subarray(at, at + FRAME_BYTES));
    held = [all.subarray(at)];
    heldBytes = all.length - at;
  }
  yield await sealFrame(blob, index, true, Buffer.concat(held));
}

/** Bytes that a sealed file of this size has inside. */
export function plainBytes(fileBytes: number): number {
  return fileBytes - Math.ceil(fileBytes / SEALED_BYTES) * OVERHEAD_BYTES;
}

/** From `start` to `end`, both inclusive and within the blob. */
export async function* openFrames(
  blob: SealedBlob,
  handle: FileHandle,
  range: { fileBytes: number; start: number; end: number },
): AsyncGenerator<Uint8Array> {
  const frames = Math.ceil(range.fileBytes / SEALED_BYTES);
  const stored = Buffer.allocUnsafe(SEALED_BYTES);
  for (let index = Math.floor(range.start / FRAME_BYTES); index < frames; index++) {
    const from = index * FRAME_BYTES;
    if (from > range.end) return;
    const { bytesRead } = await handle.read(stored, 0, SEALED_BYTES, index * SEALED_BYTES);
    const frame = await openFrame(blob, index, index === frames - 1, stored.subarray(0, bytesRead));
    yield frame.subarray(Math.max(0, range.start - from), range.end - from + 1);
  }
}

async function sealFrame(
  { cipher, orgId, id }: SealedBlob,
  index: number,
  isLast: boolean,
  bytes: Uint8Array,
): Promise<Buffer> {
  await cipher.prepare([orgId]);
  const { keyId, body } = cipher.seal(orgId, placeOf(id, index, isLast), bytes);
  return Buffer.concat([Buffer.from(keyId.replaceAll("-", ""), "hex"), body]);
}

async function openFrame(
  { cipher, orgId, id }: SealedBlob,
  index: number,
  isLast: boolean,
  stored: Buffer,
): Promise<Uint8Array> {
  const hex = stored.toString("hex", 0, KEY_ID_BYTES);
  const keyId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    "-",
  );
  return cipher.open(orgId, keyId, placeOf(id, index, isLast), stored.subarray(KEY_ID_BYTES));
}

function placeOf(id: string, index: number, isLast: boolean): string {
  return `blobs ${id} ${index}${isLast ? " last" : ""}`;
}
