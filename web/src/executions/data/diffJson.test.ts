import assert from "node:assert/strict";
import { test } from "node:test";
import { diffJson } from "./diffJson.ts";

const short = (a: unknown, b: unknown) =>
  diffJson(a, b).differences.map(({ path, kind, before, after }) => [path, kind, before, after]);

test("added, removed and changed fields, by their path", () => {
  const before = [{ id: 1, name: "Ada", tags: ["a", "b"], gone: true }];
  const after = [{ id: 1, name: "Grace", tags: ["a", "c", "d"], fresh: null }];
  assert.deepEqual(short(before, after), [
    ["[0].name", "changed", "Ada", "Grace"],
    ["[0].tags[1]", "changed", "b", "c"],
    ["[0].tags[2]", "added", undefined, "d"],
    ["[0].gone", "removed", true, undefined],
    ["[0].fresh", "added", undefined, null],
  ]);
});

test("equal values have none; another kind of value is one change; names of prototypes are names", () => {
  assert.deepEqual(short({ a: [1, { b: null }] }, { a: [1, { b: null }] }), []);
  assert.deepEqual(short({ a: [] }, { a: {} }), [["a", "changed", [], {}]]);
  const hostile = JSON.parse('{"__proto__": 1, "constructor": 2}');
  assert.deepEqual(short(hostile, {}), [
    ["__proto__", "removed", 1, undefined],
    ["constructor", "removed", 2, undefined],
  ]);
});

test("ten thousand differences are cut, and a value of any depth ends", () => {
  const list = (value: number) => Array.from({ length: 10_000 }, () => value);
  const cut = diffJson(list(1), list(2));
  assert.deepEqual([cut.differences.length, cut.isCut], [200, true]);
  let [a, b]: unknown[] = [1, 2];
  for (let depth = 0; depth < 3_000; depth += 1) [a, b] = [{ a }, { a: b }];
  assert.equal(diffJson(a, b).differences.length, 1);
});
