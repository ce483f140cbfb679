// Limits as operators set them: over HTTP, kept, and felt by the requests of workflows at once.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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

test("refused: no limit at all, numbers out of range, a host that is none", async () => {
  for (const body of [{}, { concurrency: 0 }, { requests: 1.5 }, { perSeconds: 5 }, { speed: 1 }])
    assert.equal((await call("PUT", "/api/v1/host-limits/api.example", body)).status, 400);
  for (const name of ["UPPER.example", "a%20b", "http:%2F%2Fx"])
    assert.equal((await call("PUT", `/api/v1/host-limits/${name}`, { requests: 1 })).status, 404);
});
