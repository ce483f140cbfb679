import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph } from "../graph/graph.ts";
import { compareGraphs, isEqual } from "./compareGraphs.ts";

const before: Graph = {
  name: "Order",
  nodes: [
    { id: "a", type: "set", name: "A", config: { fields: { x: 1, y: 2 } }, position: { x: 0, y: 0 } },
    { id: "b", type: "noop", config: {} },
  ],
  connections: [{ from: "a", to: "b" }],
};

test("says what was added, removed and changed, down to the field", () => {
  const after: Graph = {
    name: "Orders",
    nodes: [
      {
        id: "a",
        type: "set",
        name: "A",
        config: { fields: { x: 1, y: 3 } },
        position: { x: 9, y: 9 },
        disabled: true,
      },
      { id: "c", type: "if", name: "Big?", config: {} },
    ],
    connections: [{ from: "a", port: "error", to: "c" }],
  };
  const found = compareGraphs(before, after);
  assert.deepEqual(
    found.nodes.map(({ id, kind, fields }) => [id, kind, fields]),
    [
      [
        "a",
        "changed",
        [
          { field: "fields.y", before: 2, after: 3 },
          { field: "disabled", before: undefined, after: true },
        ],
      ],
      ["c", "added", []],
      ["b", "removed", []],
    ],
  );
  assert.deepEqual(found.wiresAdded, ["A (error) → Big?"]);
  assert.deepEqual(found.wiresRemoved, ["A → b"]);
  assert.deepEqual(found.settings, [{ field: "name", before: "Order", after: "Orders" }]);
});

test("moving a node is no change", () => {
  const moved = { ...before, nodes: before.nodes.map((node) => ({ ...node, position: { x: 5, y: 5 } })) };
  assert.ok(isEqual(compareGraphs(before, moved)));
});
