// An agent in the whole server: sub-nodes, steps that outlive a crash, permission of a person, tokens and money in the
// API, memory that stays. The model is a local server that speaks OpenAI's protocol.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { calls, hang, says, startStandIn } from "@auraos/nodes/ai/testing/standIn.ts";
import { runningServer, testKey, until } from "../testing/runningServer.ts";

const model = await startStandIn();
const payments: string[] = [];
const shop = createServer((request, response) => {
  payments.push(request.url ?? "");
  response.setHeader("content-type", "application/json");
  response.end('{"refund":7}');
});
await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
const shopPort = (shop.address() as AddressInfo).port;
after(() => {
  model.close();
  shop.closeAllConnections();
  shop.close();
});
const server = await runningServer(
  { after },
  { AURAOS_ALLOW_HOSTS: `127.0.0.1:${new URL(model.url).port},127.0.0.1:${shopPort}` },
);
const { call } = server;

const agent = (name: string, more: object = {}) => ({
  name,
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "agent", type: "ai.agent", config: { prompt: "{{ $json.letter }}", ...more } },
    {
      id: "model",
      type: "ai.model",
      config: { model: "small", baseUrl: model.url, prices: { inputPerMillion: 1, outputPerMillion: 4 } },
    },
    { id: "memory", type: "ai.memory", config: { key: "{{ $json.customer }}" } },
    {
      id: "refund",
      type: "ai.tool.http",
      config: {
        name: "refund",
        description: "Pays back.",
        method: "POST",
        url: `http://127.0.0.1:${shopPort}/orders/{number}`,
        parameters: [
          { name: "number", description: "Order." },
          { name: "amount", description: "Euros.", type: "number" },
        ],
        approval: "when",
        approvalWhen: [{ parameter: "amount", operator: "greater", value: 50 }],
      },
    },
    {
      id: "ticket",
      type: "ai.tool.workflow",
      config: {
        name: "open_ticket",
        description: "Opens a ticket.",
        workflow: "tickets",
        parameters: [{ name: "title", description: "About." }],
      },
    },
  ],
  connections: [
    { from: "start", to: "agent" },
    { from: "model", to: "agent", input: "model" },
    { from: "memory", to: "agent", input: "memory" },
    { from: "refund", to: "agent", input: "tool" },
    { from: "ticket", to: "agent", input: "tool" },
  ],
});
const tickets = {
  name: "tickets",
  nodes: [{ id: "start", type: "trigger.manual", config: {} }],
  connections: [],
};
const ready = call("POST", "/api/v1/workflows", tickets);
const stored = ready.then(() => call("POST", "/api/v1/workflows", agent("helper")));

async function begin(input: unknown): Promise<string> {
  const { json, text } = await stored;
  assert.ok(json.id, text);
  const started = await call("POST", `/api/v1/workflows/${json.id}/execute`, input);
  return started.json.id;
}
const execution = async (id: string) => (await call("GET", `/api/v1/executions/${id}`)).json;
const ended = (id: string) =>
  until(async () => {
    const found = await execution(id);
    return !["running", "waiting"].includes(found.status) && found;
  }, 60_000);

test("what was answered and done before a crash is not asked for and done again", async () => {
  payments.length = 0;
  model.play(calls(["refund", { number: "A-7", amount: 5 }], ["open_ticket", { title: "Broken" }]), hang);
  const id = await begin({ letter: "It broke.", customer: "ada" });
  await until(async () => model.seen.length === 2);
  assert.deepEqual(payments, ["/orders/A-7"]);
  const before = await execution(id);
  assert.deepEqual(before.usage, { inputTokens: 20, outputTokens: 5, calls: 1, cost: 0.00004 });
  await server.restart();
  await until(async () => model.seen.length === 3);
  model.play(says("Paid back, and a ticket is open."));
  await server.restart();
  const done = await ended(id);
  assert.equal(done.status, "succeeded", JSON.stringify(done.failure));
  assert.equal(done.output.text ?? done.output[0]?.text, "Paid back, and a ticket is open.");
  assert.deepEqual(payments, ["/orders/A-7"]);
  assert.equal(model.seen.length, 1);
  const told = (model.seen[0]?.body.messages ?? []) as { role: string; content: string }[];
  assert.deepEqual(
    told.filter(({ role }) => role === "tool").map(({ content }) => content),
    ['{"refund":7}', '{"title":"Broken"}'],
  );
  const { items } = (await call("GET", "/api/v1/executions?limit=50")).json;
  assert.equal(items.filter((one: { workflowName: string }) => one.workflowName === "tickets").length, 1);
  const run = done.timeline.find((one: { node: string }) => one.node === "agent");
  assert.deepEqual(run.usage, { inputTokens: 40, outputTokens: 10, calls: 2, cost: 0.00008 });
  assert.deepEqual(done.usage, run.usage);
});

test("a call over the limit waits for a person, is made after the permission, and is remembered", async () => {
  payments.length = 0;
  model.play(calls(["refund", { number: "B-1", amount: 80 }]), says("Done."));
  const id = await begin({ letter: "Eighty, please.", customer: "bo" });
  const parked = await until(async () => {
    const found = await execution(id);
    return found.parked.length === 1 && found;
  });
  assert.equal(parked.parked[0].failure.code, "AI_APPROVAL");
  assert.match(parked.parked[0].failure.message, /"refund".*80/);
  assert.deepEqual(payments, []);
  await server.restart();
  assert.deepEqual(payments, []);
  const decided = await call("POST", `/api/v1/executions/${id}/parked`, { run: "agent", action: "retry" });
  assert.ok(decided.status < 300, decided.text);
  const done = await ended(id);
  assert.equal(done.status, "succeeded", JSON.stringify(done.failure));
  assert.deepEqual(payments, ["/orders/B-1"]);

  model.play(says("You wrote before."));
  await ended(await begin({ letter: "And now?", customer: "bo" }));
  const said = ((model.seen[0]?.body.messages ?? []) as { content: string }[])
    .map(({ content }) => content)
    .slice(1);
  assert.deepEqual(said, ["Eighty, please.", "Done.", "And now?"]);
  const [table] = (await call("GET", "/api/v1/tables?name=AI%20memory")).json.items;
  const where = encodeURIComponent(JSON.stringify([{ column: "key", operator: "equals", value: "bo" }]));
  const rows = (await call("GET", `/api/v1/tables/${table.id}/rows?where=${where}`)).json.items;
  assert.deepEqual(
    rows.map((row: { role: string }) => row.role),
    ["user", "assistant", "user", "assistant"],
  );
});

test("a refusal of a person ends the agent", async () => {
  payments.length = 0;
  model.play(calls(["refund", { number: "C-1", amount: 99 }]), says("Done."));
  const id = await begin({ letter: "More!", customer: "cy" });
  await until(async () => (await execution(id)).parked.length === 1);
  await call("POST", `/api/v1/executions/${id}/parked`, { run: "agent", action: "fail" });
  const done = await ended(id);
  assert.deepEqual([done.status, done.failure.code, payments.length], ["failed", "AI_APPROVAL", 0]);
});

test("on a worker with a label: its steps are recorded through the worker, and the next one goes on behind them", async () => {
  payments.length = 0;
  const definition = agent("far helper");
  const [, far] = definition.nodes;
  Object.assign(far as object, { worker: "far" });
  const schema = { type: "object", required: ["refunded"], properties: { refunded: { type: "integer" } } };
  definition.nodes.push({ id: "form", type: "ai.outputParser", config: { schema } } as never);
  definition.connections.push({ from: "form", to: "agent", input: "outputParser" });
  const made = await call("POST", "/api/v1/workflows", definition);
  assert.equal(made.status, 201, made.text);
  model.play(calls(["refund", { number: "F-1", amount: 5 }]), hang);
  const first = farWorker("first");
  const input = { letter: "It broke.", customer: "fay" };
  const { json } = await call("POST", `/api/v1/workflows/${made.json.id}/execute`, input);
  await until(async () => model.seen.length === 2, 60_000);
  assert.deepEqual(payments, ["/orders/F-1"]);
  first.kill("SIGKILL");
  model.play(says("Done."), says('{"refunded":5}'));
  farWorker("second");
  const done = await ended(json.id);
  assert.equal(done.status, "succeeded", JSON.stringify(done.failure));
  const output = done.output.data ?? done.output[0]?.data;
  assert.deepEqual([output, payments], [{ refunded: 5 }, ["/orders/F-1"]]);
  // Two to answer, the second a repair; what was asked before the kill is not asked again.
  assert.equal(model.seen.length, 2);
  const told = (model.seen[0]?.body.messages ?? []) as { role: string; content: string }[];
  assert.deepEqual(
    told.filter(({ role }) => role === "tool").map(({ content }) => content),
    ['{"refund":7}'],
  );
  const run = done.timeline.find((one: { node: string }) => one.node === "agent");
  assert.equal(run.usage.calls, 3);
});

test("a tool that leads back to its own agent ends at the bound of depth, and says so", async () => {
  const ping = {
    name: "ping",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "agent", type: "ai.agent", config: { prompt: "Go on.", model: "small", baseUrl: model.url } },
      {
        id: "tool",
        type: "ai.tool.workflow",
        config: { name: "pong", description: "Goes on.", workflow: "pong" },
      },
    ],
    connections: [
      { from: "start", to: "agent" },
      { from: "tool", to: "agent", input: "tool" },
    ],
  };
  const pong = {
    name: "pong",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "back", type: "subworkflow", config: { workflow: "ping" } },
    ],
    connections: [{ from: "start", to: "back" }],
  };
  const made = await call("POST", "/api/v1/workflows", ping);
  assert.ok(made.json.id, made.text);
  await call("POST", "/api/v1/workflows", pong);
  // An agent that has not heard from its tool calls it; one that has tells on what it heard.
  model.play((response, seen) => {
    const messages = seen.body.messages as { role: string; content: string }[];
    const heard = messages.find(({ role }) => role === "tool");
    (heard ? says(heard.content) : calls(["pong", {}]))(response, seen);
  });
  const { json } = await call("POST", `/api/v1/workflows/${made.json.id}/execute`, {});
  const done = await ended(json.id);
  assert.equal(done.status, "succeeded", JSON.stringify(done.failure));
  // Agents stand at the depths 0, 2 ... 20: the last one is refused and fails, the others ask and answer.
  assert.equal(model.seen.length, 21);
  const told = done.output.text ?? done.output[0]?.text;
  assert.match(told, /call each other more than 20 levels deep/);
  const { items } = (await call("GET", "/api/v1/executions?limit=100")).json;
  const deep = items.filter(({ workflowName }: { workflowName: string }) => /^p[io]ng$/.test(workflowName));
  assert.equal(deep.length, 21, "eleven agents and ten tools");
});

function farWorker(name: string): ChildProcess {
  const program = join(import.meta.dirname, "../../bin/auraos.mjs");
  const child = spawn(
    process.execPath,
    [program, "worker", "--server", server.running.url, "--key", testKey, "--label", "far", "--name", name],
    {
      env: {
        PATH: process.env.PATH ?? "",
        AURAOS_DATA: server.settings.dataDir,
        AURAOS_ALLOW_HOSTS: `127.0.0.1:${new URL(model.url).port},127.0.0.1:${shopPort}`,
      },
      stdio: "ignore",
    },
  );
  after(() => child.kill("SIGKILL"));
  return child;
}
