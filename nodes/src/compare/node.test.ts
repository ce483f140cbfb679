import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { compareNode } from "./node.ts";

const before = [
  { id: 1, name: "Ada", at: 1 },
  { id: 2, name: "Bo", at: 1 },
  { id: 3, name: "Cy", at: 1, tags: ["x"] },
];
const after = [
  { id: 3, at: 2, name: "Cy", tags: ["x"] },
  { id: 2, name: "Bob", at: 2 },
  { id: 4, name: "Di", at: 2 },
];
const compare = (config: JsonObject, main: JsonObject[] = before, second: JsonObject[] = after) =>
  evaluateNode(compareNode, { config: { fields: ["id"], ...config }, items: main, inputs: { second } });

it("sorts items into added, removed, changed and same", () => {
  const outputs = compare({ ignore: ["at"] });
  assert.deepEqual(jsonOf(outputs), {
    added: [after[2]],
    removed: [before[0]],
    changed: [after[1]],
    same: [after[0]],
  });
  assert.deepEqual(
    Object.entries(outputs).map(([port, { lineage }]) => [port, lineage]),
    [
      ["added", [null]],
      ["removed", [0]],
      ["changed", [1]],
      ["same", [2]],
    ],
  );
});

it("tells what changed", () => {
  assert.deepEqual(jsonOf(compare({ changesInto: "changes", only: ["name"] })).changed, [
    { id: 2, name: "Bob", at: 2, changes: [{ field: "name", before: "Bo", after: "Bob" }] },
  ]);
  assert.deepEqual(jsonOf(compare({ give: "both", only: ["name"] })).changed, [
    { before: before[1], after: after[1] },
  ]);
  assert.deepEqual(jsonOf(compare({ give: "before", only: ["name"] })).changed, [before[1]]);
  const gone = compare({ changesInto: "c" }, [{ id: 1, a: 1 }], [{ id: 1, b: 2 }]);
  assert.deepEqual((jsonOf(gone).changed as JsonObject[])[0]?.c, [
    { field: "a", before: 1, after: null },
    { field: "b", before: null, after: 2 },
  ]);
});

it("compares by keys with different names", () => {
  const outputs = compare({ fields: [{ main: "no", other: "id" }] }, [{ no: 1, a: 1 }], [{ id: 1, a: 1 }]);
  assert.deepEqual(jsonOf(outputs).same, [{ id: 1, a: 1 }]);
});

it("runs on nothing, and refuses a key that comes twice", async () => {
  assert.deepEqual(jsonOf(compare({}, [], after)).added, after);
  assert.deepEqual(jsonOf(compare({}, before, [])).removed, before);
  const failure = await failureOf(() => compare({}, before, [{ id: 9 }, { id: 9 }]));
  assert.equal(failure.message, "Items 0 and 1 of second have the same key (id: 9).");
  assert.equal(compareNode.checkConfig?.({ fields: ["a"], only: ["b"], ignore: ["c"] })[0]?.field, "ignore");
});
