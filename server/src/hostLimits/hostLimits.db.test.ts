// Limits as operators set them: over HTTP, kept, and felt by the requests of workflows at once.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { after, test } from "node:test";
import { runningServer, until } from "../testing/runningServer.ts";

const server = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: "127.0.0.1" });
const { call } = server;
let open = 0;
let most = 0;
let answer: (() => void)[] = [];
const service = createServer((_request, response) => {
  open += 1;
  most = Math.max(most, open);
  answer.push(() => {
    open -= 1;
    response.end("{}");
  });
});
await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
after(() => {
  service.closeAllConnections();
  service.close();
});
const { port } = service.address() as AddressInfo;
const host = `127.0.0.1:${port}`;

test("a limit is set, shown, kept, felt and taken away", async () => {
  const put = await call("PUT", `/api/v1/host-limits/${host}`, { concurrency: 2 });
  assert.equal(put.status, 200, put.text);
  assert.deepEqual([put.json.host, put.json.concurrency, put.json.requests], [host, 2, null]);
  await server.restart();
  assert.equal((await call("GET", "/api/v1/host-limits")).json.items.length, 1);

  const workflow = await call("POST", "/api/v1/workflows", {
    name: "many calls",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "call", type: "http", config: { url: `http://${host}/`, concurrency: 10 } },
    ],
    connections: [{ from: "start", to: "call" }],
  });
  const items = Array.from({ length: 6 }, (_, at) => ({ at }));
  const started = await call("POST", `/api/v1/workflows/${workflow.json.id}/execute`, items);
  let done = 0;
  await until(async () => {
    if (done < 4 && answer.length === 2) {
      // Both places are taken; a third request would have come by now if it could.
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(answer.length, 2);
    }
    const ready = answer;
    answer = [];
    done += ready.length;
    for (const one of ready) one();
    return (await call("GET", `/api/v1/executions/${started.json.id}`)).json.status === "succeeded";
  }, 20_000);
  assert.deepEqual([done, most], [6, 2]);

  assert.equal((await call("DELETE", `/api/v1/host-limits/${host}`)).status, 204);
  assert.equal((await call("DELETE", `/api/v1/host-limits/${host}`)).status, 404);
});

test("a limit of a connection is set, shown apart from those of hosts, kept and taken away", async () => {
  const path = `/api/v1/connection-limits/${encodeURIComponent("Böcker & mail")}`;
  const put = await call("PUT", path, { requests: 30, perSeconds: 60 });
  assert.equal(put.status, 200, put.text);
  assert.deepEqual([put.json.connection, put.json.requests, put.json.perSeconds], ["Böcker & mail", 30, 60]);
  await server.restart();
  assert.deepEqual((await call("GET", "/api/v1/host-limits")).json.items, []);
  const { items } = (await call("GET", "/api/v1/connection-limits")).json;
  assert.deepEqual(
    items.map(({ connection }: { connection: string }) => connection),
    ["Böcker & mail"],
  );
  assert.equal((await call("DELETE", path)).status, 204);
  assert.equal((await call("DELETE", path)).status, 404);
  assert.equal((await call("PUT", path, { perSeconds: 5 })).status, 400);
  assert.equal((await call("PUT", "/api/v1/connection-limits/%7B%7Bx", { requests: 1 })).status, 404);
});

/** Takes connections of any protocol and says nothing until it hangs up. */
const sockets = new Set<Socket>();
let mostSockets = 0;
const silent = createTcpServer((socket) => {
  sockets.add(socket);
  mostSockets = Math.max(mostSockets, sockets.size);
  socket.on("error", () => {}).on("close", () => sockets.delete(socket));
});
await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
after(() => {
  for (const socket of sockets) socket.destroy();
  silent.close();
});
const place = { host: "127.0.0.1", port: (silent.address() as AddressInfo).port };
const steps = [
  {
    connection: { type: "postgres", values: { ...place, database: "d", user: "u", password: "secret-1234" } },
    step: { type: "postgres", config: { sql: "select 1" } },
  },
  {
    connection: { type: "smtp", values: { ...place, encryption: "none" } },
    step: {
      type: "email",
      config: { from: "a@example.com", to: ["b@example.com"], subject: "s", text: "t" },
    },
  },
  {
    connection: {
      type: "ai",
      values: { baseUrl: `http://127.0.0.1:${place.port}/v1`, apiKey: "secret-5678" },
    },
    step: { type: "ai.chat", config: { model: "m", prompt: "?" } },
  },
  {
    connection: {
      type: "http.bearer",
      values: { token: "secret-9012" },
      hosts: [`127.0.0.1:${place.port}`],
    },
    step: { type: "http", config: { url: `http://127.0.0.1:${place.port}/` } },
  },
];
for (const { connection, step } of steps)
  test(`a connection's limit holds for ${step.type}`, async () => {
    const name = `For ${step.type}`;
    const made = await call("POST", "/api/v1/connections", { name, ...connection });
    assert.equal(made.status, 201, made.text);
    const path = `/api/v1/connection-limits/${encodeURIComponent(name)}`;
    assert.equal((await call("PUT", path, { concurrency: 2 })).status, 200);
    const workflow = await call("POST", "/api/v1/workflows", {
      name: `limited ${step.type}`,
      nodes: [
        { id: "start", type: "trigger.manual", config: {} },
        {
          id: "call",
          type: step.type,
          config: { ...step.config, credential: name },
          errorHandling: { retry: { attempts: 1 } },
        },
      ],
      connections: [{ from: "start", to: "call" }],
    });
    assert.equal(workflow.status, 201, workflow.text);
    mostSockets = 0;
    const ids = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const started = await call("POST", `/api/v1/workflows/${workflow.json.id}/execute`, {});
        return started.json.id as string;
      }),
    );
    let came = 0;
    await until(async () => {
      if (came < 4 && sockets.size === 2) {
        // A third would have come by now if it could.
        await new Promise((resolve) => setTimeout(resolve, 20));
        assert.equal(sockets.size, 2);
      }
      if (came < 4 && sockets.size < 2) return false;
      came += sockets.size;
      for (const socket of [...sockets]) {
        sockets.delete(socket);
        socket.destroy();
      }
      const all = await Promise.all(ids.map((id) => call("GET", `/api/v1/executions/${id}`)));
      return all.every(({ json }) => json.status === "failed");
    }, 20_000);
    assert.deepEqual([came, mostSockets], [5, 2]);
  });

test("refused: no limit at all, numbers out of range, a host that is none", async () => {
  for (const body of [{}, { concurrency: 0 }, { requests: 1.5 }, { perSeconds: 5 }, { speed: 1 }])
    assert.equal((await call("PUT", "/api/v1/host-limits/api.example", body)).status, 400);
  for (const name of ["UPPER.example", "a%20b", "http:%2F%2Fx"])
    assert.equal((await call("PUT", `/api/v1/host-limits/${name}`, { requests: 1 })).status, 404);
});
