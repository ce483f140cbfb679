// A block whose body runs again while a condition holds. The kernel runs it; here it is only described.
import { plainText } from "../conditions.ts";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { conditionField, resultField, z } from "../schema.ts";

export const whileBlock = defineNode({
  type: "while",
  version: 1,
  name: "While",
  description:
    "Runs its body as long as the condition is true; each round starts from the result of the one before. " +
    "Reaching the bound with the condition still true is an error.",
  icon: "refresh-cw",
  category: "condition",
  structure: "while",
  effect: "pure",
  per: "list",
  ports: ["done"],
  lazyFields: ["condition"],
  errors: nodeErrors(["LOOP_BOUND", "NOT_A_BOOLEAN"]),
  schema: z.strictObject({
    condition: conditionField("Goes on while this is true."),
    maxIterations: z.int().min(1).max(1_000_000).describe("Rounds at most."),
    result: resultField,
  }),
  example: { condition: "{{ $json.page < $json.pages }}", maxIterations: 100 },
  checkConfig: (config) => plainText(config.condition, "condition"),
});
