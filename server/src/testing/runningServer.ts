// A whole AuraOS for a test: own database, own data folder, real HTTP on a free loopback port. Every answer is held
// against the contract.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble, type Running } from "../assemble.ts";
import { migrate } from "../migrations/migrate.ts";
import type { Log } from "../platform/log.ts";
import { readSettings, type Settings } from "../platform/settings.ts";
import { type FreshDatabase, freshDatabase, type Scope } from "./freshDatabase.ts";

export const testKey = "aos_test_key_that_is_long_enough_0123456789";

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and a wrong guess fails it
export type Reply = { status: number; headers: Headers; text: string; json: any };

export type TestServer = {
  running: Running;
  settings: Settings;
  database: FreshDatabase;
  /** With the key, unless `headers` has another one. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Ends the server and starts it again on the same data. */
  restart(): Promise<void>;
};

export async function runningServer(
  scope: Scope,
  environment: Record<string, string> = {},
  /** Hears every line of the log. */
  listen: Log = () => {},
): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "auraos-server-"));
  let server: TestServer | undefined;
  // Registered before the database's own hook: the pools close first.
  scope.after(async () => {
    await server?.running.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const database = await freshDatabase(scope, migrate);
  const settings = readSettings({
    DATABASE_URL: database.url,
    AURAOS_DATA: dataDir,
    AURAOS_AUDIT_CHECKPOINTS: join(dataDir, "checkpoints"),
    AURAOS_API_KEY: testKey,
    AURAOS_LOG: "silent",
    AURAOS_DRAIN_SECONDS: "2",
    PORT: "0",
    ...environment,
  });
  const log: Log = (level, message, detail) => {
    listen(level, message, detail);
    if (level !== "debug" && process.env.TEST_LOG) console.error(message, detail);
  };
  const made: TestServer = {
    running: await assemble(settings, { log, checkReplies: true }),
    settings,
    database,
    call: (method, path, body, headers) => call(made.running.url + path, method, body, headers),
    async restart() {
      await made.running.stop();
      made.running = await assemble(settings, { log, checkReplies: true });
      await isReady(made);
    },
  };
  server = made;
  await isReady(made);
  return made;
}

async function isReady(server: TestServer): Promise<void> {
  await until(async () => (await server.call("GET", "/health/ready")).status === 200, 90_000);
}

async function call(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      authorization: `Bearer ${testKey}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text ? JSON.parse(text) : undefined,
  };
}

/** Asks until it is so; the time is for a machine that has other things to do, and is spent on failures alone. */
export async function until<T>(ask: () => Promise<T | undefined | false>, withinMs = 45_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`not so after ${withinMs} ms: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
