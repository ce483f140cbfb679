import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { failureOf, firstOf, runNode } from "../../../testing.ts";
import { aiAgent } from "../../agent/node.ts";
import { calls, hang, says, startStandIn } from "../../testing/standIn.ts";
import { needsApproval } from "../fields.ts";
import { aiToolHttp } from "./node.ts";

const server = await startStandIn();
let paid: { body: string; key: unknown }[] = [];
let isDropping = false;
const shop = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  paid.push({ body, key: request.headers["idempotency-key"] });
  if (isDropping) response.destroy();
  else response.end('{"refund":7}');
});
await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
after(() => {
  server.close();
  shop.closeAllConnections();
  shop.close();
});

const refund: JsonObject = {
  name: "refund",
  description: "Pays back.",
  method: "POST",
  url: `http://127.0.0.1:${(shop.address() as AddressInfo).port}/orders/{number}/refunds`,
  parameters: [
    { name: "number", description: "Order." },
    { name: "amount", description: "Euros.", type: "number" },
  ],
};

/** An agent over several attempts, with the steps that the engine would keep. */
function agent(tool: JsonObject = {}) {
  const steps: Json[] = [];
  const attached = { tool: [{ id: "t", name: "t", type: "ai.tool.http", config: { ...refund, ...tool } }] };
  const config = { baseUrl: server.url, model: "small", prompt: "Pay A-7 back." };
  const record = async (step: number, entry: Json) => {
    assert.equal(step, steps.length);
    steps.push(JSON.parse(JSON.stringify(entry)) as Json);
  };
  const run = (attempt: number, signal = new AbortController().signal) =>
    runNode(aiAgent, { config }, { record, signal }, { attached, attempt, steps: [...steps] });
  return { steps, run };
}
const call = calls(["refund", { number: "A-7", amount: 60 }]);

describe("a call that changes something", () => {
  it("sends its values, and is made once: an attempt that is begun again takes what is recorded", async () => {
    paid = [];
    const { steps, run } = agent();
    server.play(call, hang);
    const ending = new AbortController();
    const first = assert.rejects(run(1, ending.signal));
    while (server.seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    ending.abort();
    await first;
    assert.deepEqual(
      paid.map(({ body }) => body),
      ['{"amount":60}'],
    );
    server.play(says("Paid."));
    const result = firstOf(await run(2));
    assert.equal(result.text, "Paid.");
    assert.deepEqual(result.steps, [
      { tool: "refund", arguments: { number: "A-7", amount: 60 }, status: 200 },
    ]);
    assert.equal((result.usage as JsonObject).calls, 2);
    assert.equal(paid.length, 1);
    assert.equal(server.seen.length, 1, "the first answer is not asked for again");
    server.play(says("never asked"));
    assert.equal(firstOf(await run(3)).text, "Paid.");
    assert.equal(server.seen.length, 0);
    assert.equal(steps.length, 5);
  });

  it("is left to a person when its outcome is unknown, also after a crash", async () => {
    paid = [];
    const { steps, run } = agent();
    server.play(call);
    isDropping = true;
    const open = await failureOf(() => run(1));
    assert.deepEqual([open.code, open.needsDecision, open.certainty], ["AI_TOOL_UNKNOWN", true, "unknown"]);
    assert.equal(paid.length, 1);
    assert.equal((await failureOf(() => run(2))).code, "AI_TOOL_UNKNOWN");
    assert.equal(paid.length, 1, "not sent again by itself");
    isDropping = false;
    steps.push({ decision: "retry", by: "ada" });
    server.play(says("Paid."));
    assert.equal(firstOf(await run(3)).text, "Paid.");
    assert.equal(paid.length, 2);
  });

  it("carries a key that makes it safe to repeat, if the service knows one", async () => {
    paid = [];
    const { run } = agent({ idempotencyHeader: "Idempotency-Key" });
    server.play(call);
    isDropping = true;
    const failure = await failureOf(() => run(1));
    assert.deepEqual([failure.class, failure.retryable], ["network", true]);
    isDropping = false;
    server.play(says("Paid."));
    await run(2);
    assert.equal(paid.length, 2);
    assert.equal(paid[0]?.key, "key-1/tool/1");
    assert.equal(paid[1]?.key, paid[0]?.key);
  });
});

describe("approval", () => {
  it("is waited for before the call, and only a decision lets it pass", async () => {
    paid = [];
    const rule = {
      approval: "when",
      approvalWhen: [{ parameter: "amount", operator: "greater", value: 50 }],
    };
    const { steps, run } = agent(rule);
    server.play(call);
    const asked = await failureOf(() => run(1));
    assert.deepEqual([asked.code, asked.needsDecision, asked.certainty], ["AI_APPROVAL", true, "notDone"]);
    assert.deepEqual(asked.detail, {
      ...(asked.detail as JsonObject),
      tool: "refund",
      arguments: { number: "A-7", amount: 60 },
    });
    assert.equal((await failureOf(() => run(2))).code, "AI_APPROVAL", "another attempt is no permission");
    assert.equal(paid.length, 0);
    steps.push({ decision: "retry", by: "ada" });
    server.play(says("Paid."));
    const { steps: done } = firstOf(await run(3));
    assert.equal((done as JsonObject[])[0]?.allowed, true);
    assert.equal(paid.length, 1);
  });

  it("goes by its rule, and asks when the rule cannot be applied", () => {
    const rule = (operator: "greater" | "contains", value: Json) => ({
      approval: "when" as const,
      approvalWhen: [{ parameter: "amount", operator, value }],
    });
    assert.equal(needsApproval({ approval: "never" }, {}), false);
    assert.equal(needsApproval({ approval: "always" }, {}), true);
    assert.equal(needsApproval(rule("greater", 50), { amount: 50 }), false);
    assert.equal(needsApproval(rule("greater", 50), { amount: 51 }), true);
    assert.equal(needsApproval(rule("greater", 50), { amount: "51" }), true);
    assert.equal(needsApproval(rule("greater", 50), {}), true);
    assert.equal(needsApproval({ approval: "when" }, {}), true);
  });
});

it("has an address whose host the model cannot choose, and makes its agent record what it is given", () => {
  const field = (url: string) => aiToolHttp.checkConfig?.({ ...refund, url })[0]?.field;
  assert.equal(field("https://{number}.example/"), "url");
  assert.equal(field("https://shop.example/{nothing}"), "url");
  assert.equal(field("https://shop.example/{number}"), undefined);
  const effect = (method: string) =>
    aiAgent.effectOf?.({
      attached: { tool: [{ id: "t", name: "t", type: "ai.tool.http", config: { method } }] },
    });
  assert.deepEqual([effect("GET"), effect("POST"), aiAgent.effectOf?.({})], ["read", "idempotent", "read"]);
});
