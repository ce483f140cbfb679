// A model for the AI nodes that it is attached to, so that key, address and prices stand in one place.
import { defineNode } from "../../defineNode.ts";
import { z } from "../../schema.ts";
import { keyProblems, modelCredentials, modelFields } from "../modelFields.ts";

const schema = z.strictObject({
  ...modelFields,
  model: z.string().min(1).describe("Name of the model, as the server knows it."),
});

export const aiModel = defineNode({
  type: "ai.model",
  version: 1,
  name: "AI model",
  description: "A language model (OpenAI or any compatible server) for the AI nodes that it is attached to.",
  icon: "brain-circuit",
  category: "action",
  effect: "pure",
  per: "item",
  structure: "attachment",
  attaches: "model",
  ports: [],
  rawFields: ["credential"],
  credentials: modelCredentials,
  schema,
  example: {
    model: "gpt-4.1-mini",
    credential: "OpenAI",
    prices: { inputPerMillion: 0.4, outputPerMillion: 1.6 },
  },
  checkConfig: keyProblems,
});
