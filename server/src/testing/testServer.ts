// Which PostgreSQL the tests use, and who holds it.
//   DATABASE_URL_TEST set     that server, as it is
//   otherwise                 one that the first test file of a run starts through its keeper (keeper.ts); all test
//                             processes share it, each holding a lease: an open connection to the keeper's socket.
// A lease ends with its process, however that ends, so no server is left behind by a killed test.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const START_WITHIN_MS = 90_000;
/** The keeper's exit code when another keeper holds the folder: not a failure, that one will answer. */
export const EXIT_ALREADY_KEPT = 3;

const here = dirname(fileURLToPath(import.meta.url));
const checkout = createHash("sha256").update(here).digest("hex").slice(0, 10);

/** One for each user and checkout. The cluster in it is kept between runs, because making one takes a second. */
export const testFolder = join(tmpdir(), `auraos-test-${process.getuid?.() ?? 0}-${checkout}`);
export const keeperSocket = join(testFolder, "keeper.socket");

let lease: Promise<{ url: string }> | undefined;

/** The url of the server's `postgres` database. The lease lasts as long as this process. */
export async function testServerUrl(): Promise<string> {
  const given = process.env.DATABASE_URL_TEST;
  if (given) return given;
  lease ??= takeLease();
  return (await lease).url;
}

/** Asks the keeper to end as soon as nobody holds a lease, and waits for it. Nothing to do when there is none. */
export async function endTestServer(): Promise<void> {
  const socket = await tryConnecting();
  if (!socket) return;
  const isClosed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.ref().resume().write("end\n");
  // When others are using it, it stays for them and ends after the last one.
  await Promise.race([isClosed, delay(15_000, undefined, { ref: false })]);
  socket.destroy();
}

async function takeLease(): Promise<{ url: string }> {
  mkdirSync(testFolder, { recursive: true, mode: 0o711 });
  const deadline = performance.now() + START_WITHIN_MS;
  let keeper: ReturnType<typeof startKeeper> | undefined;
  while (performance.now() < deadline) {
    const socket = await tryConnecting();
    const line = socket && (await firstLine(socket));
    if (line) return JSON.parse(line) as { url: string };
    if (keeper?.failure() !== undefined)
      throw new Error(`The test database could not be started: ${keeper.failure()}`);
    if (!keeper || keeper.hasEnded()) keeper = startKeeper();
    await delay(40);
  }
  throw new Error(
    `The test database was not there after ${START_WITHIN_MS / 1000} s; see ${testFolder}/keeper.log`,
  );
}

function startKeeper() {
  const logFile = join(testFolder, "keeper.log");
  const output = openSync(logFile, "a", 0o600);
  const child = spawn(process.execPath, [join(here, "keeper.ts")], {
    cwd: "/",
    detached: true,
    stdio: ["ignore", output, output],
    env: withoutTestRunner(process.env),
  });
  closeSync(output);
  child.unref();
  let code: number | null | undefined;
  child.on("exit", (exitCode) => (code = exitCode));
  return {
    hasEnded: () => code !== undefined,
    failure: () => {
      if (code === undefined || code === 0 || code === EXIT_ALREADY_KEPT) return undefined;
      return readFileSync(logFile, "utf8").trim().split("\n").slice(-12).join("\n");
    },
  };
}

function tryConnecting(): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(keeperSocket);
    socket.once("connect", () => resolve(socket.unref()));
    socket.once("error", () => resolve(undefined));
  });
}

function firstLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = "";
    socket.ref();
    socket.on("data", (chunk: Buffer) => {
      text += chunk;
      if (!text.includes("\n")) return;
      socket.unref();
      resolve(text.slice(0, text.indexOf("\n")));
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(undefined));
  });
}

/** The keeper is not a test: left as it is, Node would make it report as one. */
function withoutTestRunner(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...rest } = environment;
  return rest;
}
