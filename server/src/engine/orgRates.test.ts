// The bucket of an organization fills with what it journals and drains at its limit.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { OrgLimits } from "./engine.types.ts";
import { BURST_S, countTurn, hasRate, type OrgRates, waitMs } from "./orgRates.ts";

const none: OrgLimits = {
  openExecutionsMax: 1,
  turnsPerSecondMax: Number.POSITIVE_INFINITY,
  bytesPerSecondMax: Number.POSITIVE_INFINITY,
};

test("a burst is let through, more waits exactly until it has drained", () => {
  const rates: OrgRates = new Map();
  const limits = { ...none, turnsPerSecondMax: 5 };
  for (let turn = 0; turn < 5 * BURST_S; turn++) countTurn(rates, "a", limits, { bytes: 1, nowMs: 0 });
  assert.equal(waitMs(rates, "a", limits, 0), 0, "a burst of ten seconds' worth");
  for (let turn = 0; turn < 10; turn++) countTurn(rates, "a", limits, { bytes: 1, nowMs: 0 });
  assert.equal(waitMs(rates, "a", limits, 0), 2000);
  assert.equal(waitMs(rates, "a", limits, 1999), 1);
  assert.equal(waitMs(rates, "a", limits, 2000), 0);
  assert.equal(waitMs(rates, "b", limits, 0), 0, "another has its own");
});

test("steady work at the limit goes on for ever, at twice the limit half of the time is waiting", () => {
  const limits = { ...none, bytesPerSecondMax: 1000 };
  for (const [perSecond, expected] of [
    [1000, 0],
    [2000, 0.5],
  ] as const) {
    const rates: OrgRates = new Map();
    let waiting = 0;
    const seconds = 2000;
    for (let second = 0; second < seconds; second++) {
      const nowMs = second * 1000;
      if (waitMs(rates, "a", limits, nowMs) > 0) waiting++;
      else countTurn(rates, "a", limits, { bytes: perSecond, nowMs });
    }
    assert.ok(Math.abs(waiting / seconds - expected) < 0.01, `${waiting} of ${seconds}`);
  }
});

test("without a limit nobody waits, and a clock that steps back frees nothing", () => {
  const rates: OrgRates = new Map();
  assert.equal(hasRate(none), false);
  assert.equal(waitMs(rates, "a", none, 0), 0);
  const limits = { ...none, turnsPerSecondMax: 1 };
  for (let turn = 0; turn < BURST_S + 5; turn++)
    countTurn(rates, "a", limits, { bytes: 1, nowMs: 1_000_000 });
  assert.equal(waitMs(rates, "a", limits, 0), 5000);
});
