// The example of every pure node, as the reference shows it, run in a workflow with data that suits it. (Examples of
// activities run in workers/nodeMatrix.test.ts up to what they ask of the world, and in their own tests with real peers.)
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Json } from "@auraos/kernel";
import { nodeTypes } from "@auraos/nodes";
import { exampleInputs } from "@auraos/nodes/exampleInputs.ts";
import { runningServer } from "../testing/runningServer.ts";

const equals = (wanted: Json) => (output: Json) => assert.deepEqual(output, wanted);
const has = (part: RegExp) => (output: Json) => assert.match(JSON.stringify(output), part);

/** What must come out of a workflow of this node. */
const gives: Record<string, (output: Json) => void> = {
  set: equals({ price: 2.5, quantity: 4, total: 10, customer: { vip: true } }),
  rename: has(/"amount":5/),
  filter: equals({ status: "open", amount: 150 }),
  sort: equals([{ amount: 9 }, { amount: 1 }]),
  limit: (out) => assert.equal((out as Json[]).length, 10),
  dedupe: equals({ email: "a@x.org" }),
  split: has(/"sku":"a".*"sku":"b"/),
  aggregate: equals({ country: "DE", orders: 2, revenue: 0.3 }),
  group: has(/"orderCount":2/),
  batch: has(/"rows":\[\{"n":0\},\{"n":1\},\{"n":2\}\]/),
  template: has(/Open orders:\\n- 7: 12 EUR/),
  text: has(/"slug":"creme-brulee"/),
  number: has(/"priceText":"1\.190,00/),
  date: has(/"dueDate":"02\.03\.2026"/),
  merge: has(/"customerId":1.*"name":"Ada".*"customerId":2/),
  lookup: equals({ customerId: 1, name: "Ada", city: "Paris" }),
  compare: has(/"changes"/),
  csv: equals({ a: 1, b: "x" }),
  json: equals({ payload: '{"a":[1]}', data: { a: [1] } }),
  xml: equals({ line: ["1"] }),
  yaml: equals({ text: "a: 1\n", settings: { a: 1 } }),
  html: equals({ name: "Cup", link: "https://shop.example/cup" }),
  markdown: has(/<h1>Hello<\/h1>/),
  hash: has(/"emailHash":"[0-9a-f]{64}"/),
  encode: equals({ token: "hello", encoded: "aGVsbG8=" }),
  uuid: has(/"id":"[0-9a-f]{8}-[0-9a-f]{4}-7/),
  noop: equals({ a: 1 }),
  if: equals({ amount: 101 }),
  switch: equals({ country: "AT" }),
  validate: equals({ email: "a@x.org", amount: 1 }),
  rules: has(/"discount":0\.15/),
};

const server = await runningServer({ after });
const pure = nodeTypes.filter(({ evaluate, structure }) => evaluate !== undefined && structure === undefined);

test("every pure node has its sample here", () => {
  const missing = pure
    .filter(({ type }) => exampleInputs[type] === undefined || gives[type] === undefined)
    .map(({ type }) => type);
  assert.deepEqual(missing, []);
});

for (const { type, example = {}, inputs = [{ name: "main" }] } of pure)
  test(`${type}: its example runs and gives what it says`, async () => {
    const given = exampleInputs[type] ?? {};
    const feeds = Object.keys(given).length > 1 ? Object.keys(given) : [];
    const stored = await server.call("POST", "/api/v1/workflows", {
      name: `example ${type}`,
      nodes: [
        { id: "start", type: "trigger.manual", config: {} },
        ...feeds.map((input) => ({ id: `give-${input}`, type: "split", config: { field: input } })),
        { id: "node", type, config: example },
      ],
      connections:
        feeds.length > 0
          ? feeds.flatMap((input) => [
              { from: "start", to: `give-${input}` },
              { from: `give-${input}`, to: "node", ...(input === "main" ? {} : { input }) },
            ])
          : [{ from: "start", to: "node" }],
    });
    assert.equal(stored.status, 201, stored.text);
    for (const input of feeds) assert.ok(inputs.some(({ name }) => name === input));
    const path = `/api/v1/workflows/${stored.json.id}/execute?wait=60`;
    const { json, text } = await server.call("POST", path, feeds.length > 0 ? given : given.main);
    assert.equal(json.status, "succeeded", text);
    gives[type]?.(json.output);
  });
