// What a called workflow gives reaches its caller item by item.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Item } from "./item.ts";
import { collapse, resultItems, shapeOf } from "./result.ts";
import { World, workflow } from "./testing/world.ts";

const file = { blob: "b", name: "a.txt", mimeType: "text/plain", bytes: 1 };

const lists: [name: string, items: Item[]][] = [
  ["nothing", []],
  ["one object", [{ json: { a: 1 } }]],
  ["one list", [{ json: [1, 2] }]],
  ["one empty list", [{ json: [] }]],
  ["one null", [{ json: null }]],
  ["two nulls", [{ json: null }, { json: null }]],
  ["lists in a list", [{ json: [1] }, { json: [2] }]],
  ["one item with a file", [{ json: {}, files: { data: file } }]],
  ["a file at the second", [{ json: 1 }, { json: 2, files: { data: file } }]],
];

for (const [name, items] of lists)
  test(`${name} comes back as it was`, () => {
    const recorded = JSON.parse(JSON.stringify({ output: collapse(items), ...shapeOf(items) }));
    assert.deepEqual(resultItems(recorded), items);
  });

test("the end says that a list is the json of one item, and nothing where it is plain", () => {
  const definition = workflow(
    [
      { id: "t", type: "trigger.manual" },
      { id: "s", type: "set", config: { value: "{{ $json }}" } },
    ],
    ["t -> s"],
  );
  const end = (input: Parameters<World["start"]>[0]) => new World(definition).start(input).facts.at(-1);
  assert.deepEqual(end([[1, 2]]), {
    t: "ExecutionFinished",
    status: "succeeded",
    output: [1, 2],
    single: true,
  });
  assert.deepEqual(end([1, 2]), { t: "ExecutionFinished", status: "succeeded", output: [1, 2] });
});

test("a history without a word about the shape is read as before", () => {
  assert.deepEqual(resultItems({ output: [1, 2] }), [{ json: 1 }, { json: 2 }]);
  assert.deepEqual(resultItems({ output: null }), []);
  assert.deepEqual(resultItems({}), []);
});
