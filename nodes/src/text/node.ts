// Texts made fit: trimmed, replaced, cut, split, in another case. Patterns cannot run away: they are RE2.
import type { Item } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { changeFields, fieldChoice } from "../fieldValues.ts";
import { readConfig } from "../readConfig.ts";
import { z } from "../schema.ts";
import { applySteps, textStep } from "./steps.ts";

const schema = z.strictObject({
  ...fieldChoice,
  steps: z
    .array(textStep)
    .min(1)
    .describe("What is done, one step after another. Lists are changed part by part."),
});

export const textNode = defineNode({
  type: "text",
  version: 1,
  name: "Text",
  description:
    "Trims, replaces, splits, cuts, extracts and rewrites text in fields of each item, step by step.",
  icon: "type",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID", "TEXT_TOO_LONG"]),
  schema,
  example: {
    fields: ["title"],
    into: "slug",
    steps: [{ operation: "trim" }, { operation: "truncate", length: 60, ending: "" }, { operation: "slug" }],
  },
  evaluate: (call) => {
    const config = readConfig(schema, call.config);
    return changeFields(call.items[0] as Item, config, (value, field) =>
      applySteps(value, config.steps, field),
    );
  },
});
