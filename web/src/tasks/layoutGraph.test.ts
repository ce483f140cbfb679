// The places of tasks in their graph.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CARD, inBox, layoutGraph } from "./layoutGraph.ts";

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

test("of many chains only the cards in sight, and the lines that lead to them from outside", () => {
  const chains = 100;
  const names = Array.from({ length: chains }, (_, row) => [0, 1, 2].map((level) => `${row}-${level}`));
  const graph = layoutGraph({
    tasks: names.flatMap((chain) => chain.map((id, level) => task(id, level))),
    edges: names.flatMap(([a = "", b = "", c = ""]) => [
      { from: a, to: b, on: "success" as const },
      { from: b, to: c, on: "success" as const },
    ]),
    isComplete: true,
  });
  const rowHeight = CARD.height + CARD.gapY;
  const [left, top] = [CARD.width + CARD.gapX, 10 * rowHeight];
  const seen = inBox(graph, { left, top, right: left + CARD.width, bottom: top + 2 * rowHeight });
  assert.deepEqual(
    seen.tasks.map(({ x, y }) => [x, y]),
    [
      [left, top],
      [left, top + rowHeight],
    ],
  );
  const shown = new Set(seen.tasks.map(({ id }) => id));
  assert.equal(seen.edges.length, 4);
  assert.ok(seen.edges.every(({ from, to }) => shown.has(from) || shown.has(to)));
  assert.equal(inBox(graph, { left: 0, top: 0, right: graph.width, bottom: graph.height }).edges.length, 200);
});
