// Lets through what has the right form, and says of the rest what is wrong and where.
import {
  type ConfigProblem,
  type Item,
  type Json,
  type JsonObject,
  type Outputs,
  type PureCall,
  portsFrom,
} from "@auraos/kernel";
import { ActivityError, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { withField } from "../fieldValues.ts";
import { getPath } from "../paths.ts";
import { readConfig, wrongParameter } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";
import { mistakesOf, schemaProblems } from "./jsonSchema.ts";

const schema = z.strictObject({
  schema: z
    .union([z.record(z.string(), z.unknown()), z.boolean()])
    .describe("JSON Schema (2020-12) of the data. Braces in it are no templates."),
  field: pathField("Part of the item that is checked. Default: all of it.").optional(),
  whenInvalid: z
    .enum(["port", "drop", "fail"])
    .default("port")
    .describe("Items of a wrong form: give at the port invalid, leave out, or stop."),
  into: pathField("Invalid items: field for the list of mistakes (path, keyword, message).").default(
    "mistakes",
  ),
  mistakesMax: z.int().min(1).max(1000).default(20).describe("Mistakes told per item."),
});

export const validateNode = defineNode({
  type: "validate",
  version: 1,
  name: "Validate",
  description:
    "Checks items against a JSON Schema. Right ones leave at valid, wrong ones at invalid with their mistakes.",
  icon: "shield-check",
  category: "condition",
  effect: "pure",
  per: "item",
  ports: portsFrom([{ port: "valid" }, { port: "invalid", unless: { whenInvalid: ["drop", "fail"] } }]),
  rawFields: ["schema"],
  errors: nodeErrors(["DATA_INVALID", "SCHEMA_INVALID"]),
  schema,
  example: {
    schema: {
      type: "object",
      required: ["email", "amount"],
      properties: {
        email: { type: "string", format: "email" },
        amount: { type: "number", exclusiveMinimum: 0 },
      },
    },
  },
  checkConfig: (config: JsonObject): ConfigProblem[] => schemaProblems(config.schema),
  evaluate: validate,
});

/** Schemas that were found sound; they come as the same object for every item. */
const sound = new WeakSet<object>();

function validate(call: PureCall): Outputs {
  const { schema: _, ...given } = call.config;
  const config = readConfig(schema, { ...given, schema: true });
  const form = soundSchema(call.config.schema);
  const item = call.items[0] as Item;
  const value = config.field === undefined ? item.json : (getPath(item.json, config.field) ?? null);
  const mistakes = mistakesOf(form, value, config.mistakesMax);
  if (mistakes.length === 0) return { valid: { items: [item] } };
  if (config.whenInvalid === "fail")
    throw invalid(
      mistakes.map(({ message }) => message),
      call.index,
    );
  if (config.whenInvalid === "drop") return {};
  return { invalid: { items: [withField(item, config.into, mistakes)] } };
}

function soundSchema(given: Json | undefined): Json {
  if (typeof given === "object" && given !== null && sound.has(given)) return given;
  const [problem] = schemaProblems(given);
  if (problem || given === undefined)
    throw wrongParameter(problem?.field ?? "schema", `is not sound: ${problem?.message ?? "missing"}`);
  if (typeof given === "object" && given !== null) sound.add(given);
  return given;
}

function invalid(messages: string[], index: number): ActivityError {
  const more = messages.length > 3 ? ` And ${messages.length - 3} more.` : "";
  return new ActivityError({
    code: "DATA_INVALID",
    class: "data",
    message: `Item ${index} has not the right form. ${messages.slice(0, 3).join(" ")}${more}`,
    certainty: "notDone",
  });
}
