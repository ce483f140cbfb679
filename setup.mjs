// Makes `npm start` and `npm test` work from a fresh clone. Runs before both (prestart, pretest).
// The machine's own Node runs this file before anything is installed, so: plain JavaScript, built-ins only,
// nothing newer than Node 20. What must hold when it ends:
//   1. node_modules is what package-lock.json says: the hash of the lock file is compared, the mere presence of
//      the folder proves nothing (an interrupted install leaves it half-made, a pull changes the lock).
//   2. node_modules/.bin/node is the Node this project is written for. npm falls back to the machine's Node in
//      silence when install scripts are off, and the TypeScript sources would then fail in strange ways.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const modules = join(root, "node_modules");
const mark = join(modules, ".auraos-lock-hash");
const isWindows = process.platform === "win32";

function stop(message) {
  console.error(`\nsetup: ${message}\n`);
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  stop(`AuraOS needs Node 20 or newer to install itself; this is ${process.version}. See https://nodejs.org`);
}

const nodeWanted = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies.node;
const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
// Another Node binary is another platform package: a folder shared between machines is installed again.
const wanted = `${hash.digest("hex")} ${process.platform}-${process.arch}`;

if (process.argv.includes("--installed")) {
  // postinstall: somebody ran `npm install` or `npm ci` by hand, so there is nothing left to do here.
  if (isWholeInstall()) writeMark();
} else {
  if (!isInstalled()) install();
  const found = runtimeVersion();
  if (found !== `v${nodeWanted}`) repairRuntime(found);
}

function isInstalled() {
  return existsSync(mark) && readFileSync(mark, "utf8").trim() === wanted;
}

function isWholeInstall() {
  const left = `${process.env.npm_config_omit ?? ""} ${process.env.npm_config_only ?? ""} ${process.env.NODE_ENV ?? ""}`;
  return !/dev|optional|prod/.test(left);
}

function writeMark() {
  mkdirSync(modules, { recursive: true });
  writeFileSync(mark, `${wanted}\n`);
}

function install() {
  console.log("setup: installing the packages of package-lock.json (once, and again when it changes) ...");
  const started = Date.now();
  rmSync(mark, { force: true });
  // NODE_ENV=production must not leave out what the tests need, nor a setting the database programs.
  npm([
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--loglevel=error",
  ]);
  writeMark();
  console.log(`setup: installed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function repairRuntime(version) {
  // Install scripts were off (npm config ignore-scripts) or the binary was damaged: run just this one.
  console.log(`setup: node_modules/.bin/node is ${version ?? "missing"}, fetching Node ${nodeWanted} ...`);
  npm(["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"]);
  const repaired = runtimeVersion();
  if (repaired === `v${nodeWanted}`) return;
  rmSync(mark, { force: true });
  stop(
    `AuraOS runs on Node ${nodeWanted} from the npm package "node", but node_modules/.bin/node is ${repaired ?? "missing"}.\n` +
      "Its install script did not run or could not reach the registry. Try:  npm ci --ignore-scripts=false",
  );
}

function runtimeVersion() {
  const binary = join(modules, ".bin", isWindows ? "node.cmd" : "node");
  if (!existsSync(binary)) return undefined;
  const answer = spawnSync(binary, ["-v"], { encoding: "utf8", shell: isWindows });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

function npm(args) {
  // The npm that runs this script, if there is one: PATH may hold another.
  const script = process.env.npm_execpath;
  const useScript = script !== undefined && /npm-cli\.c?js$/.test(script) && existsSync(script);
  // Never on node_modules/.bin/node, which is about to be replaced: npm_node_execpath is the Node npm itself runs on.
  const command = useScript
    ? (process.env.npm_node_execpath ?? process.execPath)
    : isWindows
      ? "npm.cmd"
      : "npm";
  const answer = spawnSync(command, useScript ? [script, ...args] : args, {
    cwd: root,
    stdio: "inherit",
    shell: !useScript && isWindows,
    // A half-made node_modules/.bin must not lend its node to npm or to the install scripts.
    env: { ...process.env, PATH: withoutLocalBin(process.env.PATH ?? "") },
  });
  if (answer.error) stop(`npm could not be started: ${answer.error.message}`);
  if (answer.status !== 0)
    stop(`\`npm ${args.join(" ")}\` failed (exit ${answer.status}). Its output is above.`);
}

function withoutLocalBin(path) {
  const separator = isWindows ? ";" : ":";
  const parts = path.split(separator);
  return parts.filter((part) => !part.startsWith(modules)).join(separator);
}
