import assert from "node:assert/strict";
import { test } from "node:test";
import { BackupError, saidOf } from "./backupError.ts";
import { damaged } from "./frames.ts";

test("what a folder refuses is said in parts, with where", () => {
  const error = Object.assign(new Error("EACCES: permission denied, open '/b/x'"), {
    code: "EACCES",
    path: "/b/x",
  });
  assert.deepEqual(saidOf(error).parts, [
    { code: "backup.disk.denied", parameters: { path: "/b/x", error: "EACCES" } },
  ]);
});

test("an error of a backup keeps its sentence and its parts together", () => {
  const error = damaged("/b/cluster.aosb", "frame", { number: 3 });
  assert.equal(saidOf(error), error.said);
  assert.equal(error.message, error.said.text);
  assert.match(error.message, /^cluster\.aosb frame 3 is damaged or missing \(\/b\/cluster\.aosb\)\./);
});

test("what nobody foresaw stays as it was said", () => {
  assert.deepEqual(saidOf(new Error("odd")), { text: "odd", parts: null });
  assert.deepEqual(saidOf(new BackupError("DUMP_INVALID", "no dump")), { text: "no dump", parts: null });
});
