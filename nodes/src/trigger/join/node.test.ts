import assert from "node:assert/strict";
import { it } from "node:test";
import { joinTrigger } from "./node.ts";

const check = joinTrigger.checkConfig ?? (() => []);

it("needs at least two workflows and a window", () => {
  assert.deepEqual(check({ workflows: ["a", "b"], windowSeconds: 60 }), []);
  assert.equal(check({ workflows: ["a"], windowSeconds: 60 })[0]?.field, "workflows");
  assert.equal(check({ workflows: ["a", "b"] })[0]?.field, "windowSeconds");
});
