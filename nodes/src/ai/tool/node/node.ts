// A tool that runs a node of the library: a query, a file, a calculation.
import { defineNode } from "../../../defineNode.ts";
import { anyValue, z } from "../../../schema.ts";
import { toolFields } from "../fields.ts";

export const nodeToolSchema = z.strictObject({
  ...toolFields,
  type: z.string().min(1).describe("Type of the node, such as postgres or table."),
  config: z
    .record(z.string(), anyValue())
    .describe(
      "Its settings. {name} stands for a parameter: alone it keeps its kind, within a text it is written into it.",
    ),
});

export const aiToolNode = defineNode({
  type: "ai.tool.node",
  version: 1,
  name: "AI tool: node",
  description:
    "Lets the agent that it is attached to run a node of the library, with settings that the workflow fixes.",
  icon: "puzzle",
  category: "action",
  effect: "pure",
  per: "item",
  structure: "attachment",
  attaches: "tool",
  ports: [],
  schema: nodeToolSchema,
  example: {
    name: "find_customer",
    description: "Gives what is known of a customer.",
    parameters: [{ name: "email", description: "Address of the customer." }],
    type: "table",
    config: {
      operation: "find",
      table: "Customers",
      where: [{ column: "email", value: "{email}" }],
      limit: 3,
    },
  },
});
