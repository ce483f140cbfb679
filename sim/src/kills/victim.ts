// The product as an operator starts it, `auraos start` with a PostgreSQL of its own, and the ways to kill it.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export const AURAOS = join(import.meta.dirname, "../../../server/bin/auraos.mjs");
export const KEY = "prove-key-of-at-least-thirty-two-characters";
const READY_WITHIN_MS = 180_000;

/** server: its process. database: PostgreSQL's whole tree at once. everything: both at the same moment. */
export type Target = "server" | "database" | "everything";

export type Reply = { status: number; json: unknown };

export type Victim = {
  dataDir: string;
  url: string;
  start(): void;
  /** SIGKILL; returns when the processes are gone. */
  kill(target: Target): Promise<void>;
  /** Leads and accepts work. */
  ready(): Promise<void>;
  /** Undefined when there was no answer: the server was killed, or is not there yet. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply | undefined>;
  databaseUrl(): string;
  stop(): Promise<void>;
};

export async function createVictim(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<Victim> {
  const said: string[] = [];
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  // Should the proof itself end early, nothing of it stays behind.
  process.on("exit", () => {
    for (const pid of [...serverOf(child), ...databaseTree(dataDir)]) killNow(pid);
  });

  function start(): void {
    child = spawn(process.execPath, [AURAOS, "start"], {
      env: {
        ...withoutTestRunner(process.env),
        DATABASE_URL: "",
        PORT: String(port),
        HOST: "127.0.0.1",
        AURAOS_DATA: dataDir,
        AURAOS_AUDIT_CHECKPOINTS: `${dataDir}/checkpoints`,
        AURAOS_API_KEY: KEY,
        AURAOS_ALLOW_HOSTS: "127.0.0.1",
        AURAOS_LOG: "warn",
        AURAOS_DRAIN_SECONDS: "2",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (text: Buffer) => {
        said.push(text.toString("utf8").trimEnd());
        if (said.length > 200) said.splice(0, 100);
      });
  }

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    try {
      const response = await fetch(origin + path, {
        method,
        headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      });
      const text = await response.text();
      return { status: response.status, json: text === "" ? null : (JSON.parse(text) as unknown) };
    } catch {
      return undefined;
    }
  }

  return {
    dataDir,
    url: origin,
    start,
    call,
    async kill(target) {
      const doomed = [
        ...(target === "database" ? [] : serverOf(child)),
        ...(target === "server" ? [] : databaseTree(dataDir)),
      ];
      for (const pid of doomed) killNow(pid);
      while (doomed.some(isAlive)) await delay(2);
    },
    async ready() {
      const deadline = performance.now() + READY_WITHIN_MS;
      while (performance.now() < deadline) {
        if (child !== undefined && (child.exitCode !== null || child.signalCode !== null))
          throw new Error(
            `the server ended by itself with code ${child.exitCode ?? child.signalCode}:\n${said.slice(-15).join("\n")}`,
          );
        if ((await call("GET", "/health/ready"))?.status === 200) return;
        await delay(25);
      }
      throw new Error(`the server was not ready after ${READY_WITHIN_MS / 1000} s`);
    },
    databaseUrl() {
      const password = readFileSync(join(dataDir, "postgres.password"), "utf8").trim();
      const sockets = encodeURIComponent(join(dataDir, "postgres.socket"));
      return `postgresql://postgres:${password}@localhost/auraos?host=${sockets}`;
    },
    async stop() {
      const ended = child;
      if (ended === undefined || ended.exitCode !== null || ended.signalCode !== null) return;
      ended.kill("SIGTERM");
      await new Promise((resolve) => ended.once("exit", resolve));
    },
  };
}

function serverOf(child: ChildProcess | undefined): number[] {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return [];
  return [child.pid];
}

/** The postmaster first, so that it starts nothing again. */
function databaseTree(dataDir: string): number[] {
  const file = join(dataDir, "postgres/postmaster.pid");
  if (!existsSync(file)) return [];
  const root = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (!Number.isInteger(root) || !isAlive(root)) return [];
  return [root, ...childrenOf(root)];
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parent === parent);
}

function statOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** One that has ended and waits for its parent to notice is gone for everybody else. */
function isAlive(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.state !== "Z" && stat.state !== "X";
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

export function withoutTestRunner(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...rest } = environment;
  return rest;
}
