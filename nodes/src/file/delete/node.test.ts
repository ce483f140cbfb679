import assert from "node:assert/strict";
import { it } from "node:test";
import { failureOf, jsonOf, runNode, testContext } from "../../testing.ts";
import { fileDelete } from "./node.ts";

it("deletes a file, and says whether it was there", async () => {
  const { files } = testContext({ "a.txt": "x", "b.txt": "y" });
  const remove = async () => jsonOf(await runNode(fileDelete, { config: { path: "a.txt" } }, { files })).main;
  assert.deepEqual(await remove(), [{ path: "a.txt", deleted: true }]);
  assert.deepEqual(await remove(), [{ path: "a.txt", deleted: false }]);
  assert.deepEqual(Object.keys(files.texts), ["b.txt"]);
});

it("passes on what the file area says", async () => {
  const { files } = testContext();
  const refusing = {
    ...files,
    remove: async () => {
      throw Object.assign(new Error("no"), { code: "EACCES" });
    },
  };
  const failure = await failureOf(() => runNode(fileDelete, { config: { path: "a" } }, { files: refusing }));
  assert.equal(failure.code, "FILE_NOT_ALLOWED");
});
