// The form that the answer of a chat or an agent must have, where an output parser is attached to it.
import type { Attached, ConfigProblem, JsonObject } from "@auraos/kernel";
import type { ActivityCall } from "../../defineNode.ts";
import { readConfig, wrongParameter } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import { schemaProblems } from "../../validate/jsonSchema.ts";
import { type Form, formatField } from "../form.ts";

export const parserFields = {
  schema: z
    .record(z.string(), z.unknown())
    .describe(
      "JSON Schema (2020-12) that the answer must fit. Descriptions in it help the model. Braces in it are no templates.",
    ),
  repairsMax: z
    .int()
    .min(0)
    .max(5)
    .default(1)
    .describe("How often an answer that does not fit goes back to the model with its mistakes."),
  format: formatField,
};

const schema = z.strictObject(parserFields);

export type Parser = { form: Form; repairsMax: number };

export function openParser({ attached }: Pick<ActivityCall, "attached">): Parser | undefined {
  const [parser] = attached?.outputParser ?? [];
  if (!parser) return undefined;
  const [problem] = [...parserProblems(attached), ...schemaProblems(parser.config.schema)];
  if (problem) throw wrongParameter(problem.field, `is not sound: ${problem.message}`);
  const { repairsMax, format, ...given } = readConfig(schema, parser.config);
  return { form: { name: "answer", schema: given.schema as JsonObject, format }, repairsMax };
}

/** What can be said before anything runs; the schema itself is checked where it stands. */
export function parserProblems(attached: Attached = {}): ConfigProblem[] {
  if ((attached.outputParser ?? []).length < 2) return [];
  const message = "Two output parsers are attached.";
  return [{ field: "outputParser", code: "AI_PARSERS", message, remedy: "Keep one of them." }];
}
