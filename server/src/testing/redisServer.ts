// A Redis of a test's own, on a free port, with its data in a folder so that it survives a kill. Without the program the
// test is skipped, except where AURAOS_PEERS=1 says that it must be there.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scope } from "./freshDatabase.ts";
import { until } from "./runningServer.ts";

export type RedisServer = {
  url: string;
  port: number;
  /** SIGKILL: nothing is said goodbye to. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** One command, over a connection of its own. */
  command(...words: string[]): Promise<string>;
};

/** A reason to skip, or nothing. */
export function withoutRedis(): string | undefined {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    if (process.env.AURAOS_PEERS === "1") throw new Error("AURAOS_PEERS=1, and there is no redis-server");
    return "redis-server is not installed";
  }
}

export async function redisServer(scope: Scope): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "auraos-redis-"));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    port,
    async start() {
      const settings = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
      child = spawn("redis-server", [...settings, "--appendonly", "yes", "--appendfsync", "always"], {
        stdio: "ignore",
      });
      await until(async () => (await send(port, ["PING"]).catch(() => "")).startsWith("+PONG"), 60_000);
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
    command: (...words) => send(port, words),
  };
  scope.after(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

function send(port: number, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.setEncoding("utf8");
    let text = "";
    socket.on("error", reject);
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (!text.endsWith("\r\n")) return;
      socket.end();
      resolve(text.trimEnd());
    });
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    socket.write(`*${words.length}\r\n${parts.join("")}`);
  });
}
