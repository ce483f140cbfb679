import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createCrashMarker } from "./crashMarker.ts";

test("the marker stands while the process lives and tells the next one who was being tried", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "marker-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "running.json");
  assert.equal(createCrashMarker(file).open(), null);
  const second = createCrashMarker(file);
  assert.deepEqual(second.open(), { deaths: {}, trying: [] });
  const note = { deaths: { a: 2 }, trying: ["b"] };
  second.write(note);
  const third = createCrashMarker(file);
  assert.deepEqual(third.open(), note);
  third.remove();
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(createCrashMarker(file).open(), null);
  writeFileSync(file, '{"deaths": {"a"');
  assert.deepEqual(createCrashMarker(file).open(), { deaths: {}, trying: [] });
});
