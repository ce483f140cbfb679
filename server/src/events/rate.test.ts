import assert from "node:assert/strict";
import { test } from "node:test";
import { intervalOf, nextGate, openThrottle, passBucket } from "./rate.ts";

/** Times as they come from the database: microseconds, as doubles. */
const moments = Array.from({ length: 2_000 }, (_, at) => 1_800_000_000_000 + (at * 7_919_131) / 1_000);

test("of events of one moment exactly as many pass as may", () => {
  for (const limit of [1, 2, 3, 5, 6, 7, 9, 11, 60])
    for (const perSeconds of [1, 2, 5, 7, 60, 3_600])
      for (const receivedMs of moments) {
        let emptyMs: number | undefined;
        let passed = 0;
        for (let event = 0; event < limit + 3; event++) {
          const next = passBucket({ limit, perSeconds }, emptyMs, receivedMs);
          if (next === undefined) continue;
          emptyMs = next;
          passed += 1;
        }
        if (passed !== limit) assert.fail(`${passed} of ${limit} in ${perSeconds} s at ${receivedMs}`);
      }
});

test("one more passes after each interval, and a whole limit after the period", () => {
  const rate = { limit: 3, perSeconds: 2 };
  const begunMs = moments[17] as number;
  let emptyMs: number | undefined;
  const passes = (afterMs: number) => {
    const next = passBucket(rate, emptyMs, begunMs + afterMs);
    emptyMs = next ?? emptyMs;
    return next !== undefined;
  };
  assert.deepEqual([0, 0, 0, 0, 600, 667, 668, 1_334, 1_335].map(passes), [
    ...[true, true, true, false, false, true, false, true, false],
  ]);
  assert.deepEqual([3_335, 3_335, 3_335, 3_335].map(passes), [true, true, true, false]);
});

test("a bucket of a clock that was ahead is not waited for", () => {
  const rate = { limit: 2, perSeconds: 10 };
  assert.equal(passBucket(rate, 1_800_003_600_000, 1_800_000_000_000), 1_800_000_005_000);
});

test("a throttle opens for a burst at once, then once per interval", () => {
  const rate = { limit: 3, perSeconds: 2, burst: 3 };
  for (const nowMs of moments) {
    let gateMs: number | null = null;
    for (let event = 0; event < 3; event++) {
      if (openThrottle(rate, gateMs, nowMs) > nowMs) assert.fail(`${event} of a burst waits at ${nowMs}`);
      gateMs = nextGate(rate, gateMs, nowMs);
    }
    assert.equal(openThrottle(rate, gateMs, nowMs), nowMs + intervalOf(rate));
  }
});
