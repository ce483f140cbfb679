import assert from "node:assert/strict";
import { it } from "node:test";
import { formNode } from "./node.ts";

it("needs fields with names of their own, and has a timeout port only with a time limit", () => {
  const check = formNode.checkConfig ?? (() => []);
  const fields = [{ name: "a", label: "A {{ $json.n }}" }];
  assert.deepEqual(check({ title: "T {{ $json.n }}", pages: [{ fields }] }), []);
  assert.equal(check({ title: "T", pages: [{ fields: [...fields, ...fields] }] })[0]?.code, "FIELD_TWICE");
  const ports = typeof formNode.ports === "function" ? formNode.ports : () => [];
  assert.deepEqual(ports({ title: "T" }), ["main"]);
  assert.deepEqual(ports({ title: "T", timeoutSeconds: 5 }), ["main", "timeout"]);
});
