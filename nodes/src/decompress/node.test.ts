import assert from "node:assert/strict";
import { it } from "node:test";
import { gzipSync } from "node:zlib";
import type { JsonObject } from "@auraos/kernel";
import { zipSync } from "fflate";
import { failureOf, runNode, testContext } from "../testing.ts";
import { decompressNode } from "./node.ts";

const { blobs } = testContext();
async function unpack(name: string, bytes: Uint8Array, config: JsonObject = {}) {
  const data = await blobs.put(bytes, { name, mimeType: "application/octet-stream" });
  const outputs = await runNode(
    decompressNode,
    { config, items: [{ json: {}, files: { data } }] },
    { blobs },
  );
  const items = outputs.main?.items ?? [];
  return Promise.all(
    items.map(async ({ json, files }) => [
      (json as JsonObject).path,
      files?.data ? Buffer.from(await blobs.get(files.data)).toString() : null,
    ]),
  );
}

it("gives an item per file, with paths that lead nowhere else", async () => {
  const zip = zipSync({
    "a.csv": Buffer.from("1"),
    "sub/b.CSV": Buffer.from("2"),
    "../../etc/c.txt": Buffer.from("3"),
    "/d": Buffer.from(""),
  });
  assert.deepEqual(await unpack("x.zip", zip), [
    ["a.csv", "1"],
    ["sub/b.CSV", "2"],
    ["etc/c.txt", "3"],
    ["d", ""],
  ]);
  assert.deepEqual(await unpack("x.zip", zip, { name: "*.csv" }), [
    ["a.csv", "1"],
    ["sub/b.CSV", "2"],
  ]);
  assert.deepEqual(await unpack("log.txt.gz", gzipSync("hello")), [["log.txt", "hello"]]);
});

it("stops bombs, together too", async () => {
  const part = new Uint8Array(600_000);
  const config = { bytesMax: 1_000_000 };
  assert.equal(
    (await failureOf(() => unpack("a.zip", zipSync({ a: part, b: part }), config))).code,
    "ARCHIVE_TOO_LARGE",
  );
  assert.equal(
    (await failureOf(() => unpack("a.gz", gzipSync(new Uint8Array(2_000_000)), config))).code,
    "ARCHIVE_TOO_LARGE",
  );
  assert.equal((await unpack("a.zip", zipSync({ a: part }), config)).length, 1);
  assert.equal(
    (await failureOf(() => unpack("a.zip", zipSync({ a: part, b: part }), { filesMax: 1 }))).code,
    "ARCHIVE_TOO_LARGE",
  );
});

it("says what is no archive, or a damaged one", async () => {
  assert.match((await failureOf(() => unpack("x", Buffer.from("text")))).message, /neither ZIP nor gzip/);
  const damaged = gzipSync("hello hello hello");
  damaged[12] = (damaged[12] ?? 0) ^ 0xff;
  assert.equal((await failureOf(() => unpack("x.gz", damaged))).code, "DATA_MALFORMED");
  assert.equal(
    (await failureOf(() => unpack("x.gz", gzipSync("hello").subarray(0, 15)))).code,
    "DATA_MALFORMED",
  );
});

it("passes gzip through piece by piece, and says when it is damaged", async () => {
  const text = "line of a table\n".repeat(200_000);
  const packed = gzipSync(text);
  assert.deepEqual(await unpack("big.csv.gz", packed), [["big.csv", text]]);
  const cut = packed.subarray(0, packed.length / 2);
  assert.equal((await failureOf(() => unpack("cut.gz", cut))).code, "DATA_MALFORMED");
  let seen = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield gzipSync(Buffer.alloc(50_000_000));
    for (;;) {
      seen += 1;
      yield gzipSync(Buffer.alloc(50_000_000));
    }
  }
  const stream = { ...blobs, stream: endless };
  const data = { blob: "b", name: "bomb.gz", mimeType: "application/gzip", bytes: 1 };
  const failure = await failureOf(() =>
    runNode(
      decompressNode,
      { config: { bytesMax: 1_000_000 }, items: [{ json: {}, files: { data } }] },
      { blobs: stream },
    ),
  );
  assert.equal(failure.code, "ARCHIVE_TOO_LARGE");
  assert.ok(seen < 5, "what is too much is not read to its end");
});
