import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketOf } from "../engine/stats.ts";
import { summariseStats, summariseTime } from "./summariseStats.ts";

function minute(node: string | null, worker: string | null, times: number[], failures = 0) {
  const hist: Record<string, number> = {};
  for (const ms of times) hist[bucketOf(ms)] = (hist[bucketOf(ms)] ?? 0) + 1;
  return { workflow: "w", node, worker, count: times.length, failures, hist };
}

const times = Array.from({ length: 1000 }, (_, index) => index + 1);

test("percentiles are within 1 % of the truth", () => {
  const [row] = summariseStats(
    [minute(null, null, times.slice(0, 400)), minute(null, null, times.slice(400), 7)],
    "workflow",
  );
  assert.ok(row);
  assert.deepEqual([row.key, row.count, row.failures], ["w", 1000, 7]);
  for (const [found, truth] of [
    [row.p50, 500],
    [row.p95, 950],
    [row.p99, 990],
  ] as const)
    assert.ok(Math.abs((found ?? 0) - truth) / truth < 0.0125, `${found} is not ${truth}`);
});

test("executions, nodes and workers are apart", () => {
  const minutes = [minute(null, null, [5]), minute("a", "local", [1, 2]), minute("b", null, [3])];
  assert.deepEqual(
    summariseStats(minutes, "workflow").map(({ count }) => count),
    [1],
  );
  assert.deepEqual(
    summariseStats(minutes, "node").map(({ key, count }) => [key, count]),
    [
      ["a", 2],
      ["b", 1],
    ],
  );
  assert.deepEqual(
    summariseStats(minutes, "worker").map(({ key, count }) => [key, count]),
    [["local", 2]],
  );
  assert.deepEqual(summariseStats([], "node"), []);
});

test("over time, empty steps are there and nodes are not counted", () => {
  const at = (index: number, node: string | null = null) => ({
    ...minute(node, null, [10], 1),
    minute: index,
  });
  const rows = summariseTime([at(0), at(1), at(5), at(5, "a"), at(9)], {
    fromMs: 0,
    toMs: 8 * 60_000,
    stepMs: 2 * 60_000,
  });
  assert.deepEqual(
    rows.map(({ key, count, failures, p50 }) => [key.slice(14, 16), count, failures, p50 === null]),
    [
      ["00", 2, 2, false],
      ["02", 0, 0, true],
      ["04", 1, 1, false],
      ["06", 0, 0, true],
    ],
  );
});
