// A call that must not be repeated and whose connection breaks: the service is asked, and what it says decides.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { runningServer } from "../testing/runningServer.ts";

const orders = new Map<string, number>();
let isLost = (_nth: number): boolean => false;
const shop = createServer((request, response) => {
  const id = new URL(request.url ?? "", "http://shop").searchParams.get("id") ?? "";
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.method === "GET") {
    const nth = orders.get(id) ?? 0;
    return nth > 0 ? json(200, { id, nth }) : json(404, {});
  }
  const nth = (orders.get(id) ?? 0) + 1;
  // Either the order was taken and its answer is lost, or it was lost on the way.
  if (!isLost(nth)) orders.set(id, nth);
  if (nth === 1 && !orders.has(`tried ${id} again`)) {
    orders.set(`tried ${id} again`, 1);
    return request.socket.destroy();
  }
  json(200, { id, nth });
});
await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
after(() => shop.close());
const base = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/orders?id=`;
const { call } = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: "127.0.0.1" });

test("taken and the answer lost: it is found and not sent again; lost on the way: it is sent again", async () => {
  const definition = {
    name: "confirmed",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      {
        id: "order",
        type: "http",
        config: {
          ...{ method: "POST", url: `${base}{{ $json.id }}`, body: {} },
          confirm: { url: `${base}{{ $json.id }}` },
        },
        errorHandling: { timeoutSeconds: 1, retry: { attempts: 3, delaySeconds: 0.05 } },
      },
    ],
    connections: [{ from: "start", to: "order" }],
  };
  const made = await call("POST", "/api/v1/workflows", definition);
  assert.equal(made.status, 201, made.text);
  const execute = `/api/v1/workflows/${made.json.id}/execute?wait=20`;
  const taken = (await call("POST", execute, { id: "taken" })).json;
  assert.deepEqual(
    [taken.status, taken.output],
    ["succeeded", { id: "taken", nth: 1 }],
    JSON.stringify(taken),
  );
  assert.equal(orders.get("taken"), 1);

  isLost = () => !orders.has("tried lost again");
  const lost = (await call("POST", execute, { id: "lost" })).json;
  assert.deepEqual([lost.status, lost.output], ["succeeded", { id: "lost", nth: 1 }], JSON.stringify(lost));
  assert.equal(orders.get("lost"), 1);
});
