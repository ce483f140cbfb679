import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, firstOf } from "../testing.ts";
import { hashNode } from "./node.ts";

const hash = (config: JsonObject, item: Json = {}) =>
  firstOf(evaluateNode(hashNode, { config, items: [{ json: item }] })).hash;

it("hashes as published test vectors say", () => {
  assert.equal(hash({ value: "abc" }), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(hash({ value: "abc", algorithm: "md5" }), "900150983cd24fb0d6963f7d28e17f72");
  assert.equal(hash({ value: "abc", algorithm: "sha1", encoding: "base64" }), "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
  // RFC 4231, cases 2 and 1.
  assert.equal(
    hash({ value: "what do ya want for nothing?", key: "Jefe" }),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  assert.equal(
    hash({ value: "4869205468657265", valueIs: "hex", key: "0b".repeat(20), keyIs: "hex" }),
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  );
});

it("hashes data whatever the order of its fields", () => {
  assert.equal(hash({}, { a: 1, b: [2] }), hash({}, { b: [2], a: 1 }));
  assert.notEqual(hash({}, { a: 1 }), hash({}, { a: "1" }));
});

it("checks a signature", () => {
  const config = { value: "body", key: "secret" };
  const signature = String(hash(config));
  assert.equal(hash({ ...config, expected: `sha256=${signature}` }), true);
  assert.equal(hash({ ...config, expected: signature.toUpperCase() }), true);
  assert.equal(
    hash({
      ...config,
      expected: `${signature.slice(0, -1)}0` === signature ? "00" : `${signature.slice(0, -2)}zz`,
    }),
    false,
  );
  assert.equal(hash({ ...config, expected: "" }), false);
  const base64 = String(hash({ ...config, encoding: "base64" }));
  assert.equal(hash({ ...config, encoding: "base64", expected: base64 }), true);
});

it("shows no secret when a key is not what it should be", async () => {
  const failure = await failureOf(() => hash({ value: "a", key: "not hex", keyIs: "hex" }));
  assert.equal(failure.field, "key");
  assert.ok(!failure.message.includes('not hex"'));
});
