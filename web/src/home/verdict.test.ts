import assert from "node:assert/strict";
import { test } from "node:test";
import { summarise } from "./verdict.ts";

test("the mood follows from how many failed", () => {
  const mood = (count: number, failures: number) => summarise([{ count, failures }]).mood;
  assert.equal(mood(0, 0), "quiet");
  assert.equal(mood(1_000, 7), "flowing");
  assert.equal(mood(100, 5), "failing");
  assert.equal(mood(3, 3), "stuck");
});

test("steps are added up", () => {
  const { count, failures, share } = summarise([
    { count: 300, failures: 2 },
    { count: 112, failures: 1 },
  ]);
  assert.deepEqual([count, failures, share.toFixed(3)], [412, 3, "0.993"]);
});
