// A block whose parts run at the same time. The kernel runs it; here it is only described.
import { defineNode } from "../defineNode.ts";
import { resultField, z } from "../schema.ts";

export const parallelBlock = defineNode({
  type: "parallel",
  version: 1,
  name: "Parallel",
  description:
    "Runs every part of its body at the same time and goes on when all are done. One failure fails the block.",
  icon: "columns-3",
  category: "condition",
  structure: "parallel",
  effect: "pure",
  per: "list",
  ports: ["done"],
  schema: z.strictObject({ result: resultField }),
  example: {},
});
