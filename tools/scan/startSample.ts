// A server for the scanners: on a free port of this machine, with an owner, people, workflows that have run, a webhook, a
// form, a table with rows, a connection, a schedule. Everything is made over HTTP, as people would.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { root } from "../sources.ts";

const START_WITHIN_MS = 120_000;

export type Sample = {
  url: string;
  key: string;
  /** Addresses with good ids and parameters, for crawlers that see no link to them. */
  addresses: string[];
  /** Whole requests with bodies. */
  requests: string[];
  isWell(): Promise<boolean>;
  stop(): Promise<void>;
};

export async function startSample(dataDir: string): Promise<Sample> {
  mkdirSync(dataDir, { recursive: true });
  const port = await freePort();
  const server = spawn(process.execPath, [join(root, "server/bin/auraos.mjs"), "start"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      AURAOS_DATA: dataDir,
      PORT: String(port),
      AURAOS_LOG: "error",
      AURAOS_WORKERS: "0",
    },
  });
  try {
    const { url, key } = await ready(server, dataDir, port);
    return { url, key, ...(await fill(url, key)), isWell: () => isWell(url), stop: () => stop(server) };
  } catch (error) {
    await stop(server);
    throw error;
  }
}

async function fill(url: string, key: string): Promise<Pick<Sample, "addresses" | "requests">> {
  const call = caller(url, key);
  const hello = {
    name: "Hello",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "greet", type: "set", config: { fields: { greeting: "Hello {{ $json.name }}" } } },
    ],
    connections: [{ from: "start", to: "greet" }],
  };
  const { id: workflow } = await call("POST", "/api/v1/workflows", hello);
  const { id: execution } = await call("POST", `/api/v1/workflows/${workflow}/execute?wait=20`, {
    name: "Ada",
  });
  await call("POST", "/api/v1/workflows?publish=1", {
    name: "Orders",
    nodes: [{ id: "on", type: "trigger.webhook", config: { path: "orders", methods: ["GET", "POST"] } }],
    connections: [],
  });
  await call("POST", "/api/v1/workflows?publish=1", {
    name: "Feedback",
    nodes: [
      {
        id: "form",
        type: "trigger.form",
        config: {
          path: "feedback",
          title: "Feedback",
          pages: [
            {
              fields: [
                { name: "email", label: "E-mail", type: "email" },
                { name: "text", label: "Text", type: "text" },
              ],
            },
          ],
        },
      },
    ],
    connections: [],
  });
  const { id: table } = await call("POST", "/api/v1/tables", {
    name: "customers",
    columns: [
      { name: "name", type: "text" },
      { name: "age", type: "number" },
    ],
  });
  await call("POST", `/api/v1/tables/${table}/rows`, {
    rows: [
      { name: "Ada", age: 36 },
      { name: "Bob", age: 7 },
    ],
  });
  await call("PUT", "/api/v1/variables/region", { value: "north" });
  await call("POST", "/api/v1/connections", {
    name: "Shop",
    type: "http.bearer",
    values: { token: "a-token-of-the-sample" },
    hosts: ["shop.example"],
  });
  const adas = JSON.stringify([{ column: "name", operator: "equals", value: "Ada" }]);
  const bodies: [method: string, path: string, body: object][] = [
    ["POST", `/api/v1/workflows/${workflow}/execute?wait=5`, { name: "Ada" }],
    ["POST", "/api/v1/auth/sign-in", { email: "ann@example.com", password: "four unlikely grey herons" }],
    ["POST", `/api/v1/tables/${table}/rows/query`, { where: { name: "Ada" }, sort: ["name"], limit: 5 }],
    ["POST", "/hooks/orders", { order: 7, customer: "Ada" }],
  ];
  return {
    addresses: [
      ...["/sign-in", "/workflows", "/forms/feedback", "/hooks/orders?order=7&customer=Ada", "/api/docs"],
      ...["/api/v1/workflows?name=Hello&limit=10", "/api/v1/workflows?search=Hel&limit=10"],
      `/api/v1/executions?workflow=${workflow}&status=succeeded&limit=10`,
      `/api/v1/executions/${execution}?wait=1`,
      `/api/v1/tables/${table}/rows?limit=10&sort=name&where=${encodeURIComponent(adas)}`,
      "/api/v1/audit?limit=10&action=workflow.write",
      "/api/v1/connections?limit=10",
      "/api/v1/variables?limit=10",
      "/api/v1/stats?window=24h",
    ],
    requests: bodies.map(([method, path, body]) => textOf(url, key, method, path, body)),
  };
}

function textOf(url: string, key: string, method: string, path: string, body: object): string {
  const text = JSON.stringify(body);
  return [
    `${method} ${path} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${key}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "",
    text,
  ].join("\r\n");
}

function caller(url: string, key: string) {
  return async (method: string, path: string, body: object): Promise<{ id: string }> => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status >= 300)
      throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return (text === "" ? {} : JSON.parse(text)) as { id: string };
  };
}

async function ready(
  server: ChildProcess,
  dataDir: string,
  port: number,
): Promise<{ url: string; key: string }> {
  const deadline = performance.now() + START_WITHIN_MS;
  while (performance.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    if (await isWell(`http://127.0.0.1:${port}`))
      return JSON.parse(readFileSync(join(dataDir, "server.json"), "utf8")) as { url: string; key: string };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the server did not become ready");
}

/** On a connection of its own: one that was left open while a scanner ran may have been closed by the server. */
async function isWell(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`, { headers: { connection: "close" } }).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
