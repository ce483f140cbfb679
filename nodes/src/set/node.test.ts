import assert from "node:assert/strict";
import { it } from "node:test";
import type { Item, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { setNode } from "./node.ts";

const set = (config: JsonObject, json: Item["json"]) =>
  jsonOf(evaluateNode(setNode, { config, items: [{ json }] })).main?.[0];

it("writes fields, inside others too, and keeps the rest", () => {
  const json = { a: 1, customer: { name: "Ada", city: "Paris" }, lines: [{ sku: "x" }] };
  const before = structuredClone(json);
  assert.deepEqual(
    set({ fields: { b: 2, "customer.city": "London", "lines.0.price": 3, "new.deep": true } }, json),
    {
      a: 1,
      b: 2,
      customer: { name: "Ada", city: "London" },
      lines: [{ sku: "x", price: 3 }],
      new: { deep: true },
    },
  );
  assert.deepEqual(json, before, "what was given is not changed");
});

it("drops the rest, and the files, when not keeping", () => {
  const files = { data: { blob: "b", name: "n", mimeType: "text/plain", bytes: 1 } };
  const given = { config: { fields: { b: 2 }, keep: false }, items: [{ json: { a: 1 }, files }] };
  assert.deepEqual(evaluateNode(setNode, given).main?.items, [{ json: { b: 2 } }]);
  const kept = evaluateNode(setNode, { ...given, config: { fields: {} } });
  assert.deepEqual(kept.main?.items, [{ json: { a: 1 }, files }]);
});

it("removes fields, and nothing that is not there", () => {
  const json = { a: { b: 1, c: 2 }, "x.y": 1, list: [1, 2] };
  assert.deepEqual(set({ remove: ["a.b", "x.y", "nothing.here", "list.0"] }, json), {
    a: { c: 2 },
    list: [1, 2],
  });
});

it("says clearly what does not fit", async () => {
  assert.equal((await failureOf(() => set({ fields: "text" }, {}))).field, "fields");
  assert.equal(
    (await failureOf(() => set({ keep: "no" }, {}))).message,
    '"keep" must be true or false, not text "no".',
  );
  assert.equal((await failureOf(() => set({ fields: { a: 1 } }, [1]))).code, "DATA_INVALID");
  assert.equal(
    (await failureOf(() => set({ fields: { ["__proto__"]: { a: 1 } } }, {}))).code,
    "PARAM_INVALID",
  );
});
