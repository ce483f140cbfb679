// A block whose steps can be undone. The kernel runs it; here it is only described.
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { resultField, z } from "../schema.ts";

export const sagaBlock = defineNode({
  type: "saga",
  version: 1,
  name: "Saga",
  description:
    "Runs its body; when something in it fails, undoes what was done in reverse order with the compensation of each " +
    "step, then fails. A compensation receives input, output and outcome (done or unknown) of its step.",
  icon: "undo-2",
  category: "condition",
  structure: "saga",
  effect: "pure",
  per: "list",
  ports: ["done"],
  errors: nodeErrors(["COMPENSATION_FAILED"]),
  schema: z.strictObject({ result: resultField }),
  example: {},
});
