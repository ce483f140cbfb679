// Node types from a folder, as an operator installs them: made by the generator, checked, tested, and run in workflows.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runningServer, testKey, until } from "../testing/runningServer.ts";
import { loadNodes } from "./loadNodes.ts";

const program = join(import.meta.dirname, "../../bin/auraos.mjs");
const folder = mkdtempSync(join(tmpdir(), "auraos-nodes-"));
const rates = createServer((_request, response) => response.end('{"rates":{"USD":1.25}}'));
await new Promise<void>((resolve) => rates.listen(0, "127.0.0.1", resolve));
const { port } = rates.address() as AddressInfo;
after(() => {
  rates.close();
  rmSync(folder, { recursive: true, force: true });
});
const installed = join(folder, "installed");
cpSync(join(import.meta.dirname, "../../../examples/nodes/exchange"), join(installed, "exchange"), {
  recursive: true,
});
const server = await runningServer(
  { after },
  { AURAOS_NODES: installed, AURAOS_ALLOW_HOSTS: `127.0.0.1:${port}` },
);

test("a node type of the operator's own is in the list, is checked, and runs", async () => {
  const { items } = (await server.call("GET", "/api/v1/node-types")).json;
  const view = items.find((one: { type: string }) => one.type === "acme.exchange");
  assert.equal(view.name, "Exchange");
  const codes = view.errors.map(({ code }: { code: string }) => code);
  for (const code of ["RATES_<status>", "DATA_INVALID", "ADDRESS_REFUSED", "TIMEOUT"])
    assert.ok(codes.includes(code));
  const workflow = (config: object) => ({
    name: "money",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "change", type: "acme.exchange", config },
    ],
    connections: [{ from: "start", to: "change" }],
  });
  const wrong = await server.call("POST", "/api/v1/workflows", workflow({ field: "amount", from: "EURO" }));
  assert.equal(wrong.status, 422);
  const config = { service: `http://127.0.0.1:${port}`, field: "amount", from: "EUR", to: "USD" };
  await server.call("POST", "/api/v1/workflows", workflow(config));
  const run = () => server.call("POST", "/api/v1/workflows/money/execute?wait=20", { amount: 8 });
  assert.deepEqual((await run()).json.output, { amount: 8, changed: 10 });
  await server.restart();
  assert.deepEqual((await run()).json.output, { amount: 8, changed: 10 });
});

test("on a worker with a label it runs where the worker has the folder too; elsewhere the failure says so", async () => {
  const beWorker = (label: string, more: Record<string, string>) => {
    const args = ["worker", "--server", server.running.url, "--key", testKey, "--label", label];
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env.PATH ?? "", AURAOS_DATA: server.settings.dataDir, ...more },
      stdio: ["ignore", "ignore", "pipe"],
    });
    after(() => child.kill("SIGKILL"));
    return child;
  };
  beWorker("with", { AURAOS_NODES: installed, AURAOS_ALLOW_HOSTS: `127.0.0.1:${port}` });
  beWorker("without", {});
  const config = { service: `http://127.0.0.1:${port}`, field: "amount", from: "EUR", to: "USD" };
  const run = async (worker: string) => {
    const reply = await server.call("POST", "/api/v1/workflows", {
      name: `money ${worker}`,
      nodes: [
        { id: "start", type: "trigger.manual", config: {} },
        {
          id: "change",
          type: "acme.exchange",
          config,
          worker,
          errorHandling: { timeoutMs: worker === "with" ? 60_000 : 500, retry: { attempts: 1 } },
        },
      ],
      connections: [{ from: "start", to: "change" }],
    });
    return server.call("POST", `/api/v1/workflows/${reply.json.id}/execute?wait=60`, { amount: 8 });
  };
  assert.deepEqual((await run("with")).json.output, { amount: 8, changed: 10 });
  await until(async () => (await server.call("GET", "/api/v1/workers")).json.items.length === 2, 60_000);
  const { code, message } = (await run("without")).json.failure;
  assert.equal(code, "NO_WORKER");
  assert.match(message, /No worker with the label "without" has the node type "acme\.exchange"/);

  const broken = beWorker("broken", { AURAOS_NODES: join(folder, "nowhere") });
  let said = "";
  broken.stderr.on("data", (text: Buffer) => {
    said += text;
  });
  const exit = await new Promise((resolve) => broken.on("close", resolve));
  assert.equal(exit, 1);
  assert.match(said, /AURAOS_NODES names .*nowhere, which is no folder/);
});

test("what is not sound stops the start, and says which file and why", async () => {
  const refusal = async (text: string | undefined) => {
    const place = mkdtempSync(join(folder, "wrong-"));
    mkdirSync(join(place, "x"));
    if (text !== undefined) writeFileSync(join(place, "x", "node.mjs"), text);
    return loadNodes(text === undefined ? join(place, "nowhere") : place).then(
      () => "loaded",
      (error: Error) => error.message,
    );
  };
  const made = (fields: string) =>
    `export default ({ defineNode, z }) => defineNode({ type: "acme.x", version: 1, name: "Thing", icon: "box",
      description: "Does a thing with each of the items.", category: "action", effect: "pure", per: "item",
      schema: z.strictObject({}), example: {}, evaluate: () => ({}), ${fields} });`;
  assert.match(await refusal(undefined), /no folder/);
  assert.match(await refusal("export const x = 1;"), /node\.mjs.*default export/);
  assert.match(await refusal("export default () => { throw new Error('boom'); };"), /boom/);
  assert.match(await refusal(made('type: "set"')), /type must be/);
  assert.match(await refusal(made('type: "ai.chat"')), /is there already/);
  assert.match(await refusal(made('description: "x"')), /description/);
  assert.match(await refusal(made('effect: "read"')), /evaluate/);
  assert.match(await refusal(made("example: { a: 1 }")), /its example has a problem: a/);
  assert.match(await refusal(made("errors: { X: {} }")), /errors\.X needs meaning/);
  assert.match(await refusal(made('structure: "trigger"')), /only come from the library/);
});

test("the generator makes a node type that is sound and whose tests pass", async () => {
  const place = join(folder, "own");
  const begun = await auraos(["node", "new", "acme.weather", "--folder", place]);
  assert.equal(begun.code, 0, begun.text);
  assert.equal((await auraos(["node", "new", "acme.weather", "--folder", place])).code, 1);
  assert.equal((await auraos(["node", "new", "weather", "--folder", place])).code, 2);
  const checked = await auraos(["node", "check", join(place, "weather")]);
  assert.match(checked.text, /acme\.weather is sound \(read\)/);
  const tested = await auraos(["node", "test", join(place, "weather")]);
  assert.equal(tested.code, 0, tested.text);
  assert.match(tested.text, /pass 2/);
  const example = await auraos(["node", "test", join(installed, "exchange")]);
  assert.equal(example.code, 0, example.text);
});

function auraos(args: string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env.PATH ?? "" } });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}
