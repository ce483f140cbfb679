// The example of every pure node, as the reference shows it, run in a workflow with data that suits it. (Examples of
// activities run in workers/nodeMatrix.test.ts up to what they ask of the world, and in their own tests with real peers.)
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Json } from "@auraos/kernel";
import { nodeTypes } from "@auraos/nodes";
import { runningServer } from "../testing/runningServer.ts";

/** What goes in (a list: one item each; of a node with several inputs, by input), and what must come out of its workflow. */
type Sample = { items: Json; inputs?: Record<string, Json[]>; gives: (output: Json) => void };

const equals = (wanted: Json) => (output: Json) => assert.deepEqual(output, wanted);
const has = (part: RegExp) => (output: Json) => assert.match(JSON.stringify(output), part);

const samples: Record<string, Sample> = {
  set: {
    items: [{ price: 2.5, quantity: 4, internal: 1 }],
    gives: equals({ price: 2.5, quantity: 4, total: 10, customer: { vip: true } }),
  },
  rename: { items: [{ "cust.nm": "Ada", cust: { nm: "Bob" }, amt: 5 }], gives: has(/"amount":5/) },
  filter: {
    items: [
      { status: "open", amount: 150 },
      { status: "open", amount: 1 },
    ],
    gives: equals({ status: "open", amount: 150 }),
  },
  sort: {
    items: [{ amount: 1 }, { amount: 9 }],
    gives: equals([{ amount: 9 }, { amount: 1 }]),
  },
  limit: {
    items: Array.from({ length: 12 }, (_, n) => ({ n })),
    gives: (out) => assert.equal((out as Json[]).length, 10),
  },
  dedupe: { items: [{ email: "a@x.org" }, { email: "a@x.org" }], gives: equals({ email: "a@x.org" }) },
  split: { items: [{ order: 1, lines: [{ sku: "a" }, { sku: "b" }] }], gives: has(/"sku":"a".*"sku":"b"/) },
  aggregate: {
    items: [
      { country: "DE", amount: 0.1 },
      { country: "DE", amount: 0.2 },
    ],
    gives: equals({ country: "DE", orders: 2, revenue: 0.3 }),
  },
  group: {
    items: [
      { customer: { id: 1 }, n: 1 },
      { customer: { id: 1 }, n: 2 },
    ],
    gives: has(/"orderCount":2/),
  },
  batch: {
    items: Array.from({ length: 3 }, (_, n) => ({ n })),
    gives: has(/"rows":\[\{"n":0\},\{"n":1\},\{"n":2\}\]/),
  },
  template: { items: [{ number: 7, total: 12 }], gives: has(/Open orders:\\n- 7: 12 EUR/) },
  text: { items: [{ title: "  Crème Brûlée! " }], gives: has(/"slug":"creme-brulee"/) },
  number: { items: [{ price: "1.000,00" }], gives: has(/"priceText":"1\.190,00/) },
  date: { items: [{ invoiceDate: "2026-01-31T10:00:00Z" }], gives: has(/"dueDate":"02\.03\.2026"/) },
  merge: {
    items: [],
    inputs: { main: [{ customerId: 1 }, { customerId: 2 }], second: [{ id: 1, name: "Ada" }] },
    gives: has(/"customerId":1.*"name":"Ada".*"customerId":2/),
  },
  lookup: {
    items: [],
    inputs: { main: [{ customerId: 1 }], table: [{ id: 1, name: "Ada", address: { city: "Paris" } }] },
    gives: equals({ customerId: 1, name: "Ada", city: "Paris" }),
  },
  compare: {
    items: [],
    inputs: {
      main: [
        { id: 1, a: 1 },
        { id: 2, a: 1 },
      ],
      second: [
        { id: 1, a: 2 },
        { id: 2, a: 1 },
      ],
    },
    gives: has(/"changes"/),
  },
  csv: { items: [{ text: "a,b\n1,x\n" }], gives: equals({ a: 1, b: "x" }) },
  json: { items: [{ payload: '{"a":[1]}' }], gives: equals({ payload: '{"a":[1]}', data: { a: [1] } }) },
  xml: {
    items: [{ body: "<orders><order><line>1</line></order></orders>" }],
    gives: equals({ line: ["1"] }),
  },
  yaml: { items: [{ text: "a: 1\n" }], gives: equals({ text: "a: 1\n", settings: { a: 1 } }) },
  html: {
    items: [{ body: '<article class="product"><h2>Cup</h2><a href="/cup">More</a></article>' }],
    gives: equals({ name: "Cup", link: "https://shop.example/cup" }),
  },
  markdown: { items: [{ answer: "# Hello\n" }], gives: has(/<h1>Hello<\/h1>/) },
  hash: { items: [{ email: "A@X.org" }], gives: has(/"emailHash":"[0-9a-f]{64}"/) },
  encode: { items: [{ token: "hello" }], gives: equals({ token: "hello", encoded: "aGVsbG8=" }) },
  uuid: { items: [{ a: 1 }], gives: has(/"id":"[0-9a-f]{8}-[0-9a-f]{4}-7/) },
  noop: { items: [{ a: 1 }], gives: equals({ a: 1 }) },
  if: { items: [{ amount: 101 }], gives: equals({ amount: 101 }) },
  switch: { items: [{ country: "AT" }], gives: equals({ country: "AT" }) },
  validate: { items: [{ email: "a@x.org", amount: 1 }], gives: equals({ email: "a@x.org", amount: 1 }) },
  rules: { items: [{ total: 1500, customer: { kind: "business" } }], gives: has(/"discount":0\.15/) },
};

const server = await runningServer({ after });
const pure = nodeTypes.filter(({ evaluate, structure }) => evaluate !== undefined && structure === undefined);

test("every pure node has its sample here", () => {
  const missing = pure.filter(({ type }) => samples[type] === undefined).map(({ type }) => type);
  assert.deepEqual(missing, []);
});

for (const { type, example = {}, inputs = [{ name: "main" }] } of pure)
  test(`${type}: its example runs and gives what it says`, async () => {
    const sample = samples[type] as Sample;
    const given = sample.inputs;
    const feeds = Object.keys(given ?? {});
    const stored = await server.call("POST", "/api/v1/workflows", {
      name: `example ${type}`,
      nodes: [
        { id: "start", type: "trigger.manual", config: {} },
        ...feeds.map((input) => ({ id: `give-${input}`, type: "split", config: { field: input } })),
        { id: "node", type, config: example },
      ],
      connections: given
        ? feeds.flatMap((input) => [
            { from: "start", to: `give-${input}` },
            { from: `give-${input}`, to: "node", ...(input === "main" ? {} : { input }) },
          ])
        : [{ from: "start", to: "node" }],
    });
    assert.equal(stored.status, 201, stored.text);
    for (const input of feeds) assert.ok(inputs.some(({ name }) => name === input));
    const path = `/api/v1/workflows/${stored.json.id}/execute?wait=60`;
    const { json, text } = await server.call("POST", path, given ?? sample.items);
    assert.equal(json.status, "succeeded", text);
    sample.gives(json.output);
  });
