import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { renameNode } from "./node.ts";

const rename = (config: JsonObject, item: JsonObject) =>
  jsonOf(evaluateNode(renameNode, { config, items: [item] })).main?.[0] as JsonObject;

it("renames in place, so that fields keep their order", () => {
  const made = rename({ fields: { b: "x" } }, { a: 1, b: 2, c: 3 });
  assert.deepEqual(Object.entries(made), [
    ["a", 1],
    ["x", 2],
    ["c", 3],
  ]);
});

it("swaps names, and moves in and out of objects without changing what was given", () => {
  assert.deepEqual(rename({ fields: { a: "b", b: "a" } }, { a: 1, b: 2 }), { b: 1, a: 2 });
  const given = { customer: { nm: "Ada", id: 7 }, city: "Paris" };
  const before = structuredClone(given);
  assert.deepEqual(rename({ fields: { "customer.nm": "name", city: "customer.city" } }, given), {
    customer: { id: 7, city: "Paris" },
    name: "Ada",
  });
  assert.deepEqual(given, before);
});

it("writes all names in one way, deep when asked", () => {
  const given = { "Order ID": 1, HTTPStatus: 2, line_items: [{ "unit-price": 3 }], größe2: 4 };
  assert.deepEqual(rename({ casing: "camel" }, given), {
    orderId: 1,
    httpStatus: 2,
    lineItems: [{ "unit-price": 3 }],
    größe2: 4,
  });
  assert.deepEqual(rename({ casing: "snake", deep: true }, given), {
    order_id: 1,
    http_status: 2,
    line_items: [{ unit_price: 3 }],
    größe_2: 4,
  });
  assert.deepEqual(rename({ casing: "constant", prefix: "x_" }, { aB: 1 }), { x_A_B: 1 });
});

it("never loses a field by chance", async () => {
  const clash = await failureOf(() => rename({ fields: { a: "b" } }, { a: 1, b: 2 }));
  assert.match(clash.message, /"b" to two fields/);
  assert.deepEqual(rename({ fields: { b: "a" }, whenTaken: "replace" }, { a: 1, b: 2 }), { a: 2 });
  assert.equal((await failureOf(() => rename({ casing: "camel" }, { a_b: 1, aB: 2 }))).code, "PARAM_INVALID");
  assert.deepEqual(rename({ fields: { nothing: "x" } }, { a: 1 }), { a: 1 });
  const missing = await failureOf(() => rename({ fields: { nothing: "x" }, whenMissing: "fail" }, { a: 1 }));
  assert.match(missing.message, /no field "nothing"/);
  assert.equal(
    (await failureOf(() => rename({ fields: { a: "__proto__" } }, { a: 1 }))).code,
    "PARAM_INVALID",
  );
});

it("keeps files", () => {
  const files = { data: { blob: "b", name: "n", mimeType: "text/plain", bytes: 1 } };
  const out = evaluateNode(renameNode, {
    config: { fields: { a: "b" } },
    items: [{ json: { a: 1 }, files }],
  });
  assert.deepEqual(out.main?.items, [{ json: { b: 1 }, files }]);
});
