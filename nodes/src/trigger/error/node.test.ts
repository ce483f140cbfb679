import assert from "node:assert/strict";
import { it } from "node:test";
import { errorTrigger } from "./node.ts";

it("needs no settings", () => {
  assert.deepEqual(errorTrigger.checkConfig?.({}), []);
  assert.equal(errorTrigger.structure, "trigger");
});
