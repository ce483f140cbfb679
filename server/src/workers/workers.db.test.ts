// Workers as operators meet them: processes of the server that come, go and are killed, and workers of other machines
// that connect over the network, with real processes throughout.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Worker, WorkerList } from "@auraos/contract";
import { WebSocket } from "ws";
import { runningServer, testKey, until } from "../testing/runningServer.ts";

const server = await runningServer({ after });
const { call } = server;
const program = join(import.meta.dirname, "../../bin/auraos.mjs");
const children = new Set<ChildProcess>();
after(() => {
  for (const child of children) child.kill("SIGKILL");
});

type Node = Record<string, unknown> & { id: string };
let workflows = 0;

async function workflowOf(...nodes: Node[]): Promise<string> {
  workflows += 1;
  const all = [{ id: "start", type: "trigger.manual", config: {} }, ...nodes];
  const connections = nodes.map((node, place) => ({ from: all[place]?.id ?? "", to: node.id }));
  const reply = await call("POST", "/api/v1/workflows", { name: `w${workflows}`, nodes: all, connections });
  assert.equal(reply.status, 201, reply.text);
  return reply.json.id as string;
}

const code = (id: string, text: string, more: object = {}): Node => ({
  id,
  type: "code",
  config: { code: text },
  ...more,
});

async function start(workflow: string, input: unknown = {}): Promise<string> {
  const reply = await call("POST", `/api/v1/workflows/${workflow}/execute`, input);
  return reply.json.executionId ?? reply.json.id;
}

async function ended(id: string) {
  return until(async () => {
    const { json } = await call("GET", `/api/v1/executions/${id}`);
    return ["succeeded", "failed", "cancelled"].includes(json.status) && json;
  }, 20_000);
}

const list = async () => (await call("GET", "/api/v1/workers")).json as WorkerList;
const oneWith = (find: (worker: Worker) => boolean) =>
  until(async () => (await list()).items.find(find), 30_000);

function remote(args: string[], key = testKey) {
  const child = spawn(
    process.execPath,
    [program, "worker", "--server", server.running.url, "--key", key, ...args],
    { env: { PATH: process.env.PATH ?? "", AURAOS_DATA: server.settings.dataDir } },
  );
  children.add(child);
  let said = "";
  child.stderr.on("data", (text: Buffer) => {
    said += text;
  });
  const end = new Promise<number | null>((resolve) =>
    child.on("close", (exit) => {
      children.delete(child);
      resolve(exit);
    }),
  );
  return { child, said: () => said, end };
}

test("computing runs in a process of its own that sees neither files, programs nor the environment", async () => {
  const workflow = await workflowOf(code("c", "return { sum: $items.length, env: typeof process };"));
  const { status, output } = await ended(await start(workflow));
  assert.equal(status, "succeeded");
  assert.deepEqual(output, { sum: 1, env: "undefined" });
  const worker = await oneWith(({ kind, completed }) => kind === "local" && completed > 0);
  assert.notEqual(worker.pid, process.pid);
  assert.equal(worker.version, server.running.deps.version);
});

test("a worker that is killed in the middle: the step is issued again, and the execution ends", async () => {
  const slow = "let n = 0; for (let i = 0; i < 6e5; i++) n += i; return { n };";
  const workflow = await workflowOf(code("c", slow));
  const before = (await list()).lost;
  const ids = await Promise.all(Array.from({ length: 6 }, () => start(workflow)));
  for (let kill = 0; kill < 3; kill += 1) {
    const busy = await until(async () => {
      const { items } = await list();
      return items.find(({ kind, busy }) => kind === "local" && busy > 0) ?? (items.length > 0 && "idle");
    }, 30_000);
    if (busy !== "idle" && busy !== undefined) process.kill((busy as Worker).pid, "SIGKILL");
    await until(async () => (await list()).items.some(({ kind }) => kind === "local"), 30_000);
  }
  for (const id of ids) assert.equal((await ended(id)).status, "succeeded");
  assert.ok((await list()).lost > before);
});

test("workers are added and removed while they work", async () => {
  const workflow = await workflowOf(code("c", "return { ok: true };"));
  const ids = Array.from({ length: 10 }, () => start(workflow));
  assert.equal((await call("PUT", "/api/v1/workers/local", { count: 3 })).status, 200);
  await until(async () => (await list()).items.filter(({ kind }) => kind === "local").length === 3, 30_000);
  const more = Array.from({ length: 10 }, () => start(workflow));
  await call("PUT", "/api/v1/workers/local", { count: 1 });
  for (const id of await Promise.all([...ids, ...more])) assert.equal((await ended(id)).status, "succeeded");
  await until(async () => (await list()).items.filter(({ kind }) => kind === "local").length === 1, 30_000);
  assert.equal((await call("PUT", "/api/v1/workers/local", { count: 65 })).status, 400);
});

test("a cancelled step stops in its worker, and a time limit reaches it", async () => {
  const endless = code("c", "for (;;) {}");
  const cancelled = await start(await workflowOf(endless));
  await oneWith(({ busy }) => busy > 0);
  await call("POST", `/api/v1/executions/${cancelled}/cancel`);
  assert.equal((await ended(cancelled)).status, "cancelled");
  await oneWith(({ kind, busy }) => kind === "local" && busy === 0);
  const limited = await workflowOf(
    code("c", "for (;;) {}", { errorHandling: { timeoutMs: 300, retry: { attempts: 1 } } }),
  );
  const late = await ended(await start(limited));
  assert.match(late.failure.code, /^(TIMEOUT|CODE_TIME_LIMIT)$/);
  await oneWith(({ kind, busy }) => kind === "local" && busy === 0);
});

test("a remote worker with a label gets what asks for it; files come from and go to the server", async () => {
  const worker = remote(["--label", "gpu", "--name", "far"]);
  const joined = await oneWith(({ name }) => name === "far");
  assert.deepEqual([joined.kind, joined.labels, joined.state], ["remote", ["gpu"], "ready"]);
  const workflow = await workflowOf(
    {
      id: "w",
      type: "file.write",
      config: { path: "far.txt", content: "from {{ $json.who }}" },
      worker: "gpu",
    },
    { id: "r", type: "file.read", config: { path: "far.txt", as: "text" }, worker: "gpu" },
    code("c", "return { got: $json.text };", { worker: "gpu" }),
  );
  const { status, output } = await ended(await start(workflow, { who: "afar" }));
  assert.deepEqual([status, output], ["succeeded", { got: "from afar" }]);
  await oneWith(({ name, completed }) => name === "far" && completed === 3);

  assert.equal((await call("POST", `/api/v1/workers/${joined.id}/drain`)).status, 200);
  assert.equal(await worker.end, 0);
  assert.match(worker.said(), /Drained by the server/);
  assert.equal(
    (await list()).items.some(({ name }) => name === "far"),
    false,
  );
});

test("a step whose label nobody has waits, and goes to the first worker that comes with it", async () => {
  const id = await start(await workflowOf(code("c", "return { ok: 1 };", { worker: "late" })));
  await until(async () => (await list()).waiting === 1);
  const worker = remote(["--label", "late"]);
  assert.equal((await ended(id)).status, "succeeded");
  worker.child.kill("SIGTERM");
  assert.equal(await worker.end, 0);
  const nobody = code("c", "return {};", {
    worker: "nowhere",
    errorHandling: { timeoutMs: 300, retry: { attempts: 1 } },
  });
  const { failure } = await ended(await start(await workflowOf(nobody)));
  assert.deepEqual([failure.code, failure.certainty], ["NO_WORKER", "notDone"]);
});

test("a remote worker comes back after its server restarts", async () => {
  const worker = remote(["--label", "faithful", "--name", "faithful"]);
  await oneWith(({ name }) => name === "faithful");
  const { port } = server.settings;
  server.settings.port = Number(URL.parse(server.running.url)?.port);
  await server.restart();
  server.settings.port = port;
  await oneWith(({ name }) => name === "faithful");
  const id = await start(await workflowOf(code("c", "return { ok: 1 };", { worker: "faithful" })));
  assert.equal((await ended(id)).status, "succeeded");
  worker.child.kill("SIGTERM");
  await worker.end;
});

test("refused: a wrong key, a key without the right, another version, a web page", async () => {
  const wrong = remote([], "aos_wrong_wrong_wrong_wrong_wrong_wrong");
  assert.equal(await wrong.end, 1);
  assert.match(wrong.said(), /not known, has expired or was revoked/);

  const limited = await call("POST", "/api/v1/api-keys", { name: "reader", actions: ["workflow.read"] });
  const without = remote([], limited.json.key);
  assert.equal(await without.end, 1);
  assert.match(without.said(), /may not do worker.connect/);

  const told = await hello({ version: "0.0.1" });
  assert.equal(told.type, "refused");
  assert.match(told.message ?? "", /version 0.0.1, the server is version/);

  await assert.rejects(hello({}, { origin: "https://evil.example" }), /403/);
  assert.equal(
    (await list()).items.some(({ kind }) => kind === "remote"),
    false,
  );
});

test("what a stranger says at the socket ends the connection and nothing else", async () => {
  for (const text of ["{", "[]", '{"type":"done"}', '{"type":"hello","protocol":"x"}', "\u0000"]) {
    const socket = open();
    await new Promise((resolve) => socket.on("open", resolve));
    socket.send(text);
    await new Promise((resolve) => socket.on("close", resolve));
  }
  assert.equal((await call("GET", "/health/ready")).status, 200);
});

function open(headers: Record<string, string> = {}): WebSocket {
  const url = `${server.running.url.replace("http", "ws")}/api/v1/workers/connect`;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${testKey}`, ...headers } });
  socket.on("error", () => {});
  return socket;
}

function hello(
  about: object,
  headers: Record<string, string> = {},
): Promise<{ type: string; message?: string }> {
  const socket = open(headers);
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data) => {
      resolve(JSON.parse(String(data)));
      socket.close();
    });
    socket.on("open", () =>
      socket.send(
        JSON.stringify({
          type: "hello",
          protocol: 1,
          version: server.running.deps.version,
          name: "stranger",
          labels: [],
          concurrency: 1,
          nodeTypes: [],
          host: "h",
          pid: 1,
          ...about,
        }),
      ),
    );
  });
}
