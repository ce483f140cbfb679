// A sealed archive gives back what went in, or says what is wrong with it and where.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readArchive, unpackArchive, writeArchive } from "./archive.ts";
import { BackupError } from "./backupError.ts";
import { readBackupKeys } from "./backupKeys.ts";

const folder = mkdtempSync(join(tmpdir(), "auraos-archive-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const key = () => randomBytes(32).toString("base64");
const keys = readBackupKeys(folder, key(), { make: false });
const big = randomBytes(2_500_000);
const path = join(folder, "one.aosb");
const sealedBytes = await pack(path);

test("folders, empty files, small and large ones come back as they were", async () => {
  const to = join(folder, "out");
  await unpackInto(to);
  assert.deepEqual(readFileSync(join(to, "a/b/large")), big);
  assert.equal(readFileSync(join(to, "empty")).length, 0);
  assert.equal(readFileSync(join(to, "a/hello"), "utf8"), "hello, hello");
  assert.ok(statSync(join(to, "hollow/deep")).isDirectory());
  assert.equal(statSync(join(to, "a/hello")).mode & 0o777, 0o600);
  assert.equal(sealedBytes, statSync(path).size);
});

test("nothing of what went in stands in the file", () => {
  assert.ok(!readFileSync(path).includes("hello"));
});

test("any bit that is changed is found, and the message names the file", async () => {
  const sealed = readFileSync(path);
  const places = [0, 5, 20, 40, sealed.length - 1, ...Array.from({ length: 20 }, (_, i) => 29 + i * 120_000)];
  for (const at of places.filter((one) => one < sealed.length)) {
    const copy = Buffer.from(sealed);
    copy[at] = (copy[at] ?? 0) ^ 4;
    const file = join(folder, "flipped.aosb");
    writeFileSync(file, copy);
    await assert.rejects(drain(file), (error: unknown) => {
      assert.ok(error instanceof BackupError, String(error));
      const expected =
        at >= 5 && at < 13 ? "BACKUP_KEY_MISSING" : at === 4 ? "BACKUP_FORMAT_UNKNOWN" : "BACKUP_DAMAGED";
      assert.equal(error.code, expected, `byte ${at}`);
      assert.match(error.message, /flipped\.aosb/);
      return true;
    });
  }
});

test("a file that ends early, another purpose, another key: refused", async () => {
  const cut = join(folder, "cut.aosb");
  for (const length of [10, 29, 1_000_000, sealedBytes - 1]) {
    writeFileSync(cut, readFileSync(path).subarray(0, length));
    await assert.rejects(drain(cut), { code: "BACKUP_DAMAGED" }, String(length));
  }
  await assert.rejects(drain(path, "another"), { code: "BACKUP_DAMAGED" });
  const other = readBackupKeys(folder, key(), { make: false });
  await assert.rejects(drain(path, "test", other), { code: "BACKUP_KEY_MISSING" });
});

test("a key that is not the current one any more still opens", async () => {
  const old = readFileSync(path);
  const both = readBackupKeys(folder, `${key()},${keys.current.key.toString("base64")}`, { make: false });
  assert.ok(old.length > 0);
  await drain(path, "test", both);
});

test("the key file is made once, for its owner alone", () => {
  const file = join(folder, "backup.key");
  assert.throws(() => readBackupKeys(folder, undefined, { make: false }), /backup\.key/);
  const made = readBackupKeys(folder, undefined, { make: true });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readBackupKeys(folder, undefined, { make: true }).ids, made.ids);
});

test("names that lead out of the folder are not unpacked", async () => {
  const evil = join(folder, "evil.aosb");
  for (const name of ["../out", "/etc/x", "a/../../b", ""]) {
    const archive = await writeArchive(evil, keys, "test");
    await archive.addFile(name, Buffer.from("x"));
    await archive.end();
    await assert.rejects(drain(evil), { code: "BACKUP_DAMAGED" });
  }
});

async function pack(file: string): Promise<number> {
  const archive = await writeArchive(file, keys, "test");
  await archive.addFolder("hollow/deep");
  await archive.addFile("empty", Buffer.alloc(0));
  await archive.addFile(
    "a/hello",
    (async function* () {
      yield Buffer.from("hello, ");
      yield Buffer.from("hello");
    })(),
  );
  await archive.addFile("a/b/large", big);
  return archive.end();
}

async function unpackInto(to: string): Promise<void> {
  const { mkdirSync } = await import("node:fs");
  mkdirSync(to);
  await unpackArchive(path, keys, "test", { folder: to });
}

async function drain(file: string, purpose = "test", ring = keys): Promise<void> {
  for await (const _ of readArchive(file, ring, purpose));
}
