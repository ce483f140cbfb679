// Starts an execution by hand or through the API. The kernel gives it the input of the execution as items.
import { defineNode } from "../../defineNode.ts";
import { anyValue, z } from "../../schema.ts";

export const manualTrigger = defineNode({
  type: "trigger.manual",
  version: 1,
  name: "Start",
  description:
    "Starts the workflow by hand, through the API or from another workflow. Gives the input as items.",
  icon: "play",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema: z.strictObject({
    input: anyValue().optional().describe("Example input, offered when the workflow is tried out."),
  }),
  example: { input: { customer: "Ada", amount: 12.5 } },
});
