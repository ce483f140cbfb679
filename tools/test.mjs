// `npm test`: every test of every room, or those whose path contains one of the given words.
//   npm test                      everything
//   npm test -- kernel wait       files whose path contains "kernel" or "wait"
//   npm test -- --test-name-pattern="late timer"     options of `node --test` pass through
// Tests run with the flags of the product (nodeFlags.mjs). PostgreSQL is started by the first file that asks
// for a database and ended by the global setup when the last file is done (server/src/testing/).
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeFlags } from "./nodeFlags.mjs";
import { testFilesOf } from "./testFilesOf.mjs";

// With npm's ignore-scripts, `npm test` skips the set-up before it and runs on the machine's own Node.
if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(
    `Tests run on Node 24; this is ${process.version}. Run \`node setup.mjs\` first, then \`npm test\`.`,
  );
  process.exit(1);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const words = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));

const files = fs
  .globSync("**/*.test.ts", { cwd: root, exclude: (name) => name === "node_modules" })
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(`No test file's path contains ${words.map((word) => `"${word}"`).join(" or ")}.`);
  process.exit(1);
}

// Compiled code is kept, as for the product (server/bin/auraos.mjs): a third of what a file takes until its first test.
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "auraos");

const failuresFile = join(fs.mkdtempSync(join(tmpdir(), "auraos-tests-")), "failed");
const signals = ["SIGINT", "SIGTERM"];

/** Runs test files; resolves with the exit code and what the reporter wrote about failures. */
function run(these, concurrency) {
  const runner = spawn(
    process.execPath,
    [
      ...nodeFlags,
      `--import=${new URL("endHangingFile.mjs", import.meta.url).href}`,
      "--test",
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      `--test-reporter=${new URL("failedFiles.mjs", import.meta.url).href}`,
      `--test-reporter-destination=${failuresFile}`,
      "--test-timeout=180000",
      `--test-concurrency=${concurrency}`,
      `--test-global-setup=${join(root, "server/src/testing/globalSetup.ts")}`,
      ...options,
      ...these,
    ],
    { cwd: root, stdio: "inherit" },
  );
  // Ctrl-C reaches the whole group; this process only waits, so that the prompt returns after the clean-up.
  for (const signal of signals) process.on(signal, () => runner.kill(signal));
  return new Promise((resolve) => {
    runner.on("exit", (code, signal) => {
      for (const name of signals) process.removeAllListeners(name);
      resolve({ code: signal ? 1 : (code ?? 1), isEnded: signal !== null, ...readFailures() });
    });
  });
}

function readFailures() {
  try {
    return JSON.parse(fs.readFileSync(failuresFile, "utf8"));
  } catch {
    return { files: [], passed: 0, failed: 0 };
  }
}

const first = await run(files, Math.max(2, availableParallelism() - 1));
let code = first.code;
// A test of time or of a browser can be fooled by a machine that stood still. What failed is run once more, alone, and
// what then passes is named as flaky: it passes, but nobody can say that it did not happen.
const again = first.files.flatMap((file) => testFilesOf(file, files, root));
if (code !== 0 && !first.isEnded && first.failed <= 5 && again.length > 0 && !again.includes(undefined)) {
  const these = [...new Set(again)];
  console.log(`\nOnce more, one at a time: ${these.join(", ")}`);
  const second = await run(these, 1);
  code = second.code;
  console.log(`\nℹ flaky ${first.failed - second.failed}: failed at first, in ${these.join(", ")}`);
  console.log(`ℹ pass ${first.passed + first.failed - second.failed}`);
  console.log(`ℹ fail ${second.failed}`);
}
process.exit(code);
