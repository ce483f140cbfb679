// Starts an execution when an execution of another workflow ends; the event bus tells it.
import { defineNode } from "../../defineNode.ts";
import { z } from "../../schema.ts";
import { noTemplates } from "../plainFields.ts";

export const workflowTrigger = defineNode({
  type: "trigger.workflow",
  version: 1,
  name: "Another workflow ends",
  description:
    "Starts the workflow when an execution of another one ends. Gives one item: executionId, workflowId, workflowName, status, output and error.",
  icon: "workflow",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema: z.strictObject({
    workflows: z
      .array(z.string().min(1).max(255))
      .min(1)
      .max(100)
      .describe("Ids or names of the workflows; the workflow itself never counts."),
    on: z
      .array(z.enum(["succeeded", "failed", "cancelled", "terminated"]))
      .min(1)
      .default(["succeeded"])
      .describe("Which ends count."),
  }),
  example: { workflows: ["Import orders"], on: ["succeeded"] },
  checkConfig: (config) => noTemplates(config),
});
