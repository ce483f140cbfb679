import assert from "node:assert/strict";
import { it } from "node:test";
import { eventWait } from "./node.ts";

const ports = typeof eventWait.ports === "function" ? eventWait.ports : () => [];

it("needs a type, and has a timeout port where waiting can end early", () => {
  assert.deepEqual(eventWait.checkConfig?.({ types: ["a"], match: { "data.id": 1 } }), []);
  assert.equal(eventWait.checkConfig?.({})[0]?.field, "types");
  assert.deepEqual(ports({ types: ["a"] }), ["main"]);
  assert.deepEqual(ports({ types: ["a"], timeoutSeconds: 5 }), ["main", "timeout"]);
});
