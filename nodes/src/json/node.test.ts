import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { jsonNode } from "./node.ts";

const convert = (config: JsonObject, json: Json) =>
  jsonOf(evaluateNode(jsonNode, { config, items: [json] })).main;

it("parses text into the item, or into a field", () => {
  assert.deepEqual(convert({ operation: "parse" }, { text: '{"a":1}' }), [{ a: 1 }]);
  assert.deepEqual(convert({ operation: "parse" }, { text: "\ufeff[1,2]" }), [1, 2]);
  assert.deepEqual(convert({ operation: "parse", field: "raw", into: "data" }, { raw: "[1]", b: 2 }), [
    { raw: "[1]", b: 2, data: [1] },
  ]);
});

it("formats the item or a field", () => {
  assert.deepEqual(convert({ operation: "format" }, { a: [1] }), [{ text: '{"a":[1]}' }]);
  assert.deepEqual(convert({ operation: "format", field: "a", into: "s", indent: 2 }, { a: { b: 1 } }), [
    { a: { b: 1 }, s: '{\n  "b": 1\n}' },
  ]);
});

it("says what is no JSON", async () => {
  assert.equal(
    (await failureOf(() => convert({ operation: "parse" }, { text: "{" }))).code,
    "DATA_MALFORMED",
  );
  assert.equal(
    (await failureOf(() => convert({ operation: "parse" }, { text: 1 }))).message,
    '"text" is 1, not text.',
  );
});

it("leaves text that would hold up everything else to the nodes for files", async () => {
  const text = `[${" ".repeat(5_000_000)}]`;
  assert.equal((await failureOf(() => convert({ operation: "parse" }, { text }))).code, "TEXT_TOO_LONG");
});
