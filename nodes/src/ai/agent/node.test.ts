import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { isObject, type JsonObject } from "@auraos/kernel";
import { failureOf, firstOf, runNode } from "../../testing.ts";
import { calls, completion, refuse, type Seen, says, startStandIn } from "../testing/standIn.ts";
import { answerRoom } from "./budget.ts";
import { aiAgent } from "./node.ts";
import { addressOf, toolField } from "./tools.ts";

const server = await startStandIn();
let asked: { url: string; headers: IncomingMessage["headers"] }[] = [];
let serve: (response: ServerResponse) => void = (response) => response.end('{"state":"sent"}');
const shop = createServer((request, response) => {
  asked.push({ url: request.url ?? "", headers: request.headers });
  serve(response);
});
await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
const shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
after(() => {
  server.close();
  shop.closeAllConnections();
  shop.close();
});

const token = "shop-canary-0123456789";
const findOrder = {
  name: "find_order",
  description: "Gives an order.",
  url: `${shopUrl}/orders/{number}`,
  headers: { "X-Token": token },
  parameters: [
    { name: "number", description: "Number of the order." },
    { name: "detail", description: "How much.", type: "number", required: false },
  ],
};
const base = { baseUrl: server.url, model: "small", prompt: "Where is A-7?", tools: [findOrder] };
const run = (config: JsonObject = {}) => {
  asked = [];
  return runNode(aiAgent, { config: { ...base, ...config } });
};
const agent = async (config: JsonObject = {}) => firstOf(await run(config));
const failure = (config: JsonObject = {}) => failureOf(() => run(config));
const messagesOf = ({ body }: Seen): JsonObject[] =>
  Array.isArray(body.messages) ? body.messages.filter(isObject).map((one) => one as JsonObject) : [];
const told = () => String(messagesOf(server.seen.at(-1) as Seen).at(-1)?.content);

describe("an agent", () => {
  it("gets what it needs and answers, and tells its steps and what they cost", async () => {
    server.play(calls(["find_order", { number: "A-7", detail: 2 }]), says("It was sent."));
    const result = await agent({
      instructions: "Be short.",
      prices: { inputPerMillion: 1, outputPerMillion: 4 },
      costMax: 1,
    });
    assert.deepEqual(result, {
      text: "It was sent.",
      steps: [{ tool: "find_order", arguments: { number: "A-7", detail: 2 }, status: 200 }],
      usage: { inputTokens: 40, outputTokens: 10, calls: 2, cost: 0.00008 },
      model: "small-2025-01-01",
      finishReason: "stop",
    });
    assert.deepEqual(
      asked.map(({ url, headers }) => [url, headers["x-token"]]),
      [["/orders/A-7?detail=2", token]],
    );
    const [first, second] = server.seen as [Seen, Seen];
    assert.deepEqual(first.body.tools, [
      {
        type: "function",
        function: {
          name: "find_order",
          description: "Gives an order.",
          parameters: {
            type: "object",
            additionalProperties: false,
            required: ["number"],
            properties: {
              number: { type: "string", description: "Number of the order." },
              detail: { type: "number", description: "How much." },
            },
          },
        },
      },
    ]);
    assert.deepEqual(
      messagesOf(second).map(({ role }) => role),
      ["system", "user", "assistant", "tool"],
    );
    assert.equal(told(), '{"state":"sent"}');
    assert.ok(!JSON.stringify(server.seen).includes(token), "the model never sees the headers");
  });

  it("is told what it did wrong, and no service is called for that", async () => {
    const rows: [name: string, args: unknown, RegExp][] = [
      ["delete_order", { number: "A-7" }, /no tool "delete_order".*find_order/],
      ["find_order", "{number:", /not a JSON object/],
      ["find_order", {}, /number is missing/],
      ["find_order", { number: 7 }, /must be string/],
      ["find_order", { number: "A-7", admin: true }, /admin is not a known field/],
      ["find_order", { number: ".." }, /cannot be/],
      ["find_order", { number: "" }, /cannot be/],
    ];
    for (const [name, args, why] of rows) {
      server.play(calls([name, args]), says("Sorry."));
      const { steps } = await agent();
      assert.match(told(), why);
      assert.match(JSON.stringify(steps), /"mistake"/);
      assert.equal(asked.length, 0);
    }
  });

  it("reads what the service says: refused, cut, empty, repeated, no text", async () => {
    serve = (response) => response.writeHead(404).end(`no such order, ${token}`);
    server.play(calls(["find_order", { number: "x" }]), says("None."));
    await agent();
    assert.equal(told(), "The service answered 404.\nno such order, (hidden)");
    serve = (response) => response.end("a".repeat(500));
    server.play(calls(["find_order", { number: "x" }]), says("Long."));
    await agent({ resultCharactersMax: 100 });
    assert.match(told(), /^a{100}\n\(cut: 100 of 500 characters\)$/);
    serve = (response) => response.end();
    server.play(calls(["find_order", { number: "x" }]), says("Empty."));
    await agent();
    assert.equal(told(), "(no content)");
    serve = (response) => response.writeHead(200, { "content-type": "image/png" }).end("\0\0");
    server.play(calls(["find_order", { number: "x" }]), says("A picture."));
    await agent();
    assert.equal(told(), "(image/png, no text)");
    serve = (response) => response.end('{"state":"sent"}');
  });

  it("asks a service once for the same, however often the model does", async () => {
    const same: [string, unknown] = ["find_order", { number: "A-7" }];
    server.play(calls(same, same), calls(same), says("Sent."));
    const { steps } = await agent();
    assert.equal(asked.length, 1);
    assert.deepEqual(
      (steps as JsonObject[]).map(({ repeated }) => repeated ?? false),
      [false, true, true],
    );
  });

  it("makes eight calls in one step at most", async () => {
    server.play(
      calls(...Array.from({ length: 10 }, (_, n): [string, unknown] => ["find_order", { number: `A-${n}` }])),
      says("Done."),
    );
    await agent();
    assert.equal(asked.length, 8);
    assert.match(told(), /at most 8 at once/);
  });
});

describe("what ends an agent", () => {
  const prices = { inputPerMillion: 1, outputPerMillion: 4 };

  it("is the cap on steps, with the steps to look at", async () => {
    server.play(calls(["find_order", { number: "A-7" }]));
    const found = await failure({ stepsMax: 3 });
    assert.deepEqual([found.code, found.class, found.retryable ?? false], ["AI_STEPS_MAX", "limit", false]);
    assert.equal(server.seen.length, 3);
    const detail = found.detail as JsonObject;
    assert.equal((detail.steps as unknown[]).length, 3);
    assert.deepEqual(detail.usage, { inputTokens: 60, outputTokens: 15, calls: 3 });
  });

  it("is the cap on tokens, before it is passed", async () => {
    server.play(
      completion({
        finish_reason: "tool_calls",
        usage: { prompt_tokens: 900, completion_tokens: 60 },
        message: {
          tool_calls: [
            { id: "c", type: "function", function: { name: "find_order", arguments: '{"number":"1"}' } },
          ],
        },
      }),
    );
    const found = await failure({ tokensMax: 1500 });
    assert.deepEqual([found.code, found.field], ["AI_TOKENS_MAX", "tokensMax"]);
    assert.ok(server.seen.length <= 2);
    for (const seen of server.seen) assert.ok(Number(seen.body.max_tokens) < 1500);
    server.play(says("Too late."));
    const early = await failure({ tokensMax: 100, prompt: "word ".repeat(100) });
    assert.equal(early.code, "AI_TOKENS_MAX");
    assert.equal(server.seen.length, 0, "nothing was asked");
  });

  it("is the cap on cost, before it is passed, also where a server counts nothing", async () => {
    server.play(calls(["find_order", { number: "A-7" }]));
    const found = await failure({ prices, costMax: 0.0008 });
    assert.deepEqual([found.code, found.field], ["AI_COST_MAX", "costMax"]);
    assert.ok(Number(((found.detail as JsonObject).usage as JsonObject).cost) <= 0.0008);
    server.play(says("half an answ", { finish_reason: "length" }));
    assert.equal((await failure({ prices, costMax: 0.0008 })).code, "AI_COST_MAX");
    assert.equal((await failure({ maxTokens: 20 })).code, "AI_CUT_OFF");
    assert.equal((await failure({ costMax: 1 })).field, "prices");
  });

  it("is a service or a model in trouble, so that the engine may retry", async () => {
    serve = (response) => response.writeHead(429, { "retry-after": "4" }).end(`slow down ${token}`);
    server.play(calls(["find_order", { number: "A-7" }]), says("I guess it was sent."));
    const limited = await failure();
    assert.deepEqual([limited.code, limited.retryAfterMs], ["HTTP_429", 4000]);
    assert.ok(!JSON.stringify(limited).includes(token));
    serve = (response) => void response.destroy();
    server.play(calls(["find_order", { number: "A-7" }]), says("I guess it was sent."));
    assert.equal((await failure()).class, "network");
    serve = (response) => response.end("{}");
    server.play(calls(["find_order", { number: "A-7" }]), refuse(500, { message: "down" }));
    const down = await failure();
    assert.equal(down.code, "AI_SERVER");
    assert.equal(((down.detail as JsonObject).steps as unknown[]).length, 1);
    server.play(completion({ message: { refusal: "No." } }));
    assert.equal((await failure()).code, "AI_REFUSED");
  });
});

it("bounds each answer to what is left", () => {
  const usage = { inputTokens: 100, outputTokens: 100, calls: 1, cost: 0.001 };
  const request = "x".repeat(300);
  assert.equal(answerRoom({ tokensMax: 1000 }, usage, request), 700);
  assert.equal(answerRoom({ tokensMax: 1000, maxTokens: 50 }, usage, request), 50);
  assert.equal(answerRoom({ tokensMax: 100_000 }, usage, request), 4000);
  const prices = { inputPerMillion: 1, outputPerMillion: 10 };
  assert.equal(answerRoom({ tokensMax: 9000, prices, costMax: 0.002105 }, usage, request), 100);
  const free = { inputPerMillion: 0, outputPerMillion: 0 };
  assert.equal(answerRoom({ tokensMax: 1000, prices: free, costMax: 1 }, usage, request), 700);
});

describe("tools", () => {
  const problems = (tool: JsonObject) =>
    (aiAgent.checkConfig?.({ ...base, tools: [findOrder, { ...findOrder, name: "b", ...tool }] }) ?? []).map(
      ({ field }) => field,
    );

  it("have an address whose host the model cannot choose", async () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ url: "https://{number}.example/" }), ["tools.1.url"]);
    assert.deepEqual(problems({ url: "https://shop.example:{number}/" }), ["tools.1.url"]);
    assert.deepEqual(problems({ url: "{number}" }), ["tools.1.url"]);
    assert.deepEqual(problems({ url: "ftp://shop.example/" }), ["tools.1.url"]);
    assert.deepEqual(problems({ url: "https://shop.example/{nothing}" }), ["tools.1.url"]);
    assert.deepEqual(problems({ name: "find_order" }), ["tools.1.name"]);
    assert.deepEqual(problems({ headers: { a: "b\r\nc: d" } }), ["tools.1.headers.a"]);
    assert.deepEqual(problems({ url: "{{ $json.url }}" }), []);
    const late = await failure({ tools: [{ ...findOrder, url: "https://{number}.example/{{x}}" }] });
    assert.deepEqual([late.code, late.field], ["PARAM_INVALID", "tools.0.url"]);
  });

  it("take values that stay where they are put", () => {
    const tool = toolField.parse({ ...findOrder, url: "https://shop.example/a/{number}/b?q={detail}" });
    const place = (number: string, detail = "1") => addressOf(tool, { number, detail });
    assert.deepEqual(place("x/../../admin?y#z"), {
      url: "https://shop.example/a/x%2F..%2F..%2Fadmin%3Fy%23z/b?q=1",
      rest: {},
    });
    assert.deepEqual(place("%2e%2e"), {
      url: "https://shop.example/a/%252e%252e/b?q=1",
      rest: {},
    });
    assert.deepEqual(place("x", "1&admin=1"), {
      url: "https://shop.example/a/x/b?q=1%26admin%3D1",
      rest: {},
    });
    assert.ok("mistake" in place(".."));
    const two = toolField.parse({ ...findOrder, url: "https://shop.example/a/{number}{detail}" });
    assert.ok("mistake" in addressOf(two, { number: ".", detail: "." }));
  });
});
