// Variables as they travel: named values that expressions read as `$vars.name`.
import { instant, json } from "./common.ts";
import { z } from "./zod.ts";

export const variableName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "letters, digits and _, not a digit first")
  .describe("Read in expressions as $vars.name.");

export const variable = z
  .object({
    name: variableName,
    value: json,
    description: z.string().nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Variable", description: "A value that every workflow of the organization can read." });
export type Variable = z.infer<typeof variable>;

export const variableList = z
  .object({
    items: z.array(variable),
    bytes: z.int().describe("Of all values together, as JSON."),
    bytesMax: z.int().describe("What all values together may have."),
  })
  .meta({ id: "VariableList" });
export type VariableList = z.infer<typeof variableList>;

export const variableBody = z
  .strictObject({
    value: json.describe(
      "Any JSON value up to 64 KB. Everybody may read it: a secret belongs into a connection.",
    ),
    description: z.string().max(2000).nullish(),
  })
  .meta({ id: "VariableBody" });
export type VariableBody = z.infer<typeof variableBody>;
