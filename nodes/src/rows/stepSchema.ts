// What can be done with the rows, as people fill it in.
import { operators } from "../conditions.ts";
import { pathField, z } from "../schema.ts";

const keys = z.array(pathField("Field.")).min(1);
const comparison = z.strictObject({
  field: pathField("Field of the row."),
  operator: z
    .enum(Object.keys(operators) as [keyof typeof operators, ...(keyof typeof operators)[]])
    .describe("How it is compared; nothing is converted."),
  value: z.unknown().optional().describe("What it is compared with."),
});

export const stepSchema = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("filter").describe("Keep rows for which the conditions hold."),
    conditions: z.array(comparison).min(1).describe("Conditions."),
    combine: z.enum(["and", "or"]).default("and").describe("Must all hold, or one?"),
  }),
  z.strictObject({
    do: z.literal("select").describe("Keep these fields only."),
    fields: keys.describe("Fields to keep, in this order."),
  }),
  z.strictObject({
    do: z.literal("join").describe("Complete rows with rows of another file that have the same key."),
    file: z.string().min(1).describe("Name of the item's file with the other rows."),
    on: z
      .array(
        z.strictObject({
          field: pathField("Field of the row."),
          other: pathField("Field of the other row."),
        }),
      )
      .min(1)
      .describe("Fields that must be equal."),
    keep: z
      .enum(["matching", "all"])
      .default("matching")
      .describe("Rows with a partner only, or those without one too."),
    take: keys.optional().describe("Fields of the other row to add. Default: all that are not there yet."),
  }),
  z.strictObject({
    do: z.literal("dedupe").describe("Keep one of the rows with equal values."),
    fields: keys.optional().describe("Fields that make rows equal. Default: all."),
    keep: z.enum(["first", "last"]).default("first").describe("Which of the equal rows stays."),
  }),
  z.strictObject({
    do: z.literal("aggregate").describe("Totals per group."),
    groupBy: keys.optional().describe("Fields whose equal values make a group. Default: one group."),
    fields: z
      .array(
        z.strictObject({
          operation: z
            .enum(["count", "sum", "average", "min", "max", "first", "last"])
            .describe("What is computed."),
          field: pathField("Field it is computed from. Count without a field counts rows.").optional(),
          as: pathField("Name of the result."),
          decimals: z.int().min(0).max(20).optional().describe("Round to so many decimals, half up."),
        }),
      )
      .min(1)
      .describe("Results per group. Sums are exact in decimal."),
  }),
  z.strictObject({
    do: z.literal("sort").describe("Put rows in order."),
    by: z
      .array(
        z.strictObject({
          field: pathField("Field to sort by."),
          order: z
            .enum(["ascending", "descending"])
            .default("ascending")
            .describe("Smallest or largest first."),
        }),
      )
      .min(1)
      .describe("Fields, the most important first."),
  }),
  z.strictObject({
    do: z.literal("limit").describe("Keep the first rows."),
    rows: z.int().min(0).describe("How many."),
    skip: z.int().min(0).default(0).describe("Leave out so many before."),
  }),
]);
export type Step = z.output<typeof stepSchema>;
export type Of<Kind extends Step["do"]> = Extract<Step, { do: Kind }>;
