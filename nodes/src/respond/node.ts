// Gives the execution's reply. The kernel records the first one; the server sends it to a waiting caller.
import { defineNode } from "../defineNode.ts";
import { anyValue, plainValues, z } from "../schema.ts";

export const respondNode = defineNode({
  type: "respond",
  version: 1,
  name: "Respond",
  description:
    "Answers the caller now, while the workflow goes on; its items pass through. The first answer counts.",
  icon: "reply",
  category: "action",
  structure: "respond",
  effect: "pure",
  per: "list",
  ports: ["main"],
  onEmpty: "run",
  schema: z.strictObject({
    body: anyValue()
      .optional()
      .describe("What the caller gets. Default: the data of the one item, or a list of all."),
    status: z.int().min(200).max(599).default(200).describe("HTTP status, for webhooks."),
    headers: plainValues("HTTP headers, for webhooks.").optional(),
  }),
  example: { body: { id: "{{ $json.id }}", accepted: true }, status: 201 },
});
