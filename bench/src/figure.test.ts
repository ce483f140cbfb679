import assert from "node:assert/strict";
import { test } from "node:test";
import { figureOf, tableOf } from "./figure.ts";
import { percentile } from "./measure/percentile.ts";

test("a figure stands beside its limit", () => {
  assert.deepEqual(figureOf("b", "rate", 25_000.4, "rows/s", 100_000), {
    bench: "b",
    figure: "rate",
    value: 25_000,
    unit: "rows/s",
    limit: 100_000,
    ratio: 0.25,
  });
  assert.deepEqual(figureOf("b", "small", 0.123456, "s"), {
    bench: "b",
    figure: "small",
    value: 0.1235,
    unit: "s",
  });
});

test("the table lines up", () => {
  const table = tableOf([figureOf("b", "a", 1, "s"), figureOf("b", "longer", 20_000, "rows/s", 40_000)]);
  assert.equal(table, "  a        1 s\n  longer   20,000 rows/s   limit 40,000, ratio 0.5");
});

test("percentiles", () => {
  assert.equal(percentile([3, 1, 2], 0.5), 2);
  assert.equal(percentile([1, 2, 3, 4], 0.99), 4);
  assert.equal(percentile([], 0.5), 0);
});
