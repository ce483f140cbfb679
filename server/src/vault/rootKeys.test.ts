// Where root keys come from: file, variable, program. And that a program that fails says which, and never what it printed.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSettings, SettingsError } from "../platform/settings.ts";
import { runKeyCommand } from "./keyCommand.ts";
import { readRootKeys } from "./rootKeys.ts";

const folder = mkdtempSync(join(tmpdir(), "auraos-roots-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const [one, other] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];
/** A program that does this. */
const node = (code: string) => [process.execPath, "-e", code];

test("a file is made with the first start, for its owner alone, and read with the next", () => {
  const made = readRootKeys(folder, undefined);
  const file = join(folder, "vault.keys");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(readRootKeys(folder, undefined).current.id, made.current.id);
  writeFileSync(file, `${one}\n${readFileSync(file, "utf8")}`);
  const both = readRootKeys(folder, undefined);
  assert.deepEqual([both.ids.length, both.ids[1]], [2, made.current.id]);
  assert.equal(readRootKeys(folder, other).ids.length, 1, "a variable goes before the file");
});

test("a program prints them, one a line or with commas; the file is neither read nor made", () => {
  const print = (text: string) =>
    readRootKeys("/nowhere", undefined, node(`console.log(${JSON.stringify(text)})`));
  assert.equal(print(one).current.key.toString("base64"), one);
  assert.deepEqual(print(`${one}\n${other}\n`).ids, readRootKeys("/nowhere", `${one},${other}`).ids);
});

test("it is started without a shell, and without the secrets of this server", () => {
  process.env.AURAOS_API_KEY = "secret-of-the-server";
  const code =
    "console.log(JSON.stringify([process.argv.slice(1), process.env.AURAOS_API_KEY, 'PATH' in process.env]))";
  const shown = runKeyCommand([...node(code), "$HOME; echo x", "a b"]);
  delete process.env.AURAOS_API_KEY;
  assert.deepEqual(JSON.parse(shown), [["$HOME; echo x", "a b"], null, true]);
});

test("what goes wrong is said, and nothing of what it printed", () => {
  const secret = "printed-by-the-program";
  const plain = join(folder, "plain");
  writeFileSync(plain, "no program");
  chmodSync(plain, 0o600);
  const cases: [command: string[], said: RegExp, withinMs?: number][] = [
    [["/nowhere/root-key"], /\/nowhere\/root-key is not there/],
    [[plain], /may not be started/],
    [node(`console.log("${secret}"); console.error("${secret}"); process.exit(3)`), /exit code 3/],
    [node(`console.log("${secret}"); setInterval(() => {}, 1000)`), /gave no key within 0.5 s/, 500],
    [node(`console.log("${secret}".repeat(100000))`), /printed more than/],
    [node(`console.log("${secret}")`), /not the base64 text of 32 bytes/],
    [node(""), /has no key/],
  ];
  for (const [command, said, withinMs] of cases)
    assert.throws(
      () =>
        withinMs === undefined
          ? readRootKeys("/nowhere", undefined, command)
          : runKeyCommand(command, withinMs),
      (error: Error) => said.test(error.message) && !error.message.includes(secret),
      String(said),
    );
});

test("the setting is a whole path with arguments, and not beside a key", () => {
  const read = (given: string, more = {}) =>
    readSettings({ AURAOS_VAULT_KEY_COMMAND: given, ...more }).vaultKeyCommand;
  assert.deepEqual(read("/usr/local/bin/root-key  auraos --raw"), [
    "/usr/local/bin/root-key",
    "auraos",
    "--raw",
  ]);
  assert.deepEqual(read('["/opt/key client", "a b"]'), ["/opt/key client", "a b"]);
  for (const wrong of ["root-key", "./root-key", "[1]", '["/x"', "[]"])
    assert.throws(() => read(wrong), SettingsError, wrong);
  assert.throws(() => read("/x", { AURAOS_VAULT_KEY: one }), /set one/);
});
