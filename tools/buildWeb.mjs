// Builds the web app when its sources changed since the last build. Runs before `npm start` and before the tests that
// open a browser. A build that fails must not keep the server from starting: the API goes on, and the last good build
// is served. Plain JavaScript, because it runs on whatever Node the machine has (20 or newer).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "web/dist");
const fresh = join(root, "web/dist-next");
const lockFile = join(root, "web/dist-lock.tmp");
const mark = join(dist, "sources.sha256");
const sources = ["web", "contract/src", "expression/src", "kernel/src", "package-lock.json"];
const ERROR_LINES_MAX = 12;
const skipped = /(^|\/)(node_modules|dist(-[\w.]+)?)(\/|$)|\.test\.tsx?$/;

/** True when web/dist is what the sources say. */
export function buildWeb() {
  const wanted = hashOfSources();
  const isBuilt = () => existsSync(mark) && readFileSync(mark, "utf8") === wanted;
  if (isBuilt()) return true;
  // Test files begin at the same moment: one builds, the others find it built.
  const unlock = lock();
  try {
    return isBuilt() || build(wanted);
  } finally {
    unlock();
  }
}

function build(wanted) {
  const startedAt = performance.now();
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const answer = spawnSync(
    process.execPath,
    [vite, "build", "--logLevel", "warn", "--outDir", fresh, "--emptyOutDir"],
    {
      cwd: join(root, "web"),
      encoding: "utf8",
      env: { ...process.env, NODE_ENV: "production", NODE_OPTIONS: "" },
    },
  );
  if (answer.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    const output = stripVTControlCharacters(`${answer.stderr ?? ""}${answer.error ?? ""}`);
    const said = output.trim().split("\n");
    const then = existsSync(dist) ? "The last build that worked is served." : "The API works without it.";
    console.error(`web: the app could not be built. ${then}\n${said.slice(0, ERROR_LINES_MAX).join("\n")}`);
    return false;
  }
  compress(fresh);
  writeFileSync(join(fresh, "sources.sha256"), wanted);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  console.log(`web: built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return true;
}

/** Waits for whoever builds, as long as they live. The result gives the lock back. */
function lock() {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: "wx" });
      return () => rmSync(lockFile, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!isAlive(lockFile)) rmSync(lockFile, { force: true });
      else Atomics.wait(sleeper, 0, 0, 200);
    }
  }
}

function isAlive(file) {
  try {
    process.kill(Number(readFileSync(file, "utf8")), 0);
    return true;
  } catch (error) {
    // Somebody else's process, or a lock whose owner has not written its number yet.
    return error.code === "EPERM" || (error.code === "ERR_INVALID_ARG_TYPE" && existsSync(file));
  }
}

function hashOfSources() {
  const hash = createHash("sha256");
  for (const file of sources.flatMap(listFiles).sort()) {
    hash.update(`${relative(root, file)}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}

function listFiles(path) {
  const whole = join(root, path);
  if (!existsSync(whole)) return [];
  if (/\.[a-z]+$/.test(path)) return [whole];
  return readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !skipped.test(relative(root, file).replaceAll("\\", "/")));
}

/** Once here instead of at every request. Fonts are compressed already. */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|svg|json)$/.test(entry.name)) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const content = readFileSync(file);
    if (content.length < 1_000) continue;
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    writeFileSync(`${file}.br`, brotliCompressSync(content, options));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 8 }));
  }
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) buildWeb();
