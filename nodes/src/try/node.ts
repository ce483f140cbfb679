// A block with parts `body`, `catch` and `finally`. The kernel runs it; here it is only described.
import { defineNode } from "../defineNode.ts";
import { resultField, z } from "../schema.ts";

export const tryBlock = defineNode({
  type: "try",
  version: 1,
  name: "Try",
  description:
    "Runs its body; when something in it fails, runs the catch part with one item holding the error and the input, " +
    "and in any case the finally part.",
  icon: "shield",
  category: "condition",
  structure: "try",
  effect: "pure",
  per: "list",
  ports: ["done"],
  schema: z.strictObject({ result: resultField }),
  example: {},
});
