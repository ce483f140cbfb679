// `npm run types`: checks every tsconfig of the rooms, so that a new room is checked without being listed anywhere.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const projects = globSync("*/tsconfig*.json", { cwd: root, exclude: ["node_modules"] }).sort();
const wrong: string[] = [];

for (const project of projects) {
  const answer = spawnSync("tsc", ["-p", project, "--pretty", String(process.stdout.isTTY === true)], {
    cwd: root,
    encoding: "utf8",
  });
  // TS18003: the project has no files yet.
  const isEmpty = answer.stdout.includes("TS18003");
  if (answer.status === 0 || isEmpty) continue;
  wrong.push(project);
  process.stdout.write(`${project}\n${answer.stdout}${answer.stderr}\n`);
}

console.log(`${projects.length - wrong.length} of ${projects.length} projects are sound`);
if (wrong.length > 0) process.exitCode = 1;
