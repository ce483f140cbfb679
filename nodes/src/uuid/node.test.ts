import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, jsonOf } from "../testing.ts";
import { uuidNode } from "./node.ts";

const ids = (config: JsonObject, count = 1) =>
  (
    jsonOf(evaluateNode(uuidNode, { config, items: Array.from({ length: count }, (_, n) => ({ n })) }))
      .main as JsonObject[]
  ).map((json) => json.id as string);

it("gives every item its own id, the same in every replay", () => {
  const made = ids({}, 1000);
  assert.equal(new Set(made).size, 1000);
  for (const id of made)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(ids({}, 1000), made);
});

it("makes v7 of the time", () => {
  const [id = ""] = ids({ version: "v7" });
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  assert.equal(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16), 1_767_225_600_000);
});

it("makes v5 as RFC 9562 says", () => {
  assert.deepEqual(ids({ version: "v5", namespace: "dns", name: "www.example.com" }), [
    "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  ]);
  assert.equal(uuidNode.checkConfig?.({ version: "v5" })[0]?.field, "name");
  assert.equal(uuidNode.checkConfig?.({ namespace: "mine" })[0]?.field, "namespace");
});
