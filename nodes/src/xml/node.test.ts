import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { xmlNode } from "./node.ts";

const parse = (text: string, config: JsonObject = {}) =>
  jsonOf(evaluateNode(xmlNode, { config: { operation: "parse", ...config }, items: [{ text }] })).main;
const format = (json: Json, config: JsonObject = {}) =>
  (
    jsonOf(
      evaluateNode(xmlNode, {
        config: { operation: "format", declaration: false, indent: 0, ...config },
        items: [{ json }],
      }),
    ).main as { text: string }[]
  )[0]?.text;

describe("parse", () => {
  it("makes data of elements, attributes and text", () => {
    const text = `\ufeff<?xml version="1.0"?><!-- c -->
      <order id='1 &amp; &#233;' xmlns:x="u"><line n="1">A</line><line>&lt;B&gt;<![CDATA[<c>&amp;]]></line>
      <x:note/><mixed a="1">some <b>bold</b> text</mixed></order>`;
    const order = {
      "@id": "1 & é",
      "@xmlns:x": "u",
      line: [{ "@n": "1", "#text": "A" }, "<B><c>&amp;"],
      "x:note": "",
      mixed: { "@a": "1", b: "bold", "#text": "some  text" },
    };
    assert.deepEqual(parse(text), [{ order }]);
    const { "@xmlns:x": _, "x:note": note, ...rest } = order;
    assert.deepEqual(parse(text, { namespaces: false }), [{ order: { ...rest, note } }]);
  });

  it("gives one item per element, whether one or many come", () => {
    const config = { items: "r.i", lists: ["l"] };
    assert.deepEqual(parse("<r><i><l>1</l></i></r>", config), [{ l: ["1"] }]);
    assert.deepEqual(parse("<r><i>1</i><i>2</i></r>", config), ["1", "2"]);
    assert.deepEqual(parse("<r/>", config), []);
    assert.deepEqual(parse("<r><i>1</i></r>", { items: "r.i", into: "x" }), [
      { text: "<r><i>1</i></r>", x: "1" },
    ]);
  });

  it("is strict, and says where", async () => {
    const wrong: [string, RegExp][] = [
      ["<a>\n<b></a>", /closes <a> where <b> is open \(line 2, column 7\)/],
      ["<a>", /ends before <a> is closed/],
      ["<a/><b/>", /second element/],
      ["", /no element/],
      ["x<a/>", /text outside/],
      ["<a b=1/>", /without quotes/],
      ["<a b='1' b='2'/>", /twice/],
      ["<a>fish & chips</a>", /&amp;/],
      ["<a>&nbsp;</a>", /no character XML knows/],
      ["<a>&#0;</a>", /no character/],
      ["<a b='<'/>", /< in the value/],
      ["<a></a></b>", /not open/],
      [`${"<a>".repeat(300)}${"</a>".repeat(300)}`, /deeper than 200/],
    ];
    for (const [text, message] of wrong) {
      const failure = await failureOf(() => parse(text));
      assert.equal(failure.code, "DATA_MALFORMED", text.slice(0, 20));
      assert.match(failure.message, message);
    }
  });

  it("reads no files and does not grow: document types are refused", async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY x "${"y".repeat(100)}"><!ENTITY z "&x;&x;">]><a>&z;</a>`;
    assert.match((await failureOf(() => parse(bomb))).message, /document type/);
    assert.match(
      (await failureOf(() => parse('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'))).message,
      /document type/,
    );
    assert.equal((await failureOf(() => parse("<__proto__/>"))).code, "DATA_INVALID");
    assert.equal((await failureOf(() => parse(" ".repeat(5_000_001)))).code, "TEXT_TOO_LONG");
  });
});

describe("format", () => {
  it("writes elements, lists, attributes, and signs that need it", () => {
    const data = {
      order: { "@id": 1, line: [{ "@n": true, "#text": "a<b" }, 'c & "d"'], none: null, empty: [] },
    };
    assert.equal(
      format(data),
      '<order id="1"><line n="true">a&lt;b</line><line>c &amp; &quot;d&quot;</line><none/></order>',
    );
    assert.equal(
      format({ a: 1, b: "x\u0000" }, { root: "r", indent: 2 }),
      "<r>\n  <a>1</a>\n  <b>x</b>\n</r>",
    );
  });

  it("refuses what is no XML", async () => {
    assert.match((await failureOf(() => format({ a: 1, b: 2 }))).message, /one element/);
    assert.match((await failureOf(() => format({ a: [1] }))).message, /a list in "a"/);
    assert.match((await failureOf(() => format({ "a b": 1 }))).message, /cannot be the name/);
  });
});

it("reads back what it wrote, and another parser reads the same", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,5}$/);
  const text = fc.string({ unit: "grapheme" }).map((one) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot hold them.
    one.replace(/[\u0000-\u001f\ufffe\uffff]/g, "").trim(),
  );
  const { data } = fc.letrec<{ data: Json }>((tie) => ({
    data: fc.oneof(
      { depthSize: "small" },
      text,
      fc.dictionary(name, tie("data"), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
    ) as fc.Arbitrary<Json>,
  }));
  const other = new XMLParser({ parseTagValue: false, trimValues: true });
  fc.assert(
    fc.property(name, data, (root, value) => {
      const xml = format({ [root]: value }) ?? "";
      assert.deepEqual(parse(xml), [{ [root]: value }]);
      assert.deepEqual(other.parse(xml), { [root]: value });
    }),
    { numRuns: 150 },
  );
});
