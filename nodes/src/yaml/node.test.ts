import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import fc from "fast-check";
import { evaluateNode, failureOf, firstOf, jsonOf } from "../testing.ts";
import { yamlNode } from "./node.ts";

const parse = (text: string, config: JsonObject = {}) =>
  jsonOf(evaluateNode(yamlNode, { config: { operation: "parse", ...config }, items: [{ text }] })).main;
const format = (json: Json) =>
  firstOf(evaluateNode(yamlNode, { config: { operation: "format" }, items: [{ json }] })).text as string;

it("reads data of YAML 1.2: yes and no are text, dates too", () => {
  assert.deepEqual(parse("a: 1\nb: [yes, true, ~, 0x10, 2026-01-02]\nc: |\n  two\n  lines\n"), [
    { a: 1, b: ["yes", true, null, 16, "2026-01-02"], c: "two\nlines\n" },
  ]);
  assert.deepEqual(parse("x: &a {k: 1}\ny: *a"), [{ x: { k: 1 }, y: { k: 1 } }]);
});

it("gives an item per document and per element", () => {
  assert.deepEqual(parse("a: 1\n---\na: 2\n"), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(parse("- 1\n- 2\n"), [1, 2]);
  assert.deepEqual(parse("- 1\n- 2\n", { into: "list" }), [{ text: "- 1\n- 2\n", list: [1, 2] }]);
  assert.deepEqual(parse(""), []);
});

it("says what is wrong, and is not taken in", async () => {
  assert.match((await failureOf(() => parse("a: [1"))).message, /"text" is not YAML: .*line 1/);
  assert.equal((await failureOf(() => parse("a: 1\na: 2"))).code, "DATA_MALFORMED");
  const levels = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (let index = 1; index < 9; index++) {
    const [name, before] = [String.fromCharCode(97 + index), String.fromCharCode(96 + index)];
    levels.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`);
  }
  assert.match((await failureOf(() => parse(levels.join("\n")))).message, /too much by aliases/);
  assert.match((await failureOf(() => parse("__proto__: {a: 1}"))).message, /__proto__/);
  assert.match((await failureOf(() => parse("a: .inf"))).message, /Infinity/);
});

it("reads back what it writes", () => {
  const data = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes("__proto__"));
  fc.assert(
    fc.property(data, (value) => {
      const clean = JSON.parse(JSON.stringify(value)) as Json;
      const item = { json: { data: clean } };
      const text = firstOf(
        evaluateNode(yamlNode, {
          config: { operation: "format", field: "data", into: "text" },
          items: [item],
        }),
      ).text as string;
      assert.deepEqual(
        firstOf(evaluateNode(yamlNode, { config: { operation: "parse", into: "back" }, items: [{ text }] }))
          .back,
        clean,
      );
    }),
    { numRuns: 200 },
  );
  assert.equal(format({ on: "yes", list: [1] }), "on: yes\nlist:\n  - 1\n");
});
