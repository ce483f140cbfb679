// A call that must not be repeated and whose connection breaks: the service is asked, and what it says decides.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { runningServer } from "../testing/runningServer.ts";

const sent: string[] = [];
const orders = new Map<string, number>();
const shop = createServer((request, response) => {
  const id = new URL(request.url ?? "", "http://shop").searchParams.get("id") ?? "";
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (request.method === "GET") return json(orders.has(id) ? 200 : 404, { id, nth: orders.get(id) });
  sent.push(id);
  const nth = sent.filter((one) => one === id).length;
  // The first time the connection breaks: after the order was taken, or before.
  if (nth > 1 || id === "taken") orders.set(id, nth);
  if (nth === 1) request.socket.destroy();
  else json(200, { id, nth });
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
        errorHandling: { timeoutMs: 3_000, retry: { attempts: 3, delayMs: 50 } },
      },
    ],
    connections: [{ from: "start", to: "order" }],
  };
  const made = await call("POST", "/api/v1/workflows", definition);
  assert.equal(made.status, 201, made.text);
  const execute = `/api/v1/workflows/${made.json.id}/execute?wait=30`;
  const [taken, lost] = await Promise.all(
    ["taken", "lost"].map(async (id) => (await call("POST", execute, { id })).json),
  );
  assert.deepEqual(
    [taken.status, taken.output],
    ["succeeded", { id: "taken", nth: 1 }],
    JSON.stringify(taken),
  );
  assert.deepEqual([lost.status, lost.output], ["succeeded", { id: "lost", nth: 2 }], JSON.stringify(lost));
  assert.deepEqual(sent.toSorted(), ["lost", "lost", "taken"]);
});
