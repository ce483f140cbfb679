import assert from "node:assert/strict";
import { it } from "node:test";
import { evaluateNode, failureOf, firstOf } from "../testing.ts";
import { encodeNode } from "./node.ts";

const convert = (operation: string, format: string, text: string) =>
  firstOf(evaluateNode(encodeNode, { config: { operation, format, fields: ["t"] }, items: [{ t: text }] }))
    .t as string;

const nasty = `<a href="?x=1&y=ü">👍 'q' + / ? %</a>`;

it("reads back what it writes, in every form", () => {
  for (const format of ["base64", "base64url", "hex", "url", "html"]) {
    assert.equal(convert("decode", format, convert("encode", format, nasty)), nasty, format);
  }
});

it("writes what others write", () => {
  assert.equal(convert("encode", "base64", "foobar?>"), "Zm9vYmFyPz4=");
  assert.equal(convert("encode", "base64url", "foobar?>"), "Zm9vYmFyPz4");
  assert.equal(convert("encode", "hex", "é"), "c3a9");
  assert.equal(convert("encode", "url", "a b&c/ü"), "a%20b%26c%2F%C3%BC");
  assert.equal(convert("encode", "html", `<b a="1">&`), "&lt;b a=&quot;1&quot;&gt;&amp;");
  assert.equal(convert("decode", "html", "&eacute;&#233;&#xe9;&nbsp;&copy;"), "ééé\u00a0©");
  assert.equal(convert("decode", "base64", "Zm9v\r\nYmFy"), "foobar");
});

it("refuses what is not of the form, instead of giving rubbish", async () => {
  for (const [format, text] of [
    ["base64", "a"],
    ["base64", "Zm9v!"],
    ["base64", "/////w=="],
    ["hex", "abc"],
    ["url", "%zz"],
  ] as const) {
    assert.equal(
      (await failureOf(() => convert("decode", format, text))).code,
      "DATA_INVALID",
      `${format} ${text}`,
    );
  }
});
