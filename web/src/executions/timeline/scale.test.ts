import assert from "node:assert/strict";
import { test } from "node:test";
import { barOf, ticksOf } from "./scale.ts";

const at = (ms: number) => new Date(ms).toISOString();

test("bars are where their time is, visible however short, and end now while they run", () => {
  const scale = { fromMs: 0, toMs: 1_000 };
  assert.deepEqual(barOf(scale, at(250), at(750)), { start: 25, width: 50 });
  assert.deepEqual(barOf(scale, at(500), null), { start: 50, width: 50 });
  const last = barOf(scale, at(1_000), at(1_000));
  assert.ok(last.width > 0 && last.start + last.width <= 100);
  assert.ok(barOf({ fromMs: 5, toMs: 5 }, at(5), at(5)).width <= 100);
});

test("ticks are round and few", () => {
  assert.deepEqual(
    ticksOf({ fromMs: 0, toMs: 4_200 }).map(({ ms }) => ms),
    [0, 2_000, 4_000],
  );
  for (const whole of [1, 7, 333, 59_000, 86_400_000, 3e9]) {
    const ticks = ticksOf({ fromMs: 0, toMs: whole });
    assert.ok(ticks.length >= 1 && ticks.length <= 4, `${ticks.length} for ${whole}`);
  }
});
