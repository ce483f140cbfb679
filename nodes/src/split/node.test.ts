import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { splitNode } from "./node.ts";

const split = (config: JsonObject, ...items: Json[]) =>
  jsonOf(evaluateNode(splitNode, { config, items })).main;

it("makes an item of each element", () => {
  assert.deepEqual(split({ field: "a.list" }, { a: { list: [{ x: 1 }, 2] } }, { a: {} }, {}), [{ x: 1 }, 2]);
});

it("keeps the other fields when asked", () => {
  assert.deepEqual(split({ field: "list", keep: true }, { id: 7, list: [{ x: 1 }, { id: 8 }] }), [
    { id: 7, x: 1 },
    { id: 8 },
  ]);
  assert.deepEqual(split({ field: "list", keep: true, into: "one" }, { id: 7, list: [1] }), [
    { id: 7, one: 1 },
  ]);
});

it("refuses what is no list, and elements without fields to mix", async () => {
  assert.equal(
    (await failureOf(() => split({ field: "a" }, { a: "x" }))).message,
    '"a" is text "x", not a list.',
  );
  assert.match((await failureOf(() => split({ field: "a", keep: true }, { a: [1] }))).remedy ?? "", /"into"/);
});
