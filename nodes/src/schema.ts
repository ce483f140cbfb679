// Zod as the node library uses it, and the field kinds that several node types share.
// Import `z` from here, never from "zod": the product runs without code generation, so zod must not try it.
import { z } from "zod";

z.config({ jitless: true });

export { z };

/** Any value; usually written as a template. */
export const anyValue = () => z.unknown();

/** A condition: one template whose result is true or false. */
export const conditionField = (description: string) =>
  z.union([z.boolean(), z.string()]).describe(description).meta({ format: "condition" });

/** A place within the data of an item: names joined by dots, list places as numbers. */
export const pathField = (description: string) =>
  z.string().min(1).describe(description).meta({ format: "path" });

/** Headers, query parameters: names with plain values. */
export const plainValues = (description: string) =>
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).describe(description);

export const secondsField = (description: string) => z.number().positive().describe(description);

/** Id of a node in the body whose items are the block's result. */
export const resultField = z
  .string()
  .optional()
  .describe(
    "Id of the node in the body whose items are the result. Default: the nodes at the end of the body.",
  );
