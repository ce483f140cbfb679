import assert from "node:assert/strict";
import { it } from "node:test";
import { failureOf, jsonOf, runNode, testContext } from "../../testing.ts";
import { fileRead } from "./node.ts";

const files = {
  "in/a.csv": "\ufeffa,b\n1,x\n",
  "list.json": '[{"a":1},2]',
  "one.json": '{"a":1}',
  "bad.json": "{",
};
const read = async (path: string, as: string) =>
  jsonOf(await runNode(fileRead, { config: { path, as, types: "infer" } }, testContext(files))).main;

it("gives text, data or rows", async () => {
  assert.deepEqual(await read("in/a.csv", "text"), [{ path: "in/a.csv", text: "a,b\n1,x\n" }]);
  assert.deepEqual(await read("in/a.csv", "csv"), [{ a: 1, b: "x" }]);
  assert.deepEqual(await read("list.json", "json"), [{ a: 1 }, 2]);
  assert.deepEqual(await read("one.json", "json"), [{ a: 1 }]);
});

it("gives the file itself", async () => {
  const { main } = await runNode(fileRead, { config: { path: "in/a.csv", as: "file" } }, testContext(files));
  assert.deepEqual(main?.items[0]?.files?.data, {
    blob: "blob-1",
    name: "a.csv",
    mimeType: "text/csv",
    bytes: 11,
  });
});

it("says which file is missing or malformed", async () => {
  const missing = await failureOf(() => read("none.txt", "text"));
  assert.deepEqual([missing.code, missing.message], ["FILE_NOT_FOUND", 'The file "none.txt" is not there.']);
  assert.equal((await failureOf(() => read("bad.json", "json"))).code, "DATA_MALFORMED");
});

it("reads a file that came with the item", async () => {
  const context = testContext();
  const data = await context.blobs.put(Buffer.from("a;b\n1;2\n"), { name: "up.csv", mimeType: "text/csv" });
  const items = [{ json: {}, files: { data } }];
  const config = { file: "data", as: "csv", delimiter: ";" };
  assert.deepEqual(jsonOf(await runNode(fileRead, { config, items }, context)).main, [{ a: "1", b: "2" }]);
  const other = { file: "other" };
  assert.equal(
    (await failureOf(() => runNode(fileRead, { config: other, items }, context))).code,
    "DATA_INVALID",
  );
  assert.equal(fileRead.checkConfig?.({})[0]?.field, "path");
  assert.equal(fileRead.checkConfig?.({ path: "a", file: "b" })[0]?.field, "path");
});
