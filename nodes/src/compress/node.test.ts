import assert from "node:assert/strict";
import { it } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Item, JsonObject } from "@auraos/kernel";
import { unzipSync } from "fflate";
import { failureOf, runNode, testContext } from "../testing.ts";
import { compressNode } from "./node.ts";

const { blobs } = testContext();
const put = async (name: string, text: string) =>
  blobs.put(Buffer.from(text), { name, mimeType: "text/plain" });
const run = async (config: JsonObject, items: Item[]) =>
  (await runNode(compressNode, { config, items }, { blobs })).main ?? { items: [] };
const unzip = async (item: Item | undefined) => {
  const file = item?.files?.data;
  assert.ok(file);
  return Object.fromEntries(
    Object.entries(unzipSync(await blobs.get(file))).map(([path, bytes]) => [
      path,
      Buffer.from(bytes).toString(),
    ]),
  );
};

it("packs per item or all together, and no name comes twice", async () => {
  const items: Item[] = [
    { json: {}, files: { a: await put("a.txt", "1"), b: await put("../../b", "2") } },
    { json: {}, files: { a: await put("a.txt", "3") } },
  ];
  const each = await run({}, items);
  assert.deepEqual(
    [await unzip(each.items[0]), await unzip(each.items[1])],
    [{ "a.txt": "1", b: "2" }, { "a.txt": "3" }],
  );
  const all = await run({ together: true, name: "all.zip" }, items);
  assert.deepEqual(await unzip(all.items[0]), { "a.txt": "1", b: "2", "a (2).txt": "3" });
  assert.deepEqual(all.lineage, [[0, 1]]);
  assert.deepEqual(all.items[0]?.json, {
    name: "all.zip",
    bytes: all.items[0]?.files?.data?.bytes,
    files: 3,
  });
  assert.deepEqual(await unzip((await run({ files: ["a"] }, items)).items[0]), { "a.txt": "1" });
});

it("packs one file with gzip", async () => {
  const { items } = await run({ format: "gzip" }, [
    { json: {}, files: { data: await put("x.log", "hello") } },
  ]);
  const file = items[0]?.files?.data;
  assert.ok(file);
  assert.equal(file.name, "x.log.gz");
  assert.equal(gunzipSync(await blobs.get(file)).toString(), "hello");
  assert.equal(compressNode.checkConfig?.({ format: "gzip", together: true })[0]?.field, "together");
  assert.equal(compressNode.checkConfig?.({ format: "gzip", files: ["a", "b"] })[0]?.field, "files");
});

it("is bounded, and says what is missing", async () => {
  const items: Item[] = [{ json: {}, files: { a: await put("a", "12345") } }];
  assert.equal((await failureOf(() => run({ bytesMax: 4 }, items))).code, "ARCHIVE_TOO_LARGE");
  assert.match((await failureOf(() => run({ files: ["no"] }, items))).message, /no file "no"/);
});
