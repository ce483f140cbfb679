// A tool that calls a web service at an address that the workflow fixes.
import type { ConfigProblem, JsonObject } from "@auraos/kernel";
import { defineNode } from "../../../defineNode.ts";
import { plainValues, z } from "../../../schema.ts";
import { urlProblems } from "../../agent/tools.ts";
import { toolFields } from "../fields.ts";

export const httpToolSchema = z.strictObject({
  ...toolFields,
  method: z
    .enum(["GET", "POST", "PUT", "PATCH", "DELETE"])
    .default("GET")
    .describe(
      "GET gets data; all others change something, and are never repeated when their outcome is unknown.",
    ),
  url: z
    .string()
    .min(1)
    .describe(
      "Address. {name} in path or query stands for a parameter; others go into the query, or into the JSON body.",
    ),
  headers: plainValues("Headers to send, such as a sign-in; the model never sees them.").optional(),
  idempotencyHeader: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Header that carries a key, the same for every attempt, such as Idempotency-Key. Makes a change safe to repeat.",
    ),
});

export const aiToolHttp = defineNode({
  type: "ai.tool.http",
  version: 1,
  name: "AI tool: HTTP",
  description:
    "Lets the agent that it is attached to call a web service; a person may have to allow the call.",
  icon: "globe",
  category: "action",
  effect: "pure",
  per: "item",
  structure: "attachment",
  attaches: "tool",
  ports: [],
  schema: httpToolSchema,
  example: {
    name: "refund",
    description: "Pays money back for an order.",
    method: "POST",
    url: "https://shop.example/api/orders/{number}/refunds",
    parameters: [
      { name: "number", description: "Number of the order." },
      { name: "amount", description: "How much, in euros.", type: "number" },
    ],
    approval: "when",
    approvalWhen: [{ parameter: "amount", operator: "greater", value: 50 }],
  },
  checkConfig,
});

function checkConfig(config: JsonObject): ConfigProblem[] {
  const read = httpToolSchema.safeParse(config);
  if (!read.success || read.data.url.includes("{{")) return [];
  return urlProblems(read.data).map((message) => ({
    field: "url",
    code: "TOOL_ADDRESS",
    message: `"url" ${message}`,
  }));
}
