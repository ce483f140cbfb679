import assert from "node:assert/strict";
import { it } from "node:test";
import { waitNode } from "./node.ts";

const check = waitNode.checkConfig ?? (() => []);
const ports = typeof waitNode.ports === "function" ? waitNode.ports : () => [];

it("needs what it waits for", () => {
  assert.deepEqual(check({ for: "duration", seconds: 0.5 }), []);
  assert.equal(check({ for: "duration" })[0]?.field, "seconds");
  assert.equal(check({ for: "until" })[0]?.message, `Waiting until a moment needs "until".`);
  assert.equal(check({ for: "signal" })[0]?.field, "signal");
  assert.deepEqual(check({ for: "webhook" }), []);
});

it("has a timeout port only where waiting can end early", () => {
  assert.deepEqual(ports({ for: "signal", signal: "paid", timeoutSeconds: 5 }), ["main", "timeout"]);
  assert.deepEqual(ports({ for: "signal", signal: "paid" }), ["main"]);
  assert.deepEqual(ports({ for: "duration", seconds: 1, timeoutSeconds: 5 }), ["main"]);
});
