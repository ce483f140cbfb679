// Blobs beside the backups: once each, back as they were, and gone when no backup needs them.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { readBackupKeys } from "./backupKeys.ts";
import { mirrorBlobs, restoreBlobs, sweepMirror } from "./blobMirror.ts";

const root = mkdtempSync(join(tmpdir(), "auraos-mirror-"));
after(() => rmSync(root, { recursive: true, force: true }));
const keys = readBackupKeys(root, randomBytes(32).toString("base64"), { make: false });
const [blobs, folder] = [join(root, "blobs"), join(root, "backups")];
const names = ["org/2026-01-01/e1/a", "org/2026-01-01/e1/b", "org/2026-01-02/e2/c"];
for (const name of names) {
  mkdirSync(dirname(join(blobs, name)), { recursive: true });
  writeFileSync(join(blobs, name), `content of ${name}`);
}
const mirrored = () =>
  readdirSync(join(folder, "blobs"), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".aosb"))
    .sort();

test("each blob is sealed once and comes back as it was", async () => {
  await mirrorBlobs(blobs, folder, keys);
  const before = mirrored().map((name) => statSync(join(folder, "blobs", name)).ino);
  await mirrorBlobs(blobs, folder, keys);
  assert.deepEqual(
    mirrored().map((name) => statSync(join(folder, "blobs", name)).ino),
    before,
  );
  const back = join(root, "back");
  assert.equal(await restoreBlobs(folder, keys, back), 3);
  for (const name of names) assert.equal(readFileSync(join(back, name), "utf8"), `content of ${name}`);
});

test("under another name a blob does not open", async () => {
  const other = join(root, "moved");
  mkdirSync(join(other, "blobs/org/2026-01-01/e1"), { recursive: true });
  const sealed = readFileSync(join(folder, "blobs/org/2026-01-01/e1/a.aosb"));
  writeFileSync(join(other, "blobs/org/2026-01-01/e1/z.aosb"), sealed);
  await assert.rejects(restoreBlobs(other, keys, join(root, "never")), { code: "BACKUP_DAMAGED" });
});

test("what was removed stays while a kept backup is older, then it goes; what came back stays", async () => {
  rmSync(join(blobs, "org/2026-01-01/e1/a"));
  rmSync(join(blobs, "org/2026-01-02"), { recursive: true });
  await sweepMirror(blobs, folder, 1_000, 500);
  assert.equal(mirrored().length, 3, "just noticed");
  await sweepMirror(blobs, folder, 2_000, 900);
  assert.equal(mirrored().length, 3, "a backup from before is kept");
  mkdirSync(join(blobs, "org/2026-01-02/e2"), { recursive: true });
  writeFileSync(join(blobs, names[2] ?? ""), "again");
  await sweepMirror(blobs, folder, 3_000, 1_500);
  assert.deepEqual(mirrored(), ["org/2026-01-01/e1/b.aosb", "org/2026-01-02/e2/c.aosb"]);
  rmSync(join(blobs, "org/2026-01-02"), { recursive: true });
  await sweepMirror(blobs, folder, 4_000, 1_500);
  await sweepMirror(blobs, folder, 5_000, 4_500);
  assert.ok(!existsSync(join(folder, "blobs/org/2026-01-02")), "an empty day goes as a whole");
});
