// Fields that must be equal on two sides, for joining, looking up and comparing.
import { pathField, z } from "./schema.ts";

/** Names of the same field on both sides, or one name per side; the sides are called as the inputs are. */
export const keyFields = <Side extends string>(other: Side, description: string) =>
  z
    .array(
      z.union([
        pathField("Field with the same name on both sides."),
        z.strictObject({
          main: pathField("Field of the items of main."),
          other: pathField(`Field of the items of ${other}.`),
        }),
      ]),
    )
    .min(1)
    .describe(description);

export type KeyFields = z.output<ReturnType<typeof keyFields>>;

export function mainFields(fields: KeyFields): string[] {
  return fields.map((field) => (typeof field === "string" ? field : field.main));
}

export function otherFields(fields: KeyFields): string[] {
  return fields.map((field) => (typeof field === "string" ? field : field.other));
}
