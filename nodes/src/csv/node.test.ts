import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { csvNode } from "./node.ts";

const parse = (text: string, config: JsonObject = {}) =>
  jsonOf(evaluateNode(csvNode, { config: { operation: "parse", ...config }, items: [{ text }] })).main;
const format = (items: Json[], config: JsonObject = {}) =>
  jsonOf(evaluateNode(csvNode, { config: { operation: "format", ...config }, items })).main;

describe("parse", () => {
  it("reads quotes, line breaks, a byte order mark and other delimiters", () => {
    assert.deepEqual(parse('\ufeffname,note\r\n"O""Neill, Grace","two\nlines"\r\n\r\nAda,\r\n'), [
      { name: 'O"Neill, Grace', note: "two\nlines" },
      { name: "Ada", note: "" },
    ]);
    assert.deepEqual(parse("a;b\n1;2", { delimiter: ";" }), [{ a: "1", b: "2" }]);
    assert.deepEqual(parse(""), []);
    assert.deepEqual(parse("only,a,header"), []);
  });

  it("names columns without a header, and nameless or doubled ones", () => {
    assert.deepEqual(parse("1,2", { header: false }), [{ column1: "1", column2: "2" }]);
    assert.deepEqual(parse("1,2", { header: ["x", "y"] }), [{ x: "1", y: "2" }]);
    assert.deepEqual(parse("a,,a\n1,2,3"), [{ a: "1", column2: "2", a_2: "3" }]);
  });

  it("leaves values as text unless asked", () => {
    const text = "n,zip,big,flag,empty\n1.50,00123,12345678901234567890,true,\n";
    assert.deepEqual(parse(text), [
      { n: "1.50", zip: "00123", big: "12345678901234567890", flag: "true", empty: "" },
    ]);
    assert.deepEqual(parse(text, { types: "infer" }), [
      { n: 1.5, zip: "00123", big: "12345678901234567890", flag: true, empty: null },
    ]);
    assert.deepEqual(parse("a,b\n7,8", { types: { a: "number" } }), [{ a: 7, b: "8" }]);
  });

  it("says where it is wrong", async () => {
    const uneven = await failureOf(() => parse("a,b\n1,2\n3"));
    assert.equal(uneven.code, "DATA_MALFORMED");
    assert.match(uneven.message, /line 3/);
    assert.deepEqual(parse("a,b\n3", { relaxed: true }), [{ a: "3" }]);
    assert.match(
      (await failureOf(() => parse("a\nx", { types: { a: "number" } }))).message,
      /Column "a" of row 1 holds "x"/,
    );
    assert.match(
      (await failureOf(() => parse("a", { field: "body" }))).message,
      /"body" is nothing, not text/,
    );
  });

  it("keeps for each row the item it came from", () => {
    const outputs = evaluateNode(csvNode, {
      config: { operation: "parse" },
      items: [{ text: "a\n1\n2" }, { text: "a\n3" }],
    });
    assert.deepEqual(outputs.main?.lineage, [0, 0, 1]);
  });
});

describe("format", () => {
  it("writes what parse reads", () => {
    const items = [
      { a: 'say "hi"', b: 1 },
      { a: "x,y", c: { deep: [1] } },
    ];
    const text = 'a,b,c\n"say ""hi""",1,\n"x,y",,"{""deep"":[1]}"\n';
    assert.deepEqual(format(items), [{ text, rows: 2 }]);
    assert.deepEqual(parse(text)?.length, 2);
  });

  it("takes columns, titles and a delimiter", () => {
    assert.deepEqual(format([{ a: 1, b: 2 }], { columns: ["b", "a"], header: ["B", "A"], delimiter: "\t" }), [
      { text: "B\tA\n2\t1\n", rows: 1 },
    ]);
    assert.deepEqual(format([{ a: 1 }], { header: false, field: "out" }), [{ out: "1\n", rows: 1 }]);
  });

  it("defuses formulas when asked", () => {
    assert.deepEqual(format([{ a: "=1+1" }], { escapeFormulas: true, header: false }), [
      { text: "'=1+1\n", rows: 1 },
    ]);
  });

  it("writes the header alone for no items", () => {
    assert.deepEqual(format([], { columns: ["a"] }), [{ text: "a\n", rows: 0 }]);
  });
});

it("leaves text that would hold up everything else to the nodes for files", async () => {
  const failure = await failureOf(() => parse("a\n".repeat(2_500_001)));
  assert.equal(failure.code, "TEXT_TOO_LONG");
  assert.match(failure.remedy ?? "", /Transform rows/);
});
