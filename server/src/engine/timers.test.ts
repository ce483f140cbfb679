// The two timer structures under a clock that is moved by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { handClock } from "../testing/handClock.ts";
import { createFifo } from "./fifo.ts";
import { createHeap } from "./heap.ts";
import { createWheel } from "./wheel.ts";

test("a wheel's limits fire never early, at most two slots late, and not when removed", () => {
  const clock = handClock();
  const wheel = createWheel(clock);
  const fired: [number, number][] = [];
  for (const delayMs of [10, 75, 500, 500, 2_000, 120_000]) {
    wheel.add(delayMs, () => fired.push([delayMs, clock.monotonic()]));
  }
  const removed = wheel.add(60, () => fired.push([-1, 0]));
  wheel.remove(removed);
  clock.advance(200_000);
  assert.deepEqual(
    fired.map(([delayMs]) => delayMs),
    [10, 75, 500, 500, 2_000, 120_000],
  );
  for (const [delayMs, at] of fired)
    assert.ok(at >= delayMs && at <= delayMs + 100, `${delayMs} fired at ${at}`);
});

test("a limit added while another fires is kept", () => {
  const clock = handClock();
  const wheel = createWheel(clock);
  const fired: number[] = [];
  const again = (): void => {
    fired.push(clock.monotonic());
    if (fired.length < 3) wheel.add(100, again);
  };
  wheel.add(100, again);
  clock.advance(1_000);
  assert.equal(fired.length, 3);
});

test("a heap gives the earliest first, and equal times in the order they came", () => {
  const heap = createHeap<number>();
  const times = Array.from({ length: 500 }, (_, n) => (n * 7_919) % 97);
  for (const [n, at] of times.entries()) heap.push(at, n);
  const out: [number, number][] = [];
  for (let next = heap.pop(); next !== undefined; next = heap.pop()) out.push([next.at, next.value]);
  const expected = times.map((at, n): [number, number] => [at, n]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  assert.deepEqual(out, expected);
});

test("a fifo keeps its order over many shifts", () => {
  const fifo = createFifo<number>();
  const out: (number | undefined)[] = [];
  for (let n = 0; n < 5_000; n++) {
    fifo.push(n);
    if (n % 3 !== 0) out.push(fifo.shift());
  }
  while (fifo.size() > 0) out.push(fifo.shift());
  assert.deepEqual(
    out,
    Array.from({ length: 5_000 }, (_, n) => n),
  );
  assert.equal(fifo.shift(), undefined);
});
