// Sealed blobs: the same answers as plain ones, and nothing of their bytes on the disk.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { newId } from "../engine/postgres/batches.ts";
import { StoreError } from "../engine/store.ts";
import { migrate } from "../migrations/migrate.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { sealingStore } from "../testing/sealingStore.ts";
import { createBlobStore } from "./createBlobStore.ts";

after(() => Promise.all([store.close(), rm(folder, { recursive: true, force: true })]));
const { url } = await freshDatabase({ after }, migrate);
const folder = await mkdtemp(join(tmpdir(), "auraos-sealed-"));
const store = sealingStore(url, randomBytes(32));
const { cipher } = store;
const blobs = createBlobStore(folder, { cipher, bytesMax: 1_000_000 });
const orgId = newId();
const owner = { orgId, executionId: "exec-1", day: "2026-01-31" };
const about = { name: "a.bin", mimeType: "application/octet-stream" };
const FRAME = 65_536;

async function gather(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test("whole, streamed and in part, at every edge of a frame", async () => {
  const files = blobs.forExecution(owner);
  for (const length of [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 3 * FRAME + 17]) {
    const bytes = randomBytes(length);
    for (const given of [bytes, inPieces(bytes, 10_007), inPieces(bytes, FRAME)]) {
      const file = await files.put(given, about);
      assert.equal(file.bytes, length);
      assert.deepEqual(Buffer.from(await files.get(file)), bytes);
      assert.deepEqual(await gather(files.stream(file)), bytes);
      for (const [start, end] of [
        [0, 0],
        [FRAME - 1, FRAME],
        [length - 1, length - 1],
        [5, 2 * FRAME + 3],
      ] as const) {
        if (start < 0 || start >= length) continue;
        const part = await blobs.open(file.blob, orgId, { start, end });
        assert.equal(part.bytes, length);
        assert.deepEqual(
          await gather(part.stream),
          bytes.subarray(start, end + 1),
          `${length}: ${start}-${end}`,
        );
      }
    }
  }
});

test("nothing of the bytes is on the disk, and what was changed, moved or cut does not open", async () => {
  const files = blobs.forExecution({ ...owner, executionId: "exec-2" });
  const bytes = Buffer.alloc(3 * FRAME, "canary-7f3a91 ");
  const file = await files.put(bytes, about);
  const place = join(folder, orgId, owner.day, "exec-2");
  const [name = ""] = await readdir(place);
  const path = join(place, name);
  const stored = await readFile(path);
  assert.ok(!stored.includes("canary"));
  const refused = async (why: string): Promise<void> => {
    await assert.rejects(
      files.get(file),
      (error: unknown) => error instanceof StoreError && error.kind === "corrupt",
      why,
    );
  };
  const frame = FRAME + 44;
  const changed = Buffer.from(stored);
  changed[frame + 100] = (changed[frame + 100] ?? 0) ^ 1;
  await writeFile(path, changed);
  await refused("one bit");
  await writeFile(
    path,
    Buffer.concat([stored.subarray(frame, 2 * frame), stored.subarray(0, frame), stored.subarray(2 * frame)]),
  );
  await refused("two frames changed places");
  await writeFile(path, stored);
  await truncate(path, 2 * frame);
  await refused("the last frame is gone");
  await writeFile(path, stored);
  const other = await files.put(bytes, about);
  const [otherName = ""] = (await readdir(place)).filter((one) => one !== name);
  await rename(join(place, otherName), path);
  await refused("the bytes of another blob");
  await assert.rejects(files.get(other), /not in the store/);
});

test("a blob that is too large leaves nothing, and plain ones from before stay readable", async () => {
  const place = { ...owner, executionId: "exec-3" };
  await assert.rejects(
    blobs.forExecution(place).put(inPieces(Buffer.alloc(1_000_001), FRAME), about),
    /larger/,
  );
  assert.deepEqual(await readdir(join(folder, orgId, owner.day, "exec-3")), []);
  const plain = await createBlobStore(folder).forExecution(place).put(Buffer.from("before"), about);
  assert.equal(Buffer.from(await blobs.forExecution(place).get(plain)).toString(), "before");
});
