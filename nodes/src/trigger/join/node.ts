// Starts an execution when all of several workflows have ended within a window; then the counting begins anew.
import { defineNode } from "../../defineNode.ts";
import { secondsField, z } from "../../schema.ts";
import { noTemplates } from "../plainFields.ts";

export const joinTrigger = defineNode({
  type: "trigger.join",
  version: 1,
  name: "Several workflows end",
  description:
    "Starts the workflow once all of the named ones have ended within a time. Gives one item per workflow: executionId, workflowName, status and output.",
  icon: "git-merge",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema: z.strictObject({
    workflows: z
      .array(z.string().min(1).max(255))
      .min(2)
      .max(20)
      .describe("Ids or names of the workflows that must all have ended."),
    windowSeconds: secondsField(
      "Time between the first and the last of them; an older one no longer counts.",
    ),
    on: z
      .array(z.enum(["succeeded", "failed", "cancelled", "terminated"]))
      .min(1)
      .default(["succeeded"])
      .describe("Which ends count."),
  }),
  example: { workflows: ["Import orders", "Import stock"], windowSeconds: 3600 },
  checkConfig: (config) => noTemplates(config),
});
