// The form of the answer, for the chat or agent that it is attached to.
import { defineNode } from "../../defineNode.ts";
import { z } from "../../schema.ts";
import { schemaProblems } from "../../validate/jsonSchema.ts";
import { parserFields } from "./parser.ts";

export const aiOutputParser = defineNode({
  type: "ai.outputParser",
  version: 1,
  name: "AI output parser",
  description:
    "Makes the chat or agent that it is attached to answer with data of a form (JSON Schema); an answer that does not fit is repaired or fails.",
  icon: "braces",
  category: "action",
  effect: "pure",
  per: "item",
  structure: "attachment",
  attaches: "outputParser",
  ports: [],
  rawFields: ["schema"],
  schema: z.strictObject(parserFields),
  example: {
    schema: {
      type: "object",
      required: ["tone", "reply"],
      additionalProperties: false,
      properties: {
        tone: { enum: ["calm", "angry"] },
        reply: { type: "string", minLength: 1 },
      },
    },
    repairsMax: 2,
  },
  checkConfig: (config) => schemaProblems(config.schema),
});
