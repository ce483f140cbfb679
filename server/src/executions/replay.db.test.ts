// What-if replay over HTTP: the world outside counts what reaches it, and a replay never does.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { runningServer } from "../testing/runningServer.ts";

const calls: string[] = [];
const world = createServer((request, response) => {
  calls.push(`${request.method} ${request.url}`);
  const isBad = request.url?.includes("pay/bad") === true;
  response.writeHead(isBad ? 422 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify({ heard: request.url, nth: calls.length }));
});
await new Promise<void>((resolve) => world.listen(0, "127.0.0.1", resolve));
after(() => world.close());
const { port } = world.address() as AddressInfo;
const base = `http://127.0.0.1:${port}`;
const { call, restart } = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: "127.0.0.1" });

const child = {
  name: "replayed child",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "ask", type: "http", config: { url: `${base}/child/{{ $json.n }}` } },
  ],
  connections: [{ from: "start", to: "ask" }],
};

const definition = (total: string, path = "pay") => ({
  name: "replayed",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "read", type: "http", config: { url: `${base}/read/{{ $json.n }}` } },
    { id: "keep", type: "set", config: { fields: { n: "{{ $('start').item.json.n }}" } } },
    {
      id: "pay",
      type: "http",
      config: { method: "POST", url: `${base}/${path}/{{ $json.n }}`, body: { n: "{{ $json.n }}" } },
      errorHandling: { onError: "errorPort" },
    },
    { id: "sub", type: "subworkflow", config: { workflow: child.name } },
    { id: "total", type: "set", config: { fields: { total } } },
    { id: "ends", type: "merge", config: {} },
  ],
  connections: [
    { from: "start", to: "read" },
    { from: "read", to: "keep" },
    { from: "keep", to: "pay" },
    { from: "pay", port: "error", to: "ends" },
    { from: "keep", to: "sub" },
    { from: "sub", to: "total" },
    { from: "total", to: "ends" },
  ],
});

const ended = async (id: string) => (await call("GET", `/api/v1/executions/${id}?wait=10`)).json;
const input = [{ n: 1 }, { n: "bad" }, { n: 3 }];

test("a replay hears what the original heard, items, failures and children, and nothing reaches the world", async () => {
  const made = await call("POST", "/api/v1/workflows", child);
  assert.equal(made.status, 201, made.text);
  const { id } = (await call("POST", "/api/v1/workflows", definition("{{ $json.nth }}"))).json;
  const original = (await call("POST", `/api/v1/workflows/${id}/execute?wait=20`, input)).json;
  assert.equal(original.status, "succeeded", JSON.stringify(original));
  assert.equal(calls.filter((one) => one.startsWith("GET /read")).length, 3);
  const before = [...calls];

  const rerun = `/api/v1/executions/${original.id}/rerun`;
  const same = await ended((await call("POST", rerun, { replay: true })).json.id);
  assert.deepEqual([same.mode, same.status, same.failure], ["replay", "succeeded", null]);
  assert.deepEqual(same.output, original.output);
  assert.deepEqual(calls, before);
});

test("another definition on what was recorded: what it computes changes, what it would send otherwise has no answer", async () => {
  const name = { name: "what if" };
  const { id } = (await call("POST", "/api/v1/workflows", { ...definition("{{ $json.nth }}"), ...name }))
    .json;
  const original = (await call("POST", `/api/v1/workflows/${id}/execute?wait=20`, { n: 7 })).json;
  assert.equal(original.status, "succeeded", JSON.stringify(original));
  const before = [...calls];
  const rerun = `/api/v1/executions/${original.id}/rerun`;

  await restart();
  await call("PUT", `/api/v1/workflows/${id}/draft`, { ...definition("{{ $json.nth * 1000 }}"), ...name });
  const changed = await ended((await call("POST", rerun, { replay: true, draft: true })).json.id);
  assert.equal(changed.status, "succeeded", JSON.stringify(changed.failure));
  const totalOf = ({ output }: { output: { total?: number }[] | { total?: number } }) =>
    [output].flat().find((one) => one.total !== undefined)?.total ?? 0;
  assert.equal(totalOf(changed), totalOf(original) * 1000);

  await call("PUT", `/api/v1/workflows/${id}/draft`, { ...definition("{{ 1 }}", "refund"), ...name });
  const other = await ended((await call("POST", rerun, { replay: true, draft: true })).json.id);
  const pay = other.timeline.find(({ node }: { node: string }) => node === "pay");
  assert.equal(JSON.stringify(pay).includes("NOT_RECORDED"), true, JSON.stringify(pay));
  assert.deepEqual(calls, before);
});
