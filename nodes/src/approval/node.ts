// Asks a person. The kernel waits for the answer; the server shows the task and checks the form.
import { defineNode } from "../defineNode.ts";
import { secondsField, z } from "../schema.ts";

export const approvalNode = defineNode({
  type: "approval",
  version: 1,
  name: "Approval",
  description:
    "Asks a person to approve or reject, with a form if wished. Goes on at approved or rejected, or at timeout when nobody answers.",
  icon: "user-check",
  category: "action",
  structure: "approval",
  effect: "pure",
  per: "list",
  ports: ["approved", "rejected", "timeout"],
  schema: z.strictObject({
    title: z.string().min(1).describe("What is to be decided, in one line."),
    message: z
      .string()
      .optional()
      .describe("What the person needs to know; Markdown.")
      .meta({ format: "markdown" }),
    form: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("JSON Schema of the fields to fill in; the answers come with the decision."),
    assignees: z
      .array(z.string())
      .optional()
      .describe("People or groups who may answer. Default: everyone who may run the workflow."),
    timeoutSeconds: secondsField("After this time without an answer the timeout port goes on.").optional(),
    escalate: z
      .strictObject({
        afterSeconds: secondsField("Time without an answer."),
        assignees: z.array(z.string()).min(1).describe("Who is asked then, as well."),
      })
      .optional()
      .describe("Asks others when nobody has answered for a while."),
  }),
  example: {
    title: "Refund {{ $json.amount }} to {{ $json.customer }}?",
    assignees: ["finance"],
    timeoutSeconds: 86400,
    escalate: { afterSeconds: 14400, assignees: ["head-of-finance"] },
  },
});
