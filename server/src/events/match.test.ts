import assert from "node:assert/strict";
import { test } from "node:test";
import { isPattern, matchesFields, typeMatcher } from "./match.ts";

test("types: one word per star, any number for two", () => {
  const fits = (pattern: string, type: string) => typeMatcher([pattern])(type);
  for (const [pattern, type, yes] of [
    ["order.created", "order.created", true],
    ["order.created", "order.created.eu", false],
    ["order.*", "order.created", true],
    ["order.*", "order", false],
    ["order.*", "order.created.eu", false],
    ["order.**", "order.created.eu", true],
    ["order.**", "order", true],
    ["**", "anything.at.all", true],
    ["*", "one", true],
    ["*", "one.two", false],
    ["**.failed", "a.b.failed", true],
    ["**.failed", "failed", true],
    ["a.**.z", "a.z", true],
    ["a.**.z", "a.b.c.z", true],
    ["a.**.z", "a.b.c", false],
  ] as const)
    assert.equal(fits(pattern, type), yes, `${pattern} ${type}`);
  assert.ok(typeMatcher(["a", "b.*"])("b.c"));
  assert.ok(!typeMatcher([])("a"));
});

test("what is no pattern is said", () => {
  for (const text of ["", ".", "a..b", "a b", "a.***", "ä"]) assert.equal(isPattern(text), false, text);
  for (const text of ["a", "a.*", "**", "a_b-c.D9"]) assert.equal(isPattern(text), true, text);
});

test("fields are found by their path, own properties only", () => {
  const event = { type: "a", data: { id: 7, list: [{ x: "y" }], deep: { a: 1 } } };
  assert.ok(matchesFields(event, { "data.id": 7 }));
  assert.ok(matchesFields(event, { "data.id": "7", "data.list.0.x": "y" }));
  assert.ok(matchesFields(event, { "data.deep": { a: 1 } }));
  assert.ok(!matchesFields(event, { "data.id": 8 }));
  assert.ok(!matchesFields(event, { "data.constructor": null }));
  assert.ok(!matchesFields(event, { "data.none": null }));
  assert.ok(matchesFields(event, {}));
});
