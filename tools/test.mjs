// `npm test`: every test of every room, or those whose path contains one of the given words.
//   npm test                      everything
//   npm test -- kernel wait       files whose path contains "kernel" or "wait"
//   npm test -- --test-name-pattern="late timer"     options of `node --test` pass through
// Tests run with the flags of the product (nodeFlags.mjs). PostgreSQL is started by the first file that asks
// for a database and ended by the global setup when the last file is done (server/src/testing/).
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeFlags } from "./nodeFlags.mjs";

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

const runner = spawn(
  process.execPath,
  [
    ...nodeFlags,
    `--import=${new URL("endHangingFile.mjs", import.meta.url).href}`,
    "--test",
    "--test-reporter=spec",
    "--test-timeout=180000",
    `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`,
    `--test-global-setup=${join(root, "server/src/testing/globalSetup.ts")}`,
    ...options,
    ...files,
  ],
  { cwd: root, stdio: "inherit" },
);

// Ctrl-C reaches the whole group; this process only waits, so that the prompt returns after the clean-up.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => runner.kill(signal));
runner.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
