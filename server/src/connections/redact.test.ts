// Secrets leave no trace in what an activity gave, however they are written; everything else stays as it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRedactor, textsIn } from "./redact.ts";

const secret = 'pa"ss/w&rd ü+1';

test("a secret is found as it is, encoded, escaped and within other text", () => {
  const redact = createRedactor([secret]);
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    `before ${secret} after`,
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    encodeURIComponent(secret),
    JSON.stringify({ secret }),
  ];
  for (const form of forms) {
    const text = JSON.stringify(redact({ deep: [{ form }] }));
    assert.ok(text.includes("[secret]"), form);
    assert.ok(!text.includes(form), form);
  }
  assert.deepEqual(redact({ [secret]: 1 }), { "[secret]": 1 });
});

test("what has no secret in it is the same object; short values are left alone", () => {
  const value = { a: [1, "x", { b: null }] };
  assert.equal(createRedactor([secret])(value), value);
  assert.equal(createRedactor(["x"])(value), value);
});

test("a secret is text, not a pattern, and of two the longer one goes first", () => {
  const redact = createRedactor(["a.c*d[e", "a.c*d[e-and-more"]);
  assert.equal(redact("abcdd[e"), "abcdd[e");
  assert.equal(redact("<a.c*d[e-and-more>"), "<[secret]>");
});

test("every text inside a value is a secret", () => {
  assert.deepEqual(textsIn({ headers: { "x-key": "one", other: ["two", 3, null] } }), ["one", "two"]);
});
