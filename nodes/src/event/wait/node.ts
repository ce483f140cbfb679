// Waits for an event of the bus. The kernel waits as for a signal; the bus sends it when an event fits.
import { portsFrom } from "@auraos/kernel";
import { defineNode } from "../../defineNode.ts";
import { anyValue, secondsField, z } from "../../schema.ts";

export const eventWait = defineNode({
  type: "event.wait",
  version: 1,
  name: "Wait for event",
  description:
    "Waits until an event of the bus fits, and gives it: id, source, type, subject, time, position and data. Waiting costs nothing.",
  icon: "ear",
  category: "action",
  structure: "wait",
  effect: "pure",
  per: "list",
  ports: portsFrom([{ port: "main" }, { port: "timeout", when: { timeoutSeconds: true } }]),
  schema: z.strictObject({
    types: z
      .array(z.string().min(1).max(255))
      .min(1)
      .max(5)
      .describe("Types that fit, such as order.paid. * stands for one word, ** for any number of words."),
    match: z
      .record(z.string(), anyValue())
      .optional()
      .describe("What fields of the event must be, by their path: subject, or data.orderId."),
    timeoutSeconds: secondsField(
      "How long to wait; then the timeout port goes on. Default: without end.",
    ).optional(),
  }),
  example: { types: ["order.paid"], match: { "data.orderId": "{{ $json.orderId }}" }, timeoutSeconds: 86400 },
});
