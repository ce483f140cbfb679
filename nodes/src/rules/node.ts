// A decision table: what holds in the columns decides what comes out. The output says which rules fitted.
import {
  type ConfigProblem,
  type Item,
  type Json,
  type JsonObject,
  type Outputs,
  type PureCall,
  portsFrom,
} from "@auraos/kernel";
import { isTemplate } from "../checkConfig.ts";
import { ActivityError, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { withField } from "../fieldValues.ts";
import { getPath, setPath } from "../paths.ts";
import { readConfig, wrongParameter } from "../readConfig.ts";
import { anyValue, pathField, z } from "../schema.ts";
import { type Finding, gap, makeTable, overlaps, type Table, unreachable } from "./analyse.ts";
import {
  type Column,
  cellSchema,
  columnTypes,
  representatives,
  showValue,
  type Test,
  testOf,
  type Value,
  valueFor,
} from "./cells.ts";

const schema = z.strictObject({
  columns: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe("Name of the column, used in the rules."),
        type: z.enum(columnTypes).describe("Kind of its values. Dates are ISO 8601 text."),
        field: pathField("Field of the item with the value. Default: the name.").optional(),
      }),
    )
    .min(1)
    .max(50)
    .describe("What is looked at."),
  rules: z
    .array(
      z.strictObject({
        when: z
          .record(z.string(), cellSchema)
          .default({})
          .describe("Condition per column; a column that is left out may be anything."),
        give: z.record(z.string(), anyValue()).describe("What comes out: names and values."),
        priority: z
          .number()
          .default(0)
          .describe("Hits priority: the fitting rule with the greatest one wins."),
        note: z.string().optional().describe("Why the rule is there; shown in the trace."),
      }),
    )
    .min(1)
    .max(1000)
    .describe("Rules, from top to bottom.")
    .meta({ format: "decisionTable" }),
  hits: z
    .enum(["first", "unique", "priority", "collect"])
    .default("first")
    .describe(
      "Which of the fitting rules count: the first; the only one, and two are an error; the one of the greatest priority; all, as a list.",
    ),
  otherwise: z.record(z.string(), anyValue()).optional().describe("What comes out when no rule fits."),
  whenNone: z
    .enum(["fail", "port"])
    .default("fail")
    .describe("When no rule fits and there is no otherwise: stop, or give the item at the port none."),
  complete: z.boolean().default(false).describe("Say in the editor when some case has no rule."),
  into: pathField("Field for what comes out. Default: decision.").default("decision"),
  trace: pathField("Field for the rules that fitted, by number (from 1) and note.").optional(),
});
type Config = z.output<typeof schema>;

export const rulesNode = defineNode({
  type: "rules",
  version: 1,
  name: "Decision table",
  description:
    "Decides by a table of rules with typed conditions. Overlaps, gaps and rules that are never reached are found as you write, each with an example.",
  icon: "table-properties",
  category: "condition",
  effect: "pure",
  per: "item",
  ports: portsFrom([
    { port: "main" },
    { port: "none", when: { whenNone: ["port"] }, unless: { otherwise: true } },
  ]),
  errors: nodeErrors(["DATA_INVALID", "RULES_GAP", "RULES_OVERLAP"]),
  schema,
  example: {
    columns: [
      { name: "total", type: "number" },
      { name: "customer", type: "text", field: "customer.kind" },
    ],
    rules: [
      {
        when: { total: { from: 1000 }, customer: "business" },
        give: { discount: 0.15 },
        note: "large business orders",
      },
      { when: { total: { from: 1000 } }, give: { discount: 0.1 } },
      { give: { discount: 0 } },
    ],
    hits: "first",
    trace: "why",
  },
  checkConfig: checkTable,
  evaluate: decide,
});

function checkTable(config: JsonObject): ConfigProblem[] {
  if (isTemplate(config.columns) || isTemplate(config.rules) || hasTemplates(config)) return [];
  let table: Table;
  const settings = readConfig(schema, config);
  try {
    table = tableOf(settings, "UTC");
  } catch (error) {
    if (!(error instanceof ActivityError)) throw error;
    const { message, field = "rules" } = error.failure;
    return [{ field, code: "RULES", message }];
  }
  const found = [
    ...(settings.hits === "unique" ? overlaps(table) : []),
    ...(settings.hits === "priority" ? overlaps(table).filter((one) => samePriority(one, settings)) : []),
    ...(settings.hits === "first" ? unreachable(table) : []),
  ];
  const missing = settings.complete && settings.otherwise === undefined ? gap(table) : "none";
  if (typeof missing === "object") found.push(missing);
  const problems = found.slice(0, 20).map((finding) => problemOf(finding, settings));
  if (missing === "unknown")
    problems.push({
      field: "complete",
      code: "RULES_SIZE",
      message: "The table is too large to tell whether every case has a rule.",
      remedy: 'Give "otherwise" instead.',
    });
  return problems;
}

function hasTemplates(config: JsonObject): boolean {
  const rules = Array.isArray(config.rules) ? (config.rules as JsonObject[]) : [];
  return JSON.stringify([config.columns, rules.map((rule) => rule.when ?? null)]).includes("{{");
}

function samePriority(finding: Finding, { rules }: Config): boolean {
  return (
    finding.kind === "overlap" && rules[finding.rules[0]]?.priority === rules[finding.rules[1]]?.priority
  );
}

function problemOf(finding: Finding, { columns }: Config): ConfigProblem {
  const example = (values: Value[]) =>
    columns.map(({ name, type }, index) => `${name}: ${showValue(values[index] ?? null, type)}`).join(", ");
  switch (finding.kind) {
    case "overlap": {
      const [first, second] = finding.rules;
      return {
        field: `rules.${second}`,
        code: "RULES_OVERLAP",
        message: `Rules ${first + 1} and ${second + 1} both fit, for example (${example(finding.example)}).`,
        remedy: "Make one of them narrower, or let the first fitting one count.",
      };
    }
    case "unreachable": {
      const [first, second] = finding.rules;
      return {
        field: `rules.${second}`,
        code: "RULES_UNREACHABLE",
        message:
          first === second
            ? `Rule ${second + 1} fits nothing: its conditions exclude each other.`
            : `Rule ${second + 1} is never reached: rule ${first + 1} takes all it could take.`,
        remedy: first === second ? "Correct its conditions." : "Move it up, or take it away.",
      };
    }
    case "gap":
      return {
        field: "rules",
        code: "RULES_GAP",
        message: `No rule fits, for example (${example(finding.example)}).`,
        remedy: 'Add a rule, or give "otherwise".',
      };
  }
}

function testsOf(config: Config, zone: string): Test[][] {
  const names = config.columns.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw wrongParameter("columns", `has "${twice}" twice.`);
  return config.rules.map(({ when }, index) => {
    const stranger = Object.keys(when).find((name) => !names.includes(name));
    if (stranger !== undefined) {
      throw wrongParameter(
        `rules.${index}.when.${stranger}`,
        "is no column.",
        `Columns: ${names.join(", ")}.`,
      );
    }
    return config.columns.map((column) =>
      testOf(when[column.name], column, zone, `rules.${index}.when.${column.name}`),
    );
  });
}

function tableOf(config: Config, zone: string): Table {
  const tests = testsOf(config, zone);
  const values = config.columns.map((column) =>
    representatives(
      config.rules.map(({ when }) => when[column.name]),
      column,
      zone,
    ),
  );
  return makeTable(tests, values);
}

/** Settings without templates are the same object for every item: such a table is read once. */
const read = new WeakMap<JsonObject, { zone: string; config: Config; tests: Test[][] }>();

function ready({ config: given, zone }: PureCall): { config: Config; tests: Test[][] } {
  const known = read.get(given);
  if (known?.zone === zone) return known;
  const config = readConfig(schema, given);
  const made = { zone, config, tests: testsOf(config, zone) };
  read.set(given, made);
  return made;
}

function decide(call: PureCall): Outputs {
  const { config, tests } = ready(call);
  const item = call.items[0] as Item;
  const values = config.columns.map((column: Column & { field?: string | undefined }) => {
    const field = column.field ?? column.name;
    return valueFor(getPath(item.json, field), column, call.zone, field);
  });
  const fitting = tests.flatMap((rule, index) =>
    rule.every((test, column) => test(values[column] ?? null)) ? [index] : [],
  );
  if (fitting.length === 0 && config.hits !== "collect" && config.otherwise === undefined) {
    if (config.whenNone === "port") return { none: { items: [item] } };
    throw noRule(config, values);
  }
  const counting = countingOf(fitting, config, values);
  const results = counting.map((index) => config.rules[index]?.give as JsonObject);
  const decision: Json =
    config.hits === "collect"
      ? results.length === 0 && config.otherwise !== undefined
        ? [config.otherwise as JsonObject]
        : results
      : (results[0] ?? (config.otherwise as JsonObject));
  const made = withField(item, config.into, decision);
  if (config.trace !== undefined)
    setPath(made.json as JsonObject, config.trace, traceOf(fitting, counting, config));
  return { main: { items: [made] } };
}

function countingOf(fitting: number[], config: Config, values: Value[]): number[] {
  if (config.hits === "collect") return fitting;
  if (config.hits === "unique" && fitting.length > 1) throw ambiguous(fitting, config, values);
  if (config.hits !== "priority") return fitting.slice(0, 1);
  const greatest = Math.max(...fitting.map((index) => config.rules[index]?.priority ?? 0));
  return fitting.filter((index) => config.rules[index]?.priority === greatest).slice(0, 1);
}

function traceOf(fitting: number[], counting: number[], { rules }: Config): Json {
  return fitting.map((index) => {
    const note = rules[index]?.note;
    return { rule: index + 1, counted: counting.includes(index), ...(note === undefined ? {} : { note }) };
  });
}

function shown({ columns }: Config, values: Value[]): string {
  return columns
    .map(({ name, type }, index) => `${name}: ${showValue(values[index] ?? null, type)}`)
    .join(", ");
}

function noRule(config: Config, values: Value[]): ActivityError {
  return new ActivityError({
    code: "RULES_GAP",
    class: "data",
    message: `No rule fits (${shown(config, values)}).`,
    remedy: 'Add a rule or "otherwise", or set "whenNone" to "port".',
    certainty: "notDone",
  });
}

function ambiguous(fitting: number[], config: Config, values: Value[]): ActivityError {
  return new ActivityError({
    code: "RULES_OVERLAP",
    class: "data",
    message: `Rules ${fitting.map((index) => index + 1).join(", ")} fit (${shown(config, values)}), but only one may.`,
    remedy: "Make them narrower.",
    certainty: "notDone",
  });
}
