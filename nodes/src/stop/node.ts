// Ends the execution as failed, on purpose. The kernel does it; here it is only described.
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { z } from "../schema.ts";

export const stopNode = defineNode({
  type: "stop",
  version: 1,
  name: "Stop with an error",
  description: "Fails on purpose, with your own message. A try block around it can catch the error.",
  icon: "circle-stop",
  category: "action",
  structure: "stop",
  effect: "pure",
  per: "list",
  ports: [],
  errors: nodeErrors(["STOPPED"]),
  schema: z.strictObject({
    message: z.string().min(1).describe("What went wrong, for the person who reads it."),
    code: z.string().min(1).optional().describe("Code of the error, such as STOCK_EMPTY. Default: STOPPED."),
  }),
  example: { message: "No stock for {{ $json.sku }}", code: "STOCK_EMPTY" },
});
