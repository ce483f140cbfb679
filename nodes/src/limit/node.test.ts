import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { limitNode } from "./node.ts";

const limit = (config: JsonObject) => evaluateNode(limitNode, { config, items: [1, 2, 3, 4, 5] });

it("counts from the start or the end", () => {
  assert.deepEqual(jsonOf(limit({ count: 2 })).main, [1, 2]);
  assert.deepEqual(jsonOf(limit({ count: 2, skip: 1, from: "end" })).main, [3, 4]);
  assert.deepEqual(limit({ count: 9, skip: 3 }).main, { items: [{ json: 4 }, { json: 5 }], lineage: [3, 4] });
  assert.deepEqual(jsonOf(limit({ count: 1, skip: 9, from: "end" })).main, []);
  assert.deepEqual(jsonOf(limit({ count: 0 })).main, []);
});

it("names the field that is wrong", async () => {
  const failure = await failureOf(() => limit({ count: "two" }));
  assert.deepEqual([failure.code, failure.message], ["PARAM_INVALID", '"count" must be a number.']);
});
