// The places of tasks in their graph.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CARD, layoutGraph } from "./layoutGraph.ts";

const task = (id: string, level: number, isCritical = false) => ({
  ...{ id, name: id, status: "pending", paused: false, level, isCritical, durationMs: null },
});

test("columns by level, no two on one place, edges from right to left side, loners apart", () => {
  const graph = {
    tasks: [task("a", 0, true), task("b", 1, true), task("c", 1), task("d", 2, true), task("z", 0)],
    edges: [
      { from: "a", to: "b", on: "success" as const },
      { from: "a", to: "c", on: "failure" as const },
      { from: "b", to: "d", on: "success" as const },
    ],
    isComplete: true,
  };
  const { tasks, edges, alone, width } = layoutGraph(graph);
  assert.deepEqual(
    alone.map(({ id }) => id),
    ["z"],
  );
  assert.equal(new Set(tasks.map(({ x, y }) => `${x} ${y}`)).size, 4);
  assert.equal(tasks.find(({ id }) => id === "d")?.x, 2 * (CARD.width + CARD.gapX));
  assert.equal(width, 3 * CARD.width + 2 * CARD.gapX);
  assert.deepEqual(
    edges.map(({ isCritical }) => isCritical),
    [true, false, true],
  );
  assert.match(edges[0]?.path ?? "", /^M 208 30 C/);
});
