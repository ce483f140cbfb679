// Times of the day, and what was missed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDue, lastTimeBefore, nextTimeAfter } from "./due.ts";

const at = (text: string) => Date.parse(`2026-03-${text}Z`);
const times = ["02:00", "14:30"];

test("the last and the next time, across midnight", () => {
  assert.equal(lastTimeBefore(times, at("10T14:30:00")), at("10T14:30:00"));
  assert.equal(lastTimeBefore(times, at("10T14:29:59")), at("10T02:00:00"));
  assert.equal(lastTimeBefore(times, at("10T01:00:00")), at("09T14:30:00"));
  assert.equal(nextTimeAfter(times, at("10T14:30:00")), at("11T02:00:00"));
  assert.equal(nextTimeAfter(times, at("10T01:00:00")), at("10T02:00:00"));
});

test("due once for each time; several that were missed are caught up with one", () => {
  assert.equal(isDue(times, at("10T02:00:01"), at("10T14:29:00")), false);
  assert.equal(isDue(times, at("10T02:00:01"), at("10T14:30:00")), true);
  assert.equal(isDue(times, at("07T02:00:00"), at("10T09:00:00")), true);
  assert.equal(isDue(times, at("10T09:00:05"), at("10T09:00:30")), false);
  assert.equal(isDue(times, undefined, at("10T09:00:00")), true);
  assert.equal(isDue([], undefined, at("10T09:00:00")), false);
});
