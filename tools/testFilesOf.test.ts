// Which test files are run once more for a failure, as told by the runner itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { testFilesOf } from "./testFilesOf.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), "auraos-shared-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a failure in a helper is that of the test files which import it, also through another helper", () => {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("stories.ts", `import { test } from "node:test";\ntest("told", () => { throw new Error("no"); });\n`);
  write("tell.ts", `import "./stories.ts";\n`);
  write("one.test.ts", `import "./tell.ts";\n`);
  write("two.test.ts", `await import("./stories.ts");\n`);
  write(
    "other.test.ts",
    `import { test } from "node:test";\n// "stories.ts" is only spoken of.\ntest("other", () => {});\n`,
  );
  const files = ["one.test.ts", "other.test.ts", "two.test.ts"];

  const { NODE_TEST_CONTEXT: _context, ...environment } = process.env;
  const reporter = new URL("failedFiles.mjs", import.meta.url).href;
  const options = ["--test", `--test-reporter=${reporter}`, "--test-reporter-destination=stdout"];
  const { stdout } = spawnSync(process.execPath, [...options, ...files], { cwd: folder, env: environment });
  const failures = JSON.parse(String(stdout)) as { files: string[]; failed: number };
  assert.deepEqual([failures.files, failures.failed], [["stories.ts"], 2]);
  assert.deepEqual(testFilesOf("stories.ts", files, folder), ["one.test.ts", "two.test.ts"]);
  assert.deepEqual(testFilesOf("other.test.ts", files, folder), ["other.test.ts"]);
  assert.deepEqual(testFilesOf("nowhere.ts", files, folder), [undefined]);
});

test("the stories of the engine are run by the stores that tell them", () => {
  const files = globSync("server/src/engine/**/*.test.ts", { cwd: root });
  const stores = ["server/src/engine/memory/memory.test.ts", "server/src/engine/postgres/driver.db.test.ts"];
  for (const file of ["driver.contract.ts", "contract/outages.ts"])
    assert.deepEqual(testFilesOf(`server/src/engine/${file}`, files, root).toSorted(), stores, file);
});
