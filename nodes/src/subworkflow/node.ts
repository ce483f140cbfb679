// Runs another workflow as a child execution. The kernel starts it; here it is only described.
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { z } from "../schema.ts";

export const subworkflowNode = defineNode({
  type: "subworkflow",
  version: 1,
  name: "Sub-workflow",
  description: "Runs another workflow and gives its output: once with all items, or once for each item.",
  icon: "workflow",
  category: "action",
  structure: "subworkflow",
  effect: "idempotent",
  per: "list",
  ports: ["main"],
  errors: nodeErrors(["SUBWORKFLOW_UNKNOWN", "SUBWORKFLOW_DEPTH", "CHILD_ENDED"]),
  schema: z.strictObject({
    workflow: z.string().min(1).describe("Id or name of the workflow to run.").meta({ format: "workflow" }),
    mode: z
      .enum(["all", "each"])
      .default("all")
      .describe("One execution with all items, or one for each item."),
  }),
  example: { workflow: "Send invoice", mode: "each" },
});
