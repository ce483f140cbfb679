import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { aggregateNode } from "./node.ts";

const sales = [
  { country: "DE", amount: 0.1, at: "2026-01-02" },
  { country: "FR", amount: 5, at: "2026-01-01" },
  { country: "DE", amount: 0.2, at: "2026-01-03" },
  { country: "DE", amount: null },
];
const aggregate = (config: JsonObject, items: JsonObject[] = sales) =>
  evaluateNode(aggregateNode, { config, items });

it("computes per group, exactly, in the order groups appear", () => {
  const outputs = aggregate({
    groupBy: ["country"],
    fields: [
      { operation: "count", as: "rows" },
      { operation: "count", field: "amount", as: "known" },
      { operation: "sum", field: "amount", as: "total" },
      { operation: "average", field: "amount", as: "mean" },
      { operation: "min", field: "at", as: "first.day" },
      { operation: "max", field: "at", as: "last.day" },
    ],
  });
  assert.deepEqual(jsonOf(outputs).main, [
    {
      country: "DE",
      rows: 3,
      known: 2,
      total: 0.3,
      mean: 0.15,
      first: { day: "2026-01-02" },
      last: { day: "2026-01-03" },
    },
    {
      country: "FR",
      rows: 1,
      known: 1,
      total: 5,
      mean: 5,
      first: { day: "2026-01-01" },
      last: { day: "2026-01-01" },
    },
  ]);
  assert.deepEqual(outputs.main?.lineage, [[0, 2, 3], [1]]);
});

it("picks first, last, all and different values", () => {
  const fields = ["first", "last", "list", "unique"].map((operation) => ({
    operation,
    field: "country",
    as: operation,
  }));
  assert.deepEqual(jsonOf(aggregate({ fields })).main, [
    { first: "DE", last: "DE", list: ["DE", "FR", "DE", "DE"], unique: ["DE", "FR"] },
  ]);
});

it("keeps kinds apart when grouping", () => {
  const config = { groupBy: ["k"], fields: [{ operation: "count", as: "n" }] };
  assert.deepEqual(jsonOf(aggregate(config, [{ k: 1 }, { k: "1" }, {}, { k: null }])).main, [
    { k: 1, n: 1 },
    { k: "1", n: 1 },
    { k: null, n: 2 },
  ]);
});

it("counts nothing as zero, but groups of nothing as none", () => {
  const fields = [
    { operation: "count", as: "n" },
    { operation: "sum", field: "a", as: "sum" },
    { operation: "average", field: "a", as: "mean" },
    { operation: "max", field: "a", as: "max" },
  ];
  assert.deepEqual(jsonOf(aggregate({ fields }, [])).main, [{ n: 0, sum: 0, mean: null, max: null }]);
  assert.deepEqual(jsonOf(aggregate({ groupBy: ["a"], fields }, [])).main, []);
  assert.deepEqual(jsonOf(aggregate({ into: "rows" }, [])).main, [{ rows: [] }]);
});

it("collects all items, and rounds when asked", () => {
  assert.deepEqual(jsonOf(aggregate({ into: "rows" }, [{ a: 1 }, { a: 2 }])).main, [
    { rows: [{ a: 1 }, { a: 2 }] },
  ]);
  const fields = [{ operation: "average", field: "a", as: "mean", decimals: 2 }];
  assert.deepEqual(jsonOf(aggregate({ fields }, [{ a: 1 }, { a: 1 }, { a: 0 }])).main, [{ mean: 0.67 }]);
});

it("refuses what cannot be added or compared, and says which item", async () => {
  const sum = { fields: [{ operation: "sum", field: "a", as: "s" }] };
  const failure = await failureOf(() => aggregate(sum, [{ a: 1 }, { a: "2" }]));
  assert.equal(failure.message, '"a" of item 1 is text "2", so there is no sum.');
  const min = { fields: [{ operation: "min", field: "a", as: "m" }] };
  assert.match((await failureOf(() => aggregate(min, [{ a: 1 }, { a: "2" }]))).message, /item 1/);
});

it("finds incomplete settings before they run", () => {
  assert.equal(aggregateNode.checkConfig?.({})[0]?.field, "fields");
  assert.equal(
    aggregateNode.checkConfig?.({ fields: [{ operation: "sum", as: "s" }] })[0]?.field,
    "fields.0.field",
  );
});

it("finds medians, percentiles and deviations as SQL and spreadsheets do", () => {
  const items = [2, 4, 4, 4, 5, 5, 7, 9].map((a) => ({ a }));
  const fields = [
    { operation: "median", field: "a", as: "median" },
    { operation: "percentile", percent: 90, field: "a", as: "p90" },
    { operation: "percentile", percent: 0, field: "a", as: "p0" },
    { operation: "standardDeviation", field: "a", as: "deviation", decimals: 4 },
  ];
  // Answers of PostgreSQL: percentile_cont(0.5), percentile_cont(0.9), stddev_samp.
  assert.deepEqual(jsonOf(aggregate({ fields }, items)).main, [
    { median: 4.5, p90: 7.6, p0: 2, deviation: 2.1381 },
  ]);
  const large = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16].map((a) => ({ a }));
  const spread = { fields: [{ operation: "standardDeviation", field: "a", as: "s", decimals: 6 }] };
  assert.deepEqual(jsonOf(aggregate(spread, large)).main, [{ s: 5.477226 }]);
  assert.deepEqual(jsonOf(aggregate({ fields }, [{ a: 3 }])).main, [
    { median: 3, p90: 3, p0: 3, deviation: null },
  ]);
  const missing = aggregateNode.checkConfig?.({ fields: [{ operation: "percentile", field: "a", as: "p" }] });
  assert.equal(missing?.[0]?.field, "fields.0.percent");
});

it("joins values as text", () => {
  const fields = [{ operation: "join", field: "country", as: "all", separator: "/" }];
  assert.deepEqual(jsonOf(aggregate({ fields })).main, [{ all: "DE/FR/DE/DE" }]);
});
