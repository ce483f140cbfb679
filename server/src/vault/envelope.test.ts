// A sealed text opens with its key in its place, and nowhere else.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { EnvelopeError, keyVersionOf, openText, rewrapText, sealText } from "./envelope.ts";

const one = { version: 1, key: randomBytes(32) };
const two = { version: 2, key: randomBytes(32) };
const text = Buffer.from("a secret");

test("what was sealed is opened, and every seal is another one", () => {
  const sealed = sealText(one, text, "here");
  assert.deepEqual(openText(one.key, sealed, "here"), text);
  assert.equal(keyVersionOf(sealed), 1);
  assert.notDeepEqual(sealText(one, text, "here"), sealed);
  assert.ok(!sealed.includes(text));
});

test("another place, another key, one bit or a missing end: refused", () => {
  const sealed = sealText(one, text, "here");
  assert.throws(() => openText(one.key, sealed, "there"), EnvelopeError);
  assert.throws(() => openText(two.key, sealed, "here"), EnvelopeError);
  for (let at = 5; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => openText(one.key, changed, "here"), EnvelopeError, `byte ${at}`);
  }
  for (const length of [0, 4, 40, sealed.length - 1])
    assert.throws(() => openText(one.key, sealed.subarray(0, length), "here"), EnvelopeError);
});

test("moved to another key, the text stays and the old key opens nothing", () => {
  const moved = rewrapText(one.key, two, sealText(one, text, "here"), "here");
  assert.equal(keyVersionOf(moved), 2);
  assert.deepEqual(openText(two.key, moved, "here"), text);
  assert.throws(() => openText(one.key, moved, "here"), EnvelopeError);
});
