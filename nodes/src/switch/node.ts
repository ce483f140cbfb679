// Sends each item to the port of the first case that fits (or of every case).
import {
  type ConfigProblem,
  type Item,
  isObject,
  type Json,
  type JsonObject,
  type Outputs,
  type PureCall,
  portsFrom,
} from "@auraos/kernel";
import { isTemplate } from "../checkConfig.ts";
import { isSame, plainText, strictBoolean } from "../conditions.ts";
import { defineNode } from "../defineNode.ts";
import { show, wrongParameter } from "../readConfig.ts";
import { anyValue, conditionField, z } from "../schema.ts";

const port = (description: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be letters, digits, _ or -, at most 64.")
    .describe(description);

export const switchNode = defineNode({
  type: "switch",
  version: 1,
  name: "Switch",
  description:
    "Sends each item to the port of the first case that fits, or to every fitting one; else to the fallback port.",
  icon: "signpost",
  category: "condition",
  effect: "pure",
  per: "item",
  ports: portsFrom([{ from: "cases.*.port" }, { from: "fallback" }]),
  schema: z.strictObject({
    value: anyValue().optional().describe("What the cases with equals are compared with."),
    cases: z
      .array(
        z.strictObject({
          port: port("Port of this case."),
          when: conditionField("Template that gives true or false.").optional(),
          equals: anyValue().optional().describe("Fits when the value equals this, in kind as well."),
        }),
      )
      .min(1)
      .describe("Cases, in the order they are tried."),
    fallback: port("Port of items that fit no case. Default: such items are dropped.").optional(),
    all: z.boolean().default(false).describe("Send to every case that fits instead of the first."),
  }),
  example: {
    value: "{{ $json.country }}",
    cases: [
      { port: "domestic", equals: "DE" },
      { port: "europe", when: "{{ ['FR', 'AT', 'NL'].includes($json.country) }}" },
    ],
    fallback: "world",
  },
  checkConfig: checkCases,
  evaluate: chooseCase,
});

function checkCases(config: JsonObject): ConfigProblem[] {
  const cases = Array.isArray(config.cases) ? config.cases : [];
  const problems = cases.flatMap((one, index) =>
    isObject(one) ? checkCase(one as JsonObject, index, config) : [],
  );
  if (!isTemplate(config.fallback)) return problems;
  return [...problems, literalPort("fallback")];
}

function checkCase(one: JsonObject, index: number, config: JsonObject): ConfigProblem[] {
  const field = `cases.${index}`;
  if (isTemplate(one.port)) return [literalPort(`${field}.port`)];
  if ((one.when === undefined) === (one.equals === undefined)) {
    return [{ field, code: "CASE", message: `Case "${String(one.port)}" needs either "when" or "equals".` }];
  }
  if (one.equals === undefined || config.value !== undefined) return plainText(one.when, `${field}.when`);
  return [
    {
      field: "value",
      code: "FIELD_MISSING",
      message: `Case "${String(one.port)}" compares with "value", which is missing.`,
      remedy: 'Fill in "value" or use "when".',
    },
  ];
}

function literalPort(field: string): ConfigProblem {
  return {
    field,
    code: "TEMPLATE_NOT_ALLOWED",
    message: `"${field}" names a port and cannot be a template.`,
  };
}

function chooseCase(call: PureCall): Outputs {
  const { cases, value, fallback, all } = call.config;
  if (!Array.isArray(cases)) throw wrongParameter("cases", `must be a list, not ${show(cases)}.`);
  const item = call.items[0] as Item;
  const outputs: Outputs = {};
  for (let index = 0; index < cases.length; index++) {
    const one = cases[index] as JsonObject;
    if (!fits(one, value, `cases.${index}.when`)) continue;
    outputs[String(one.port)] = { items: [item] };
    if (all !== true) return outputs;
  }
  if (Object.keys(outputs).length === 0 && typeof fallback === "string")
    outputs[fallback] = { items: [item] };
  return outputs;
}

function fits(one: JsonObject, value: Json | undefined, field: string): boolean {
  // `when` that evaluates to nothing is an error; a case without `when` compares.
  return "equals" in one ? isSame(value, one.equals) : strictBoolean(one.when, field);
}
