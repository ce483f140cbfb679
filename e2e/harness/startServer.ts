// A real AuraOS of its own for a test file: the command a person runs, as a process of its own, on a free loopback port
// with an own database and data folder. Ended by its process id, gracefully, and all of it is gone afterwards.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { migrate } from "@auraos/server/migrations/migrate.ts";
import { freshDatabase, type Scope } from "@auraos/server/testing/freshDatabase.ts";

export const ownerKey = "aos_e2e_key_that_is_long_enough_0123456789";
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const READY_MS = 120_000;
/** Its own database has to end too. */
const END_MS = 30_000;

export type Server = {
  url: string;
  /** Over HTTP with the owner's key; anything but success fails the test. */
  call<Reply = unknown>(method: string, path: string, body?: unknown): Promise<Reply>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Where the owner's account is made, as the start prints it. */
  setUpAddress(): Promise<string>;
};

export type ServerOptions = {
  /** Settings beyond those of every test. */
  environment?: Record<string, string>;
  /**
   * As `npm start` finds a new machine: neither a database nor a key is given, so that the server makes both in its empty
   * folder. Takes seconds longer.
   */
  isNew?: boolean;
};

export async function startServer(scope: Scope, options: ServerOptions = {}): Promise<Server> {
  const { environment = {}, isNew = false } = options;
  const dataDir = mkdtempSync(join(tmpdir(), "auraos-e2e-"));
  let child: ChildProcess | undefined;
  // Registered before the database's own hook, so that its connections are closed by then.
  scope.after(async () => {
    await end(child);
    rmSync(dataDir, { recursive: true, force: true });
  });
  const given = isNew
    ? {}
    : { DATABASE_URL: (await freshDatabase(scope, migrate)).url, AURAOS_API_KEY: ownerKey };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let printed = "";
  const start = async () => {
    child = spawn(process.execPath, [join(root, "server/bin/auraos.mjs"), "start"], {
      cwd: dataDir,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        AURAOS_DATA: dataDir,
        AURAOS_AUDIT_CHECKPOINTS: `${dataDir}/checkpoints`,
        AURAOS_LOG: "warn",
        AURAOS_DRAIN_SECONDS: "1",
        PORT: String(port),
        ...given,
        ...environment,
      },
    });
    printed = "";
    child.stdout?.on("data", (text: Buffer) => (printed += text.toString()));
    await isReady(url, child);
  };
  await start();
  return {
    url,
    start,
    stop: () => end(child),
    setUpAddress: async () => {
      for (let attempt = 0; attempt < 1_000; attempt += 1) {
        const found = /http\S+\/set-up#\S+/.exec(printed)?.[0];
        if (found !== undefined) return found;
        await delay(50);
      }
      throw new Error(`No address was printed:\n${printed}`);
    },
    call: async <Reply>(method: string, path: string, body?: unknown) =>
      (await call(url + path, isNew ? keyIn(dataDir) : ownerKey, method, body)) as Reply,
  };
}

async function isReady(url: string, child: ChildProcess): Promise<void> {
  let said = "";
  child.stdout?.on("data", (text: Buffer) => (said += text.toString()));
  child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
  const until = Date.now() + READY_MS;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    await delay(100);
  }
  await end(child);
  throw new Error(`The server did not become ready. It said:\n${said}`);
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await ended;
  clearTimeout(timer);
}

/** Where the server leaves it for the commands of the same machine. */
function keyIn(dataDir: string): string {
  return (JSON.parse(readFileSync(join(dataDir, "server.json"), "utf8")) as { key: string }).key;
}

async function call(url: string, key: string, method: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

/** Below the range that the system itself takes ports from. */
async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
  throw new Error("No free port between 20000 and 32000.");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
