import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, firstOf, jsonOf } from "../testing.ts";
import { htmlNode } from "./node.ts";

const page = `<!doctype html><title>Shop</title><body>
<article class=product id=a><h2>Lamp &amp; shade</h2><a href="/lamp?x=1&amp;y=2">more</a><span class="tag">new</span><span class="tag">warm</span>
<article class="product"><h2>Chair</h2></article>
<table><thead><tr><th>Size<th>Price</th><th>Price</tr></thead><tbody><tr><td>S<td>10 €<td>9</tr><tr><td>M</table>
<script>ignored()</script><p hidden>hidden</p>`;
const run = (config: JsonObject, text = page) =>
  evaluateNode(htmlNode, { config, items: [{ text, page: 1 }] });

describe("extract", () => {
  it("gives an item per element with its values, however sloppy the page", () => {
    const config = {
      each: ".product",
      base: "https://shop.example/all/",
      values: [
        { as: "name", selector: "h2" },
        { as: "link.href", selector: "a", get: "attribute", attribute: "href" },
        { as: "tags", selector: ".tag", all: true },
        { as: "id", get: "attribute", attribute: "id" },
      ],
    };
    assert.deepEqual(jsonOf(run(config)).main?.[1], {
      name: "Chair",
      link: { href: null },
      tags: [],
      id: null,
    });
    assert.deepEqual(jsonOf(run({ ...config, each: "#a", keep: true })).main?.length, 1);
    const [first] = jsonOf(run(config)).main as JsonObject[];
    assert.equal(first?.name, "Lamp & shade");
    assert.deepEqual(first?.link, { href: "https://shop.example/lamp?x=1&y=2" });
    assert.deepEqual(first?.tags, ["new", "warm"]);
  });

  it("counts, looks for, takes inner HTML", () => {
    const values = [
      { as: "n", selector: "h2", get: "count" },
      { as: "has", selector: "blink", get: "exists" },
      { as: "html", selector: "h2", get: "html" },
      { as: "title", selector: "title" },
    ];
    assert.deepEqual(firstOf(run({ values })), { n: 2, has: false, html: "Lamp &amp; shade", title: "Shop" });
  });

  it("says what is missing or wrong", async () => {
    const missing = await failureOf(() => run({ values: [{ as: "x", selector: "blink", required: true }] }));
    assert.match(missing.message, /Nothing on the page fits "blink"/);
    assert.equal(
      (await failureOf(() => run({ values: [{ as: "x", selector: "h2[" }] }))).field,
      "values.0.selector",
    );
    assert.equal(htmlNode.checkConfig?.({})[0]?.field, "values");
    assert.equal(
      htmlNode.checkConfig?.({ values: [{ as: "a", get: "attribute" }] })[0]?.field,
      "values.0.attribute",
    );
  });
});

it("gives rows of a table", async () => {
  assert.deepEqual(jsonOf(run({ operation: "table" })).main, [
    { Size: "S", Price: "10 €", Price_2: "9" },
    { Size: "M" },
  ]);
  assert.deepEqual(jsonOf(run({ operation: "table", header: false, keep: true }, "<table><tr><td>1")).main, [
    { text: "<table><tr><td>1", page: 1, column1: "1" },
  ]);
  assert.match((await failureOf(() => run({ operation: "table" }, "<p>"))).message, /no "table"/);
});

it("gives the text that a reader sees", () => {
  const text = `<h1>Hello</h1><p>One  <b>bold</b>\n word.<br>Next line</p><ul><li>a<li>b</ul>
    <script>no()</script><style>p{}</style><div hidden>no</div><pre>  keep\n    this</pre><table><tr><td>1<td>2</table>`;
  assert.equal(
    firstOf(run({ operation: "text" }, text)).plainText,
    "Hello\n\nOne bold word.\nNext line\n\n- a\n- b\n\n  keep\n    this\n\n1\t2",
  );
  assert.equal(firstOf(run({ operation: "text", selector: "b, li" }, text)).plainText, "bold\n\na\n\nb");
});

it("survives pages made to break it", async () => {
  assert.equal(
    (await failureOf(() => run({ operation: "text" }, "<div>".repeat(50_000)))).code,
    "DATA_MALFORMED",
  );
  const deep = `${"<div>".repeat(900)}x`;
  assert.equal(firstOf(run({ operation: "text" }, deep)).plainText, "");
  const values = [
    { as: "n", selector: "div div", get: "count" },
    { as: "html", get: "html" },
  ];
  assert.equal(firstOf(run({ each: "div", values }, deep)).n, 899);
  assert.equal(
    (await failureOf(() => run({ operation: "text" }, "x".repeat(5_000_001)))).code,
    "TEXT_TOO_LONG",
  );
});
