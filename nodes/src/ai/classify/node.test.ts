import assert from "node:assert/strict";
import { after, it } from "node:test";
import { isObject, type JsonObject } from "@auraos/kernel";
import { failureOf, firstOf, runNode } from "../../testing.ts";
import { says, startStandIn } from "../testing/standIn.ts";
import { aiClassify } from "./node.ts";

const server = await startStandIn();
after(() => server.close());

const base = {
  baseUrl: server.url,
  model: "small",
  text: "Where is my parcel?",
  labels: [{ label: "delivery", description: "Where a parcel is." }, "billing", "other"],
};
const classify = async (config: JsonObject = {}) =>
  firstOf(await runNode(aiClassify, { config: { ...base, ...config } }));
const formAsked = () => server.seen[0]?.body.response_format;

it("gives one of the labels", async () => {
  server.play(says('{"label":"delivery"}'));
  assert.deepEqual(await classify({ instructions: "When in doubt: other." }), {
    label: "delivery",
    usage: { inputTokens: 20, outputTokens: 5, calls: 1 },
    model: "small-2025-01-01",
    finishReason: "stop",
  });
  assert.deepEqual(formAsked(), {
    type: "json_schema",
    json_schema: {
      name: "label",
      schema: {
        type: "object",
        required: ["label"],
        additionalProperties: false,
        properties: { label: { type: "string", enum: ["delivery", "billing", "other"] } },
      },
      strict: false,
    },
  });
  const { messages } = server.seen[0]?.body ?? {};
  const [system] = Array.isArray(messages) ? messages : [];
  const content = isObject(system) ? String(system.content) : "";
  assert.match(content, /- delivery: Where a parcel is\.\n- billing\n- other.*When in doubt: other\./s);
});

it("asks how sure the model is", async () => {
  server.play(says('{"label":"other","confidence":0.4}'));
  const { label, confidence } = await classify({ confidence: true, format: "strict" });
  assert.deepEqual([label, confidence], ["other", 0.4]);
});

it("never gives another label", async () => {
  server.play(says('{"label":"Delivery"}'), says('{"label":"delivery"}'));
  assert.equal((await classify()).label, "delivery");
  server.play(says('{"label":"complaint"}'));
  assert.equal((await failureOf(() => classify())).code, "AI_ANSWER_INVALID");
  server.play(says('{"label":"other","confidence":7}'));
  assert.equal((await failureOf(() => classify({ confidence: true }))).code, "AI_ANSWER_INVALID");
});

it("wants each label once, and two at least", async () => {
  const labels = ["a", { label: "a", description: "again" }];
  assert.equal(aiClassify.checkConfig?.({ ...base, labels })[0]?.code, "LABEL_TWICE");
  assert.equal((await failureOf(() => classify({ labels }))).field, "labels.1");
  assert.equal((await failureOf(() => classify({ labels: ["a"] }))).field, "labels");
});
