#!/usr/bin/env node
// The `auraos` command. Plain JavaScript for whatever Node the machine has: it goes on with the project's own Node 24
// and the flags of the product (tools/nodeFlags.mjs), in the same process where Node can replace itself.
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeFlags } from "../../tools/nodeFlags.mjs";

const root = dirname(dirname(dirname(realpathSync(fileURLToPath(import.meta.url)))));
const own = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
const main = join(root, "server/src/cli/main.ts");

if (!existsSync(own)) {
  console.error(`auraos: ${own} is missing. Run \`npm install\` (or \`npm start\`) in ${root} first.`);
  process.exit(1);
}

// Compiled code is kept, which halves the time to start.
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "auraos");
const program = process.platform === "win32" ? own : realpathSync(own);
const args = [...nodeFlags, "--disable-warning=ExperimentalWarning", main, ...process.argv.slice(2)];
const canReplace = typeof process.execve === "function" && process.platform !== "win32";
if (canReplace) {
  process.removeAllListeners("warning");
  process.on("warning", () => {});
  process.execve(program, [program, ...args], process.env);
} else {
  const child = spawn(program, args, { stdio: "inherit", shell: process.platform === "win32" });
  // The child ends in its own time; a signal to this process alone is handed on.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
