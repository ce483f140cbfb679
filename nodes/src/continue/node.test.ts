import assert from "node:assert/strict";
import { it } from "node:test";
import { continueNode } from "./node.ts";

it("has no settings and no way on", () => {
  assert.deepEqual(continueNode.ports, []);
  assert.deepEqual(continueNode.checkConfig?.({}), []);
});
