import assert from "node:assert/strict";
import { it } from "node:test";
import type { Attached, JsonObject } from "@auraos/kernel";
import { firstOf, runNode } from "../../testing.ts";
import { aiChat } from "../chat/node.ts";
import { says, startStandIn } from "../testing/standIn.ts";
import { aiModel } from "./node.ts";

const attach = (config: JsonObject): Attached => ({
  model: [{ id: "m", name: "m", type: "ai.model", config }],
});

it("gives its settings to the node it is attached to, whose own count more", async (t) => {
  const server = await startStandIn();
  t.after(() => server.close());
  server.play(says("Yes."));
  const model = {
    model: "small",
    baseUrl: server.url,
    temperature: 1,
    prices: { inputPerMillion: 1, outputPerMillion: 4 },
  };
  const config = { prompt: "Is it?", temperature: 0 };
  const result = firstOf(await runNode(aiChat, { config }, {}, { attached: attach(model) }));
  assert.equal(result.text, "Yes.");
  assert.equal((result.usage as JsonObject).cost, 0.00004);
  const { body } = server.seen[0] ?? {};
  assert.deepEqual([body?.model, body?.temperature], ["small", 0]);
});

it("stands for the settings when a workflow is checked; without one the remedy says what to do", () => {
  const check = (config: JsonObject, attached?: Attached) =>
    aiChat.checkConfig?.({ prompt: "x", ...config }, attached) ?? [];
  assert.deepEqual(check({}, attach({ model: "small", baseUrl: "http://h/v1" })), []);
  assert.deepEqual(
    check({}).map(({ field }) => field),
    ["model", "apiKey"],
  );
  assert.match(check({})[0]?.remedy ?? "", /attach a model/);
  assert.match(check({ model: "gpt" })[0]?.remedy ?? "", /key of your OpenAI account/);
  assert.equal(check({}, attach({ model: "gpt" }))[0]?.code, "AI_KEY_MISSING");
  const two = { model: [...(attach({ model: "a" }).model ?? []), ...(attach({ model: "b" }).model ?? [])] };
  assert.equal(check({}, two)[0]?.code, "AI_MODELS");
  assert.equal(aiModel.checkConfig?.({ model: "gpt" })[0]?.code, "AI_KEY_MISSING");
});
