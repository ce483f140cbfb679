import assert from "node:assert/strict";
import { test } from "node:test";
import type { Flow, SubscriptionSpec } from "./bus.types.ts";
import { type HeldPlace, reasonOf } from "./heldReason.ts";

const NOW = 1_800_000_000_000;
const place: HeldPlace = {
  ...{ lane: "key/ada", receivedMs: NOW - 2_000, firstMs: NOW - 5_000, release: null, dueMs: null },
  ...{ attempts: 0, executionId: null, refusalCode: null, refusal: null, before: 0, inLane: 1 },
  ...{ headPosition: 7, headReceivedMs: NOW - 4_000, headExecutionId: null, headRefusal: null, gateMs: null },
};
const reason = (flow: Flow, about: Partial<HeldPlace> = {}, isPaused = false) => {
  const spec: SubscriptionSpec = { ...flow, types: ["a"], give: "event" };
  const { code, untilMs, executionId, behind, batch, reason } = reasonOf(
    spec,
    isPaused,
    { ...place, ...about },
    NOW,
  );
  const more = { ...(executionId && { executionId }), ...(behind && { behind }), ...(batch && { batch }) };
  return { code, ...(untilMs === null ? {} : { inMs: untilMs - NOW }), ...more, reason };
};
const short = (...given: Parameters<typeof reason>) => {
  const { reason: _, ...rest } = reason(...given);
  return rest;
};

test("ordered: its own execution, the one before, or its turn", () => {
  const flow: Flow = { flow: "ordered" };
  assert.deepEqual(short(flow, { executionId: "x" }), { code: "running", executionId: "x" });
  const after = { before: 2, headExecutionId: "x" };
  assert.deepEqual(short(flow, after), { code: "behind", behind: 7, executionId: "x" });
  const refused = reason(flow, { before: 1, headRefusal: "The workflow is paused." });
  assert.match(refused.reason, /Event 7 .*refused: The workflow is paused\.$/);
  assert.deepEqual(short(flow), { code: "starting" });
});

test("debounce: until it is quiet, and no longer than the longest wait", () => {
  assert.deepEqual(short({ flow: "debounce", quietSeconds: 10 }), { code: "quiet", inMs: 8_000 });
  const flow: Flow = { flow: "debounce", quietSeconds: 10, maxWaitSeconds: 6 };
  assert.deepEqual(short(flow), { code: "quiet", inMs: 1_000 });
  assert.deepEqual(short({ flow: "debounce", quietSeconds: 1 }), { code: "starting" });
});

test("throttle: by its gate, and by how many stand before it", () => {
  const flow: Flow = { flow: "throttle", limit: 2, perSeconds: 4 };
  assert.deepEqual(short(flow, { gateMs: NOW + 1_500 }), { code: "rate", inMs: 1_500 });
  assert.deepEqual(short(flow, { gateMs: NOW + 1_500, before: 3 }), { code: "rate", inMs: 7_500 });
  assert.deepEqual(short({ ...flow, burst: 2 }, { before: 1 }), { code: "behind", behind: 7 });
  assert.deepEqual(short({ ...flow, burst: 2 }, { before: 2 }), { code: "rate", inMs: 2_000 });
});

test("batch: until it is full, or its time is over", () => {
  const flow: Flow = { flow: "batch", size: 3, waitSeconds: 10 };
  const filling = { code: "filling", inMs: 6_000, batch: { count: 2, size: 3 } };
  assert.deepEqual(short(flow, { inLane: 2, before: 1 }), filling);
  assert.deepEqual(short(flow, { inLane: 5, before: 4 }), { code: "behind", behind: 7 });
  assert.deepEqual(short(flow, { inLane: 3, release: 9 }), { code: "starting" });
});

test("join, a refused start, a pause", () => {
  const join: Flow = { flow: "join", upstream: ["a", "b"], windowSeconds: 60 };
  assert.deepEqual(short(join), { code: "joining", inMs: 58_000 });
  const retry = { lane: "retry/9", attempts: 3, dueMs: NOW + 500, refusal: "The daily budget is used up." };
  const refused = reason({ flow: "each" }, retry);
  assert.deepEqual([refused.code, refused.inMs], ["refused", 500]);
  assert.match(refused.reason, /3 times: The daily budget is used up\.$/);
  assert.deepEqual(short({ flow: "each" }, { lane: "retry/9" }, true), { code: "paused" });
  assert.deepEqual(short({ flow: "each" }, { lane: "retry/9" }), { code: "starting" });
});
