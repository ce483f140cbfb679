import assert from "node:assert/strict";
import { test } from "node:test";
import type { Refusal } from "./errors.ts";
import { createRateLimiter } from "./rateLimiter.ts";

function limiterOf(perMinute: number) {
  const clock = { ms: 1_000_000 };
  return { clock, limiter: createRateLimiter({ perMinute, what: "from here", nowMs: () => clock.ms }) };
}

function taken(limiter: ReturnType<typeof createRateLimiter>, client: string, tries: number): number {
  let count = 0;
  for (let index = 0; index < tries; index += 1)
    try {
      limiter.take(client);
      count += 1;
    } catch (error) {
      assert.equal((error as Refusal).status, 429);
    }
  return count;
}

test("a minute's worth at once, then as time goes on, each client for itself", () => {
  const { clock, limiter } = limiterOf(60);
  assert.equal(taken(limiter, "a", 100), 60);
  assert.equal(limiter.isOver("a"), true);
  assert.equal(limiter.isOver("b"), false);
  assert.equal(taken(limiter, "b", 100), 60);
  clock.ms += 3_000;
  assert.equal(taken(limiter, "a", 100), 3);
  clock.ms += 3_600_000;
  assert.equal(taken(limiter, "a", 100), 60);
});

test("the answer says in seconds when to come back, and that is enough", () => {
  const { clock, limiter } = limiterOf(6);
  taken(limiter, "a", 6);
  try {
    limiter.take("a");
    assert.fail("not refused");
  } catch (error) {
    const seconds = Number((error as Refusal).headers?.["retry-after"]);
    assert.equal(seconds, 10);
    clock.ms += seconds * 1000;
  }
  assert.equal(taken(limiter, "a", 1), 1);
});

test("many clients take no more memory than their number allows, and the busy one stays refused", () => {
  const { limiter } = limiterOf(10);
  taken(limiter, "busy", 11);
  for (let index = 0; index < 15_000; index += 1) limiter.take(`client ${index}`);
  assert.equal(limiter.isOver("busy"), true);
  for (let index = 0; index < 60_000; index += 1) limiter.take(`other ${index}`);
  assert.equal(limiter.isOver("busy"), false, "forgotten as the least recent");
});

test("0 is no limit", () => {
  const { limiter } = limiterOf(0);
  assert.equal(taken(limiter, "a", 10_000), 10_000);
});
