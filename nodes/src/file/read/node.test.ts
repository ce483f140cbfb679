import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { failureOf, jsonOf, runNode, testContext } from "../../testing.ts";
import { fileRead } from "./node.ts";

const files = {
  "in/a.csv": "\ufeffa,b\n1,x\n",
  "list.json": '[{"a":1},2]',
  "one.json": '{"a":1}',
  "bad.json": "{",
  "bad-list.json": '[{"a":1},]x',
  "lines.ndjson": '{"a":1}\n\n[2]\n',
  "orders.xml": "<orders><order id='1'><line>x</line></order><order id='2'/></orders>",
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

it("gives lines of JSON and elements of XML", async () => {
  assert.deepEqual(await read("lines.ndjson", "ndjson"), [{ a: 1 }, [2]]);
  const config = { path: "orders.xml", as: "xml", element: "orders.order" };
  assert.deepEqual(jsonOf(await runNode(fileRead, { config }, testContext(files))).main, [
    { "@id": "1", line: "x" },
    { "@id": "2" },
  ]);
  assert.equal(fileRead.checkConfig?.({ path: "a.xml", as: "xml" })[0]?.field, "element");
  assert.equal((await failureOf(() => read("bad-list.json", "json"))).code, "DATA_MALFORMED");
});

/** A file without an end, and how much of it was asked for. */
function endless(line: string, begin = "") {
  const chunk = Buffer.from(line.repeat(1000));
  let bytes = 0;
  let isLetGo = false;
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      if (begin !== "") yield Buffer.from(begin);
      for (;;) {
        bytes += chunk.length;
        yield chunk;
      }
    } finally {
      isLetGo = true;
    }
  }
  const context = testContext();
  const files = { ...context.files, stream };
  return { context: { files }, bytes: () => bytes, isLetGo: () => isLetGo };
}

it("reads no more of a large file than may become items, and names the node that is for it", async () => {
  for (const [as, line, begin] of [
    ["csv", "1,x\n", "a,b\n"],
    ["ndjson", '{"a":1}\n', ""],
    ["json", '{"a":1},', "[0,"],
    ["xml", "<b>1</b>", "<a>"],
  ] as const) {
    const source = endless(line, begin);
    const config = { path: "big", as, rowsMax: 5000, ...(as === "xml" ? { element: "a.b" } : {}) };
    const failure = await failureOf(() => runNode(fileRead, { config }, source.context));
    assert.deepEqual([failure.code, failure.field], ["ROWS_BOUND", "rowsMax"], as);
    assert.ok(source.bytes() < 1_000_000, `${as}: ${source.bytes()}`);
    assert.ok(source.isLetGo(), `${as}: the file is closed`);
  }
  for (const as of ["text", "csv"]) {
    const source = endless("one long line without an end ");
    const config = { path: "big", as, bytesMax: 200_000 };
    const failure = await failureOf(() => runNode(fileRead, { config }, source.context));
    assert.deepEqual([failure.code, failure.field], ["FILE_TOO_LARGE", "bytesMax"]);
    assert.match(failure.remedy ?? "", /Transform rows/);
    assert.ok(source.bytes() < 300_000);
    assert.ok(source.isLetGo());
  }
});

it("reads text as it is written, and refuses what is none", async () => {
  const context = testContext();
  const bytes = Buffer.from("name\nZoë\n", "latin1");
  const data = await context.blobs.put(bytes, { name: "a.csv", mimeType: "text/csv" });
  const given = (more: JsonObject) => ({
    config: { file: "data", as: "csv", ...more },
    items: [{ json: {}, files: { data } }],
  });
  const { main } = jsonOf(await runNode(fileRead, given({ encoding: "windows-1252" }), context));
  assert.deepEqual(main, [{ name: "Zoë" }]);
  for (const as of ["csv", "text"]) {
    const failure = await failureOf(() => runNode(fileRead, given({ as }), context));
    assert.equal(failure.code, "DATA_MALFORMED");
    assert.match(failure.message, /not text in UTF-8/);
  }
});
