// A file that is larger than what a process may hold passes through the nodes: downloaded, packed, unpacked, the same
// afterwards. The peak is that of a process of its own.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { after, test } from "node:test";
import { promisify } from "node:util";

const folder = mkdtempSync(join(tmpdir(), "auraos-large-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Nothing to pack in here: what a compressor looks back on is shorter than this. */
let seed = 7;
const block = Buffer.from(
  Uint8Array.from({ length: 1_048_576 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed >> 8;
  }),
);
const blocks = 200;

function* all(): Generator<Buffer> {
  for (let count = 0; count < blocks; count += 1) yield block;
}
const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "application/octet-stream" });
  pipeline(Readable.from(all()), response, () => {});
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => {
  server.closeAllConnections();
  server.close();
});

test("200 MB are downloaded, packed and unpacked in a fraction of their size", async () => {
  const hash = createHash("sha256");
  for (const piece of all()) hash.update(piece);
  const whole = hash.digest("hex");
  const { port } = server.address() as AddressInfo;
  const args = [
    join(import.meta.dirname, "largeFiles.worker.ts"),
    `http://127.0.0.1:${port}/big.bin`,
    folder,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { before, steps } = JSON.parse(stdout) as {
    before: number;
    steps: Record<string, { peak: number; bytes: number; sha256: string }>;
  };
  assert.deepEqual(Object.keys(steps), ["download", "zip", "unzip"]);
  assert.equal(steps.download?.sha256, whole);
  assert.equal(steps.unzip?.sha256, whole);
  assert.ok((steps.zip?.bytes ?? 0) > 190_000_000, "the archive is large too");
  for (const [name, { peak }] of Object.entries(steps)) {
    const more = peak - before;
    assert.ok(more < 150_000_000, `${name} took ${Math.round(more / 1e6)} MB more`);
  }
});
