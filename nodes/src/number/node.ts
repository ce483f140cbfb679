// Numbers read from text, rounded, kept in bounds, and written for people.
import type { Item } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { changeFields, fieldChoice } from "../fieldValues.ts";
import { readConfig } from "../readConfig.ts";
import { z } from "../schema.ts";
import { applySteps, numberStep } from "./steps.ts";

const schema = z.strictObject({
  ...fieldChoice,
  steps: z.array(numberStep).min(1).describe("What is done, one step after another. Null stays null."),
});

export const numberNode = defineNode({
  type: "number",
  version: 1,
  name: "Number",
  description:
    "Reads numbers from text, rounds them exactly, and writes them as money, percent or sizes in any language.",
  icon: "hash",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID"]),
  schema,
  example: {
    fields: ["price"],
    into: "priceText",
    steps: [
      { operation: "parse", locale: "de" },
      { operation: "scale", by: 1.19 },
      { operation: "round", decimals: 2 },
      { operation: "format", style: "currency", currency: "EUR", locale: "de" },
    ],
  },
  evaluate: (call) => {
    const config = readConfig(schema, call.config);
    return changeFields(call.items[0] as Item, config, (value, field) =>
      applySteps(value, config.steps, field),
    );
  },
});
