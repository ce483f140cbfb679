import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, jsonOf } from "../testing.ts";
import { sortNode } from "./node.ts";

const sort = (by: JsonObject[], items: Json[]) =>
  jsonOf(evaluateNode(sortNode, { config: { by }, items })).main;

it("orders by several fields and keeps equals in their order", () => {
  const items = [
    { a: 2, b: "x", n: 0 },
    { a: 1, b: "y", n: 1 },
    { a: 2, b: "a", n: 2 },
    { a: 1, b: "y", n: 3 },
  ];
  assert.deepEqual(
    sort([{ field: "a", order: "descending" }, { field: "b" }], items)?.map((json) => (json as JsonObject).n),
    [2, 0, 1, 3],
  );
});

it("puts numbers before texts and what is missing last, either way", () => {
  const items = [{ v: "b" }, {}, { v: 10 }, { v: null }, { v: 9 }, { v: "B" }];
  const values = (by: JsonObject) => sort([by], items)?.map((json) => (json as JsonObject).v ?? null);
  assert.deepEqual(values({ field: "v" }), [9, 10, "B", "b", null, null]);
  assert.deepEqual(values({ field: "v", order: "descending" }), ["b", "B", 10, 9, null, null]);
  assert.deepEqual(values({ field: "v", ignoreCase: true }), [9, 10, "b", "B", null, null]);
});
