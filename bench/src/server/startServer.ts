// Starts, kills and asks the server that is measured.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json, WorkflowDefinition } from "@auraos/kernel";

const KEY = "bench-key-of-at-least-thirty-two-characters";
export const HEADERS = { authorization: `Bearer ${KEY}` };

/** As tools/nodeFlags.mjs has them; and the collector, so that what is alive can be told from what is not yet gone. */
const FLAGS = ["--disable-proto=delete", "--disallow-code-generation-from-strings", "--expose-gc"];

/** Executions that succeeded since `forget`. */
export type Ended = { count: number; firstAtMs: number; lastAtMs: number };
export type Answer = { ended: Ended; liveBytes: number };

export type Server = {
  port: number;
  pid: number;
  /** Root of the database's processes. */
  databasePid: number;
  /** Creates and publishes; gives the id. */
  create(definition: WorkflowDefinition): Promise<string>;
  call(method: string, path: string, body?: Json): Promise<Json>;
  /** `memory` collects garbage first. */
  ask(question: "ended" | "forget" | "memory"): Promise<Answer>;
  stop(): Promise<void>;
  kill(): Promise<void>;
};

export async function withServer<T>(
  dataDir: string,
  action: (server: Server) => Promise<T>,
  environment: Record<string, string> = {},
): Promise<T> {
  const server = await startServer(dataDir, environment);
  try {
    return await action(server);
  } finally {
    await server.stop();
  }
}

export async function startServer(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<Server> {
  // BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=..." profiles the server.
  const flags = [...FLAGS, ...(process.env.BENCH_NODE_FLAGS?.split(" ") ?? [])];
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, "serve.worker.ts")], {
    env: {
      ...withoutTestRunner(process.env),
      // As server/bin/auraos.mjs: compiled code is kept, which halves the time to start.
      NODE_COMPILE_CACHE: join(import.meta.dirname, "../../../node_modules/.cache/auraos"),
      DATABASE_URL: "",
      PORT: "0",
      HOST: "127.0.0.1",
      AURAOS_DATA: dataDir,
      AURAOS_AUDIT_CHECKPOINTS: `${dataDir}/checkpoints`,
      AURAOS_API_KEY: KEY,
      AURAOS_LOG: "error",
      ...environment,
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const early = ended.then(([code]) => {
    throw new Error(`the server ended with code ${code}`);
  });
  early.catch(() => {});
  const message = async () => ((await Promise.race([once(child, "message"), early])) as [unknown])[0];
  const { port } = (await message()) as { port: number };

  async function call(method: string, path: string, body?: Json): Promise<Json> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...HEADERS, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return text === "" ? null : (JSON.parse(text) as Json);
  }

  return {
    port,
    pid: child.pid as number,
    databasePid: Number(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0]),
    call,
    create: async (definition) => {
      const made = await call("POST", "/api/v1/workflows", definition as unknown as Json);
      return (made as { id: string }).id;
    },
    ask: async (question) => {
      child.send(question);
      return (await message()) as Answer;
    },
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** The server is not a test: left as it is, Node would make it report as one. */
function withoutTestRunner(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...rest } = environment;
  return rest;
}
