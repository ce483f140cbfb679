// Starts an execution from an HTTP request. The server receives the request; the kernel gives it as one item.
import { defineNode } from "../../defineNode.ts";
import { secondsField, z } from "../../schema.ts";
import { noTemplates } from "../plainFields.ts";

export const webhookTrigger = defineNode({
  type: "trigger.webhook",
  version: 1,
  name: "Webhook",
  description:
    "Starts the workflow when a request arrives at its address. Gives one item: body, query, headers, method and path.",
  icon: "webhook",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema: z.strictObject({
    path: z
      .string()
      .regex(
        /^[A-Za-z0-9_~.-]+(\/[A-Za-z0-9_~.-]+)*$/,
        "must be words joined by slashes, such as orders/new.",
      )
      .describe("End of the address, such as orders/new."),
    methods: z
      .array(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]))
      .min(1)
      .default(["POST"])
      .describe("Methods that start the workflow."),
    respond: z
      .enum(["immediately", "whenDone"])
      .default("whenDone")
      .describe("Answer at once with the execution's id, or with what the workflow responds or ends with."),
    waitSeconds: secondsField(
      "How long the caller is kept waiting for the end; then it gets 202 and an address to ask.",
    ).optional(),
  }),
  example: { path: "orders/new", methods: ["POST"], respond: "whenDone" },
  checkConfig: (config) => noTemplates(config),
});
