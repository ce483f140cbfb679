import assert from "node:assert/strict";
import { it } from "node:test";
import { approvalNode } from "./node.ts";

const check = approvalNode.checkConfig ?? (() => []);

it("takes a form and an escalation", () => {
  const form = { type: "object", properties: { reason: { type: "string" } } };
  assert.deepEqual(
    check({ title: "Refund?", form, escalate: { afterSeconds: 60, assignees: ["head"] } }),
    [],
  );
});

it("locates what is wrong inside", () => {
  const problems = check({ title: "Refund?", escalate: { afterSeconds: -1, assignees: [] } });
  assert.deepEqual(
    problems.map((problem) => problem.field),
    ["escalate.afterSeconds", "escalate.assignees"],
  );
});
