// setup.mjs in a scratch project, with a stand-in for npm that writes down how it was called.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { root } from "./sources.ts";

const VERSION = "24.0.1";

test("a fresh clone is installed once, and again when the lock file changes", (t) => {
  const project = scratch(t, VERSION);
  assert.equal(project.setUp().status, 0);
  assert.deepEqual(project.calls(), ["ci"]);
  assert.equal(project.setUp().status, 0);
  assert.deepEqual(project.calls(), ["ci"]);
  project.write("package-lock.json", "{ }");
  assert.equal(project.setUp().status, 0);
  assert.deepEqual(project.calls(), ["ci", "ci"]);
});

test("an install that was interrupted is not taken for one", (t) => {
  const project = scratch(t, VERSION);
  mkdirSync(join(project.folder, "node_modules", "half"), { recursive: true });
  assert.equal(project.setUp().status, 0);
  assert.deepEqual(project.calls(), ["ci"]);
});

test("npm install by hand counts, a partial one does not", (t) => {
  const whole = scratch(t, VERSION);
  whole.setUp({ args: ["--installed"] });
  assert.equal(existsSync(whole.mark), true);
  const partial = scratch(t, VERSION);
  partial.setUp({ args: ["--installed"], env: { npm_config_omit: "dev" } });
  assert.equal(existsSync(partial.mark), false);
});

test("another Node in node_modules is repaired; if that fails it is said what to do", (t) => {
  const project = scratch(t, "20.1.0");
  const answer = project.setUp();
  assert.equal(answer.status, 1);
  assert.deepEqual(project.calls(), ["ci", "rebuild"]);
  assert.match(answer.stderr, /runs on Node 24\.0\.1 .* is v20\.1\.0/);
  assert.match(answer.stderr, /npm ci --ignore-scripts=false/);
  assert.equal(existsSync(project.mark), false, "the next start tries again");
});

test("a failing npm ends the set-up with its exit code in the message", (t) => {
  const project = scratch(t, VERSION);
  const answer = project.setUp({ env: { NPM_FAILS: "1" } });
  assert.equal(answer.status, 1);
  assert.match(answer.stderr, /npm ci .* failed \(exit 7\)/);
});

function scratch(t: TestContext, installs: string) {
  const folder = mkdtempSync(join(tmpdir(), "auraos-setup-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  copyFileSync(join(root, "setup.mjs"), join(folder, "setup.mjs"));
  write("package.json", JSON.stringify({ dependencies: { node: VERSION } }));
  write("package-lock.json", "{}");
  const npm = join(folder, "npm-cli.js");
  writeFileSync(
    npm,
    `const fs = require("node:fs");
     fs.appendFileSync("calls", process.argv[2] + "\\n");
     if (process.env.NPM_FAILS) process.exit(7);
     fs.mkdirSync("node_modules/.bin", { recursive: true });
     fs.writeFileSync("node_modules/.bin/node", "#!/bin/sh\\necho v${installs}\\n", { mode: 0o755 });`,
  );
  chmodSync(npm, 0o755);
  return {
    folder,
    write,
    mark: join(folder, "node_modules", ".auraos-lock-hash"),
    calls: () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n"),
    setUp: ({ args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {}) =>
      spawnSync(process.execPath, ["setup.mjs", ...args], {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: process.env.PATH, npm_execpath: npm, npm_node_execpath: process.execPath, ...env },
      }),
  };
}
