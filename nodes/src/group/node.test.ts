import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { groupNode } from "./node.ts";

const orders = [
  { no: 1, customer: { id: 7 }, sum: 10 },
  { no: 2, customer: { id: 8 }, sum: 20 },
  { no: 3, customer: { id: 7 }, sum: 30 },
];
const group = (config: JsonObject, items: JsonObject[] = orders) =>
  evaluateNode(groupNode, { config, items });

it("gives one item per group, in the order groups appear", () => {
  const outputs = group({ by: ["customer.id"], into: "orders", count: "n" });
  assert.deepEqual(jsonOf(outputs).main, [
    { customer: { id: 7 }, n: 2, orders: [orders[0], orders[2]] },
    { customer: { id: 8 }, n: 1, orders: [orders[1]] },
  ]);
  assert.deepEqual(outputs.main?.lineage, [[0, 2], [1]]);
});

it("keeps only what is asked of the members", () => {
  const one = jsonOf(group({ by: ["customer.id"], take: ["no"] })).main as JsonObject[];
  assert.deepEqual(one[0]?.items, [1, 3]);
  const two = jsonOf(group({ by: ["customer.id"], take: ["no", "gone"] })).main as JsonObject[];
  assert.deepEqual(two[1]?.items, [{ no: 2, gone: null }]);
});

it("makes one object with a list per value", async () => {
  const outputs = group({ by: ["customer.id"], shape: "object", take: ["no"] });
  assert.deepEqual(jsonOf(outputs).main, [{ 7: [1, 3], 8: [2] }]);
  assert.deepEqual(outputs.main?.lineage, [[0, 2, 1]]);
  const mixed = await failureOf(() => group({ by: ["k"], shape: "object" }, [{ k: 1 }, { k: "1" }]));
  assert.match(mixed.message, /two kinds/);
  const deep = await failureOf(() => group({ by: ["k"], shape: "object" }, [{ k: { a: 1 } }]));
  assert.match(deep.message, /cannot name a group/);
  assert.equal(groupNode.checkConfig?.({ by: ["a", "b"], shape: "object" })[0]?.field, "by");
});

it("puts what is missing into one group", () => {
  assert.deepEqual(jsonOf(group({ by: ["k"] }, [{}, { k: null }])).main, [
    { k: null, items: [{}, { k: null }] },
  ]);
});
