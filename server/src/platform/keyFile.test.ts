// A key file is refused while others can read it, with what to do; mounted secrets of root for a group are read.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isOpenToOthers, readKeyFile } from "./keyFile.ts";
import { SettingsError } from "./settings.ts";

const folder = mkdtempSync(join(tmpdir(), "auraos-key-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("who may get at it decides, whoever asks", () => {
  const [root, somebody] = [0, 1000];
  const cases: [mode: number, uid: number, isOpen: boolean][] = [
    [0o100600, somebody, false],
    [0o100400, somebody, false],
    [0o100700, somebody, false],
    [0o100600, root, false],
    [0o100440, root, false],
    [0o100640, root, false],
    [0o100640, somebody, true],
    [0o100660, root, true],
    [0o100644, root, true],
    [0o100604, somebody, true],
    [0o100601, somebody, true],
    [0o100777, somebody, true],
  ];
  for (const [mode, uid, isOpen] of cases)
    assert.equal(isOpenToOthers({ mode, uid }), isOpen, `${mode.toString(8)} of ${uid}`);
});

test("a file that everybody can read is refused, also behind a link, and read once it is closed", () => {
  const file = join(folder, "keys");
  const link = join(folder, "link");
  writeFileSync(file, "c2VjcmV0");
  chmodSync(file, 0o644);
  symlinkSync(file, link);
  for (const path of [file, link])
    assert.throws(
      () => readKeyFile(path),
      (error: unknown) =>
        error instanceof SettingsError &&
        /^KEY_FILE_OPEN: .* has mode 0644/.test(error.message) &&
        error.message.includes(`chmod 600 ${path}`) &&
        !error.message.includes("c2VjcmV0"),
    );
  chmodSync(file, 0o600);
  assert.equal(readKeyFile(file), "c2VjcmV0");
  assert.equal(readKeyFile(link), "c2VjcmV0");
});
