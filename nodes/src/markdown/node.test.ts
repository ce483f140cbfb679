import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, firstOf } from "../testing.ts";
import { markdownNode } from "./node.ts";

const run = (text: string, config: JsonObject = {}) =>
  firstOf(evaluateNode(markdownNode, { config, items: [{ text }] }));
const toHtml = (text: string, config: JsonObject = {}) => run(text, config).html;
const fromHtml = (text: string, config: JsonObject = {}) =>
  run(text, { operation: "fromHtml", ...config }).markdown as string;

it("makes HTML", () => {
  assert.equal(
    toHtml("# Hi *you*\n\nsee https://a.example"),
    '<h1>Hi <em>you</em></h1>\n<p>see <a href="https://a.example">https://a.example</a></p>\n',
  );
  assert.equal(toHtml("a\nb", { breaks: true }), "<p>a<br>\nb</p>\n");
  assert.equal(run("x", { into: "mail.body" }).html, undefined);
});

it("passes on no HTML and no address that runs code", () => {
  const html = String(
    toHtml("<script>x()</script> [a](javascript:x()) ![b](data:text/html,x) <img src=x onerror=y>"),
  );
  assert.ok(!/<script|<img|href="javascript|src="data/i.test(html), html);
});

it("makes Markdown of HTML", () => {
  const html = `<h2>Title</h2><p>Some <b>bold </b>and <em>soft</em> text, <a href="https://a.example/x (1)">a link</a>,
    <code>x = 1</code>, 2*3_4.</p><ul><li>one<li>two<ol start=3><li>inner</ol></ul><blockquote><p>said</blockquote>
    <pre><code>a\n  b</code></pre><table><tr><th>A<th>B|C<tr><td>1</table><hr><img src="i.png" alt="pic">
    <script>no</script><a href="java\nscript:x()">bad</a>`;
  assert.equal(
    fromHtml(html),
    [
      "## Title",
      "Some **bold** and *soft* text, [a link](https://a.example/x%20%281%29), `x = 1`, 2\\*3\\_4.",
      "- one\n- two\n  3. inner",
      "> said",
      "```\na\n  b\n```",
      "| A | B\\|C |\n| --- | --- |\n| 1 |  |",
      "---",
      "![pic](i.png) bad",
    ].join("\n\n"),
  );
  assert.equal(fromHtml("<nav>x</nav><main><p>y</main>", { selector: "main" }), "y");
});

it("comes back the same by way of HTML", () => {
  const text =
    "# A\n\nB *c* **d** `e` [f](https://g.example)\n\n- h\n- i\n\n1. j\n2. k\n\n> l\n\n```\nm\n```\n\n---\n\n| n | o |\n| --- | --- |\n| p | q |";
  assert.equal(fromHtml(String(toHtml(text))), text);
});
