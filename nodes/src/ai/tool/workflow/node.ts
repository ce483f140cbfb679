// A tool that starts another workflow and gives its result.
import { defineNode } from "../../../defineNode.ts";
import { z } from "../../../schema.ts";
import { toolFields } from "../fields.ts";

export const workflowToolSchema = z.strictObject({
  ...toolFields,
  workflow: z.string().min(1).describe("Published workflow, by name or id; the parameters are its input."),
  waitSeconds: z
    .number()
    .positive()
    .max(1500)
    .default(300)
    .describe("How long its end is waited for in one attempt."),
});

export const aiToolWorkflow = defineNode({
  type: "ai.tool.workflow",
  version: 1,
  name: "AI tool: workflow",
  description:
    "Lets the agent that it is attached to start a workflow, exactly once for each call, and read its result.",
  icon: "workflow",
  category: "action",
  effect: "pure",
  per: "item",
  structure: "attachment",
  attaches: "tool",
  ports: [],
  schema: workflowToolSchema,
  example: {
    name: "open_ticket",
    description: "Opens a ticket and gives its number.",
    workflow: "open a ticket",
    parameters: [{ name: "title", description: "What it is about." }],
  },
});
