// What every tool that is attached to an agent has, and the question whether a person must allow a call.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { operators } from "../../conditions.ts";
import { anyValue, z } from "../../schema.ts";
import { parameterField, toolName } from "../agent/tools.ts";

type Operator = keyof typeof operators;

export const toolFields = {
  name: z.string().regex(toolName, "must be letters, digits and _.").describe("Name, as the model calls it."),
  description: z.string().min(1).describe("What it is good for and what it gives, for the model."),
  parameters: z.array(parameterField).max(20).default([]).describe("What the model fills in."),
  approval: z
    .enum(["never", "always", "when"])
    .default("never")
    .describe("Must a person allow a call before it is made? when: if one of the comparisons holds."),
  approvalWhen: z
    .array(
      z.strictObject({
        parameter: z.string().min(1).describe("Parameter of the call."),
        operator: z
          .enum(Object.keys(operators) as [Operator, ...Operator[]])
          .describe("How its value is compared."),
        value: anyValue().optional().describe("Value to compare with."),
      }),
    )
    .min(1)
    .max(20)
    .optional()
    .describe("With approval: when. Comparisons of which one is enough."),
};

const rule = z.object({ approval: toolFields.approval, approvalWhen: toolFields.approvalWhen });

/** A comparison that cannot be made, such as of text with a number, counts as one that holds: better asked than not. */
export function needsApproval(
  { approval, approvalWhen = [] }: z.output<typeof rule>,
  values: JsonObject,
): boolean {
  if (approval !== "when") return approval === "always";
  if (approvalWhen.length === 0) return true;
  return approvalWhen.some(({ parameter, operator, value }) => {
    try {
      return operators[operator](values[parameter] as Json | undefined, value as Json | undefined, parameter);
    } catch {
      return true;
    }
  });
}

/** `{name}` becomes the value of the parameter: alone it keeps its kind, within a text it is written into it. */
export function fillIn(value: unknown, values: JsonObject): Json {
  if (typeof value === "string") {
    const whole = /^\{([A-Za-z][A-Za-z0-9_]*)\}$/.exec(value)?.[1];
    if (whole !== undefined && Object.hasOwn(values, whole)) return values[whole] as Json;
    return value.replaceAll(/\{([A-Za-z][A-Za-z0-9_]*)\}/g, (text, name: string) => {
      if (!Object.hasOwn(values, name)) return text;
      const given = values[name] as Json;
      return typeof given === "string" ? given : JSON.stringify(given);
    });
  }
  if (Array.isArray(value)) return value.map((one) => fillIn(one, values));
  if (!isObject(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillIn(inner, values)]));
}
