// A block whose body runs once per item or batch. The kernel runs it; here it is only described.
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { resultField, z } from "../schema.ts";

export const foreachBlock = defineNode({
  type: "foreach",
  version: 1,
  name: "For each",
  description: "Runs its body for each item or batch of items, one after another or several at once.",
  icon: "repeat",
  category: "condition",
  structure: "foreach",
  effect: "pure",
  per: "list",
  ports: ["done", "error"],
  onEmpty: "run",
  lazyFields: ["items"],
  errors: nodeErrors(["LOOP_BOUND", "NOT_A_LIST"]),
  schema: z.strictObject({
    items: z
      .union([z.array(z.unknown()), z.string()])
      .optional()
      .describe("Template that gives the list to go through. Default: the items that arrive.")
      .meta({ format: "template" }),
    batchSize: z.int().min(1).default(1).describe("Items per round."),
    concurrency: z.int().min(1).max(1000).default(1).describe("Rounds that may run at the same time."),
    onError: z
      .enum(["stop", "continue", "collect"])
      .default("stop")
      .describe(
        "When a round fails: stop the loop and fail; continue without it; or collect the failed items at the error port.",
      ),
    result: resultField,
  }),
  example: { items: "{{ $json.orders }}", concurrency: 4, onError: "collect" },
});
