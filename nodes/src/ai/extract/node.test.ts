import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { isObject, type JsonObject } from "@auraos/kernel";
import { failureOf, firstOf, runNode } from "../../testing.ts";
import { completion, refuse, says, startStandIn } from "../testing/standIn.ts";
import { aiExtract } from "./node.ts";

const server = await startStandIn();
after(() => server.close());

const form = {
  type: "object",
  required: ["number", "amount"],
  additionalProperties: false,
  properties: { number: { type: "string" }, amount: { type: "number", minimum: 0 } },
};
const base = {
  baseUrl: server.url,
  model: "small",
  text: "Invoice A-7 over 12.50",
  instructions: "Amounts are in euros.",
  schema: form,
};
const extract = async (config: JsonObject = {}) =>
  firstOf(await runNode(aiExtract, { config: { ...base, ...config } }));
const failure = (config: JsonObject = {}) => failureOf(() => extract(config));
const right = '{"number":"A-7","amount":12.5}';
const contents = (place: number): string[] => {
  const messages = server.seen[place]?.body.messages;
  return Array.isArray(messages) ? messages.map((one) => String(isObject(one) ? one.content : "")) : [];
};

describe("data", () => {
  it("is asked for by schema, and given as it fits", async () => {
    server.play(says(right));
    assert.deepEqual(await extract(), {
      data: { number: "A-7", amount: 12.5 },
      repaired: false,
      usage: { inputTokens: 20, outputTokens: 5, calls: 1 },
      model: "small-2025-01-01",
      finishReason: "stop",
    });
    assert.deepEqual(server.seen[0]?.body.response_format, {
      type: "json_schema",
      json_schema: { name: "data", schema: form, strict: false },
    });
    const [system, text] = contents(0);
    assert.match(system ?? "", /invent nothing.*Amounts are in euros\..*"minimum":0/s);
    assert.equal(text, base.text);
  });

  it("may be asked for strictly, as JSON, or in words only", async () => {
    const rows: [string, unknown, boolean][] = [
      ["strict", { type: "json_schema", json_schema: { name: "data", schema: form, strict: true } }, false],
      ["json", { type: "json_object" }, true],
      ["text", undefined, true],
    ];
    for (const [format, expected, isInWords] of rows) {
      server.play(says(`\`\`\`json\n${right}\n\`\`\``));
      assert.deepEqual((await extract({ format })).data, { number: "A-7", amount: 12.5 });
      assert.deepEqual(server.seen[0]?.body.response_format, expected);
      assert.equal(contents(0)[0]?.includes('"minimum":0'), isInWords);
    }
  });

  it("that does not fit goes back once, with its mistakes", async () => {
    server.play(says('{"number":7}'), says(right));
    const { data, repaired, usage } = await extract({
      prices: { inputPerMillion: 1, outputPerMillion: 4 },
    });
    assert.deepEqual([data, repaired], [{ number: "A-7", amount: 12.5 }, true]);
    assert.deepEqual(usage, { inputTokens: 40, outputTokens: 10, calls: 2, cost: 0.00008 });
    const [, , answer, mistakes] = contents(1);
    assert.equal(answer, '{"number":7}');
    assert.match(mistakes ?? "", /\/amount is missing\..*\/number must be string/);
  });

  it("that is wrong twice never leaves the node", async () => {
    for (const wrong of ["I think it is A-7.", '{"number":"A-7","amount":-1}', `Sure! ${right}`]) {
      server.play(says(wrong));
      const found = await failure();
      assert.deepEqual([found.code, found.class, found.retryable], ["AI_ANSWER_INVALID", "data", true]);
      const detail = found.detail as JsonObject;
      assert.deepEqual(detail.usage, { inputTokens: 40, outputTokens: 10, calls: 2 });
      assert.equal(detail.answer, wrong);
      assert.equal(server.seen.length, 2);
    }
  });

  it("that was cut, refused or not given is not repaired", async () => {
    server.play(says('{"number":"A', { finish_reason: "length" }));
    assert.equal((await failure({ maxTokens: 5 })).code, "AI_CUT_OFF");
    assert.equal(server.seen.length, 1);
    server.play(completion({ message: { refusal: "No." } }));
    assert.equal((await failure()).code, "AI_REFUSED");
    server.play(says("no"), refuse(429, { message: "slow down" }, { "retry-after": "2" }));
    const limited = await failure();
    assert.deepEqual([limited.code, limited.retryAfterMs], ["AI_RATE_LIMITED", 2000]);
    assert.deepEqual((limited.detail as JsonObject).usage, { inputTokens: 20, outputTokens: 5, calls: 1 });
  });
});

it("wants a sound schema, also one that only comes at run time", async () => {
  const schema = { type: "thing" };
  const [problem] = aiExtract.checkConfig?.({ ...base, schema }) ?? [];
  assert.equal(problem?.field, "schema.type");
  const found = await failure({ schema });
  assert.deepEqual([found.code, found.field], ["PARAM_INVALID", "schema.type"]);
});
