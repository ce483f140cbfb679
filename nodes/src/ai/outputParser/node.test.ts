import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { ActivityError, type NodeModule } from "../../defineNode.ts";
import { firstOf, runNode } from "../../testing.ts";
import { aiAgent } from "../agent/node.ts";
import { aiChat } from "../chat/node.ts";
import { calls, says, startStandIn } from "../testing/standIn.ts";
import { aiOutputParser } from "./node.ts";

const server = await startStandIn();
const shop = createServer((_request, response) => response.end('{"state":"sent"}'));
await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
after(() => {
  server.close();
  shop.closeAllConnections();
  shop.close();
});

const form = { type: "object", required: ["state"], properties: { state: { enum: ["sent", "open"] } } };
const right = '{"state":"sent"}';
const wrong = '{"state":"on its way"}';
const tool = { name: "order", description: "Gives an order.", url: "" };
const nodes: [NodeModule, JsonObject][] = [
  [aiChat, {}],
  [
    aiAgent,
    {
      tools: [{ ...tool, url: `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`, parameters: [] }],
    },
  ],
];
const parser = (config: JsonObject = {}) => ({
  id: "p",
  name: "p",
  type: "ai.outputParser",
  config: { schema: form, ...config },
});

for (const [module, more] of nodes) {
  const ask = async (parsers = [parser()], config: JsonObject = {}) => {
    const whole = { baseUrl: server.url, model: "small", prompt: "Where is it?", ...more, ...config };
    return firstOf(await runNode(module, { config: whole }, {}, { attached: { outputParser: parsers } }));
  };
  const failureOf = async (...given: Parameters<typeof ask>) => {
    const error = await ask(...given).then(
      () => assert.fail("it did not fail"),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ActivityError, String(error));
    return error.failure;
  };
  const messages = (at: number) => server.seen[at]?.body.messages as { role: string; content: string }[];

  describe(`attached to ${module.type}, it`, () => {
    it("gives data, asked for by schema and in words, in the one system message", async () => {
      server.play(says(right));
      const { data, text, repaired } = await ask();
      assert.deepEqual([data, text, repaired], [{ state: "sent" }, right, false]);
      assert.deepEqual(server.seen[0]?.body.response_format, {
        type: "json_schema",
        json_schema: { name: "answer", schema: form, strict: false },
      });
      const systems = messages(0).filter(({ role }) => role === "system");
      assert.equal(systems.length, 1);
      assert.match(String(systems[0]?.content), /JSON Schema:\n.*"sent","open"/);
    });

    it("lets an answer be repaired, told what is wrong with it", async () => {
      server.play(says(wrong), says(`\`\`\`json\n${right}\n\`\`\``));
      const { data, repaired, usage } = await ask();
      assert.deepEqual([data, repaired, (usage as JsonObject).calls], [{ state: "sent" }, true, 2]);
      const [answer, complaint] = messages(1).slice(-2);
      assert.deepEqual([answer?.role, answer?.content], ["assistant", wrong]);
      assert.match(String(complaint?.content), /state.*must be one of/);
    });

    it("fails when the bounded number of repairs is used up, telling what was spent", async () => {
      for (const repairsMax of [0, 1, 3]) {
        server.play(says("Soon."));
        const { code, class: kind, retryable, detail } = await failureOf([parser({ repairsMax })]);
        assert.deepEqual([code, kind, retryable], ["AI_ANSWER_INVALID", "data", true]);
        assert.equal(server.seen.length, repairsMax + 1);
        const { usage, answer } = detail as { usage: JsonObject; answer: string };
        assert.deepEqual([usage.calls, answer], [repairsMax + 1, "Soon."]);
      }
    });

    it("is one, and has a sound schema", async () => {
      server.play(says(right));
      const twice = await failureOf([parser(), parser()]);
      assert.deepEqual([twice.code, twice.field], ["PARAM_INVALID", "outputParser"]);
      const unsound = await failureOf([parser({ schema: { type: "text" } })]);
      assert.deepEqual([unsound.code, unsound.field], ["PARAM_INVALID", "schema.type"]);
      assert.equal(server.seen.length, 0);
      const config = { model: "m", apiKey: "k", prompt: "p", ...more };
      const found = module.checkConfig?.(config, { outputParser: [parser(), parser()] }) ?? [];
      assert.deepEqual(
        found.map(({ code }) => code),
        ["AI_PARSERS"],
      );
    });
  });
}

it("leaves an agent free between its tools; only the last answer has the form", async () => {
  const [, [module, more]] = nodes as [unknown, (typeof nodes)[number]];
  server.play(calls(["order", {}]), says(wrong), says(right));
  const config = { baseUrl: server.url, model: "small", prompt: "Where?", stepsMax: 3, ...more };
  const attached = { outputParser: [parser()] };
  const { data, steps } = firstOf(await runNode(module, { config }, {}, { attached }));
  assert.deepEqual([data, (steps as JsonObject[]).length], [{ state: "sent" }, 1]);
  server.play(calls(["order", {}]), says(wrong));
  const capped = runNode(module, { config: { ...config, stepsMax: 2 } }, {}, { attached });
  await assert.rejects(
    capped,
    (error) => error instanceof ActivityError && error.failure.code === "AI_STEPS_MAX",
  );
});

it("puts the form into the instructions that a conversation brings itself", async () => {
  server.play(says(right));
  const said = [{ role: "system", content: "Be kind." }];
  const config = { baseUrl: server.url, model: "small", prompt: "Where?", messages: said };
  await runNode(aiChat, { config }, {}, { attached: { outputParser: [parser()] } });
  const [system, ...rest] = (server.seen[0]?.body.messages ?? []) as { role: string; content: string }[];
  assert.match(String(system?.content), /^Be kind\.\n\nAnswer with one JSON value/);
  assert.deepEqual(
    rest.map(({ role }) => role),
    ["user"],
  );
});

it("refuses what is no schema where it stands", () => {
  const [problem] = aiOutputParser.checkConfig?.({ schema: { type: "text" } }) ?? [];
  assert.deepEqual([problem?.code, problem?.field], ["SCHEMA_INVALID", "schema.type"]);
});
