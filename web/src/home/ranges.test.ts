import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, rangeOf } from "./ranges.ts";

test("bounds lie on whole steps, and this moment is always inside", () => {
  for (const range of ["1h", "24h", "7d"] as const) {
    for (const nowMs of [Date.UTC(2026, 0, 1, 12), Date.UTC(2026, 0, 1, 12, 7, 30)]) {
      const { from, to } = boundsOf(range, nowMs);
      assert.ok(Date.parse(from) < nowMs && nowMs < Date.parse(to), `${range} ${from} ${to}`);
      assert.equal(boundsOf(range, nowMs + 1).to, to);
    }
  }
});

test("an unknown range is a day", () => {
  assert.equal(rangeOf("7d"), "7d");
  assert.equal(rangeOf("toString"), "24h");
  assert.equal(rangeOf(null), "24h");
});
