import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { failureOf, jsonOf, runNode, testContext } from "../../testing.ts";
import { fileWrite } from "./node.ts";

it("writes text as it is and data as JSON", async () => {
  const context = testContext();
  const write = (config: JsonObject) => runNode(fileWrite, { config }, context);
  assert.deepEqual(jsonOf(await write({ path: "a.md", content: "é\n" })), {
    main: [{ path: "a.md", bytes: 3 }],
  });
  await write({ path: "b.json", content: { a: 1 } });
  await write({ path: "a.md", content: "more", append: true });
  assert.deepEqual(context.files.texts, { "a.md": "é\nmore", "b.json": '{\n  "a": 1\n}\n' });
});

it("writes a file of the item", async () => {
  const context = testContext();
  const data = await context.blobs.put(Buffer.from("bytes"), { name: "x", mimeType: "text/plain" });
  const items = [{ json: {}, files: { data } }];
  await runNode(fileWrite, { config: { path: "x", file: "data" }, items }, context);
  assert.equal(context.files.texts.x, "bytes");
  const config = { path: "x", file: "other" };
  assert.equal((await failureOf(() => runNode(fileWrite, { config, items }, context))).code, "DATA_INVALID");
});

it("may be repeated unless it appends", () => {
  assert.equal(fileWrite.effectOf?.({ path: "a" }), "idempotent");
  assert.equal(fileWrite.effectOf?.({ path: "a", append: true }), "once");
  assert.equal(fileWrite.effectOf?.({ path: "a", append: "{{ $json.more }}" }), "once");
});

it("wants one source", () => {
  assert.equal(fileWrite.checkConfig?.({ path: "a" })[0]?.field, "content");
  assert.equal(fileWrite.checkConfig?.({ path: "a", content: "", file: "data" })[0]?.field, "content");
});
