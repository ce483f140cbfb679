import assert from "node:assert/strict";
import { it } from "node:test";
import { manualTrigger } from "./node.ts";

it("takes any example input", () => {
  assert.deepEqual(manualTrigger.checkConfig?.({}), []);
  assert.deepEqual(manualTrigger.checkConfig?.({ input: [{ a: 1 }, 2] }), []);
});
