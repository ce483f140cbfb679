import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { mergeNode } from "./node.ts";

const orders = [
  { id: 1, who: "a" },
  { id: 2, who: "b" },
  { id: 3, who: "a" },
];
const people = [
  { who: "a", name: "Ada" },
  { who: "c", name: "Cy" },
  { who: "a", name: "Abe" },
];
const merge = (config: JsonObject, items: Json[] = orders, second: Json[] = people, third: Json[] = []) =>
  evaluateNode(mergeNode, { config, items, inputs: { second, third } });

it("appends the inputs in order", () => {
  const outputs = merge({}, [1], [2, 3], [4]);
  assert.deepEqual(jsonOf(outputs).main, [1, 2, 3, 4]);
  assert.deepEqual(outputs.main?.lineage, [0, null, null, null]);
});

it("puts items side by side by place", () => {
  const [a, b] = [[{ a: 1, same: "main" }, { a: 2 }], [{ b: 1, same: "second" }]];
  assert.deepEqual(jsonOf(merge({ mode: "position" }, a, b)).main, [{ a: 1, b: 1, same: "second" }]);
  assert.deepEqual(jsonOf(merge({ mode: "position", join: "left", prefer: "main" }, a, b)).main, [
    { a: 1, b: 1, same: "main" },
    { a: 2 },
  ]);
  assert.deepEqual(jsonOf(merge({ mode: "position", join: "outer" }, [], b)).main, b);
});

it("joins by equal fields", () => {
  const inner = merge({ mode: "key", fields: ["who"] });
  assert.deepEqual(jsonOf(inner).main, [
    { id: 1, who: "a", name: "Ada" },
    { id: 1, who: "a", name: "Abe" },
    { id: 3, who: "a", name: "Ada" },
    { id: 3, who: "a", name: "Abe" },
  ]);
  assert.deepEqual(inner.main?.lineage, [0, 0, 2, 2]);
  const names = (join: string) =>
    jsonOf(merge({ mode: "key", join, fields: [{ main: "who", second: "who" }], into: "person" })).main?.map(
      (json) => {
        const { id = null, person = null } = json as JsonObject;
        return [id, person === null ? null : ((person as JsonObject).name ?? null)];
      },
    );
  assert.deepEqual(names("left"), [
    [1, "Ada"],
    [1, "Abe"],
    [2, null],
    [3, "Ada"],
    [3, "Abe"],
  ]);
  assert.deepEqual(names("outer")?.at(-1), [null, "Cy"]);
});

it("pairs each with each, within a bound", async () => {
  assert.equal(jsonOf(merge({ mode: "cross" })).main?.length, 9);
  assert.equal((await failureOf(() => merge({ mode: "cross", itemsMax: 8 }))).code, "ITEMS_BOUND");
  assert.equal(
    (await failureOf(() => merge({ mode: "key", fields: ["who"], itemsMax: 3 }))).code,
    "ITEMS_BOUND",
  );
});

it("keeps the files of both sides", () => {
  const file = (blob: string) => ({ blob, name: blob, mimeType: "text/plain", bytes: 1 });
  const items = [{ json: {}, files: { a: file("1"), both: file("main") } }];
  const second = [{ json: {}, files: { b: file("2"), both: file("second") } }];
  const output = evaluateNode(mergeNode, { config: { mode: "position" }, items, inputs: { second } });
  assert.deepEqual(output.main?.items[0]?.files, { a: file("1"), b: file("2"), both: file("main") });
});

it("wants fields for a join, and fields to combine", async () => {
  assert.equal(mergeNode.checkConfig?.({ mode: "key" })[0]?.field, "fields");
  assert.equal(mergeNode.checkConfig?.({ fields: ["a"] })[0]?.field, "fields");
  assert.match(
    (await failureOf(() => merge({ mode: "position" }, [1], [{ a: 1 }]))).message,
    /no fields to combine/,
  );
});
