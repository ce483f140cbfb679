import assert from "node:assert/strict";
import { it } from "node:test";
import { breakNode } from "./node.ts";

it("has no settings and no way on", () => {
  assert.deepEqual(breakNode.ports, []);
  assert.match(breakNode.checkConfig?.({ when: true })[0]?.remedy ?? "", /no settings/);
});
