import assert from "node:assert/strict";
import { it } from "node:test";
import { subworkflowNode } from "./node.ts";

it("needs a workflow", () => {
  assert.equal(subworkflowNode.checkConfig?.({})[0]?.field, "workflow");
  assert.deepEqual(subworkflowNode.checkConfig?.({ workflow: "Invoice", mode: "each" }), []);
});
