import assert from "node:assert/strict";
import { it } from "node:test";
import { workflowTrigger } from "./node.ts";

const check = workflowTrigger.checkConfig ?? (() => []);

it("names the workflows and the ends that count", () => {
  assert.deepEqual(check({ workflows: ["Import"], on: ["failed"] }), []);
  assert.equal(check({})[0]?.field, "workflows");
  assert.equal(check({ workflows: ["a"], on: ["done"] })[0]?.field, "on.0");
});
