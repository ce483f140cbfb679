// Conditions as `if`, `filter` and `switch` read them: one template that gives true or false, or a list of typed
// comparisons. Nothing is converted silently: comparing a number with text is an error that says so, because a
// wrong branch taken quietly costs more than a stopped one. With `and`/`or` later comparisons are not looked at
// once the result is certain, so `exists` can stand before a comparison.
import { type ConfigProblem, isObject, type Json, type JsonObject } from "@auraos/kernel";
import { isTemplate } from "./checkConfig.ts";
import { show, wrongParameter } from "./readConfig.ts";
import { anyValue, conditionField, z } from "./schema.ts";

type Compare = (left: Json | undefined, right: Json | undefined, field: string) => boolean;

export const operators = {
  equals: (left, right) => isSame(left, right),
  notEquals: (left, right) => !isSame(left, right),
  greater: (left, right, field) => order(left, right, field) > 0,
  greaterOrEqual: (left, right, field) => order(left, right, field) >= 0,
  less: (left, right, field) => order(left, right, field) < 0,
  lessOrEqual: (left, right, field) => order(left, right, field) <= 0,
  contains: (left, right, field) => contains(left, right, field),
  notContains: (left, right, field) => !contains(left, right, field),
  startsWith: (left, right, field) => text(left, field, "left").startsWith(text(right, field, "right")),
  endsWith: (left, right, field) => text(left, field, "left").endsWith(text(right, field, "right")),
  in: (left, right, field) => list(right, field).some((one) => isSame(left, one)),
  notIn: (left, right, field) => !list(right, field).some((one) => isSame(left, one)),
  before: (left, right, field) => moment(left, field, "left") < moment(right, field, "right"),
  after: (left, right, field) => moment(left, field, "left") > moment(right, field, "right"),
  exists: (left) => left !== undefined && left !== null,
  notExists: (left) => left === undefined || left === null,
  isEmpty: (left) => isEmpty(left),
  isNotEmpty: (left) => !isEmpty(left),
  isTrue: (left, _, field) => bool(left, field),
  isFalse: (left, _, field) => !bool(left, field),
} as const satisfies Record<string, Compare>;

type Operator = keyof typeof operators;
const withoutRight: readonly string[] = [
  "exists",
  "notExists",
  "isEmpty",
  "isNotEmpty",
  "isTrue",
  "isFalse",
] satisfies Operator[];

export const conditionFields = {
  condition: conditionField("Template that gives true or false.").optional(),
  conditions: z
    .array(
      z.strictObject({
        left: anyValue().optional().describe("Value to look at, usually a template."),
        operator: z
          .enum(Object.keys(operators) as [Operator, ...Operator[]])
          .describe("How the two values are compared. Nothing is converted."),
        right: anyValue()
          .optional()
          .describe("Value to compare with; not for exists, isEmpty, isTrue and their opposites."),
      }),
    )
    .min(1)
    .optional()
    .describe("Comparisons, instead of one condition."),
  combine: z.enum(["and", "or"]).default("and").describe("Must all comparisons hold, or one of them?"),
};

/** Exactly one of `condition` and `conditions`, and a right side where the operator needs one. */
export function checkConditions(config: JsonObject): ConfigProblem[] {
  const has = ["condition", "conditions"].filter((field) => config[field] !== undefined);
  if (has.length !== 1) {
    const message =
      has.length === 0 ? "There is no condition." : `"condition" and "conditions" cannot be used together.`;
    return [
      { field: "condition", code: "CONDITION", message, remedy: `Give either "condition" or "conditions".` },
    ];
  }
  if (!Array.isArray(config.conditions)) return plainText(config.condition, "condition");
  return config.conditions.flatMap((one, index) => {
    const needsRight =
      isObject(one) && typeof one.operator === "string" && !withoutRight.includes(one.operator);
    if (!needsRight || one.right !== undefined) return [];
    const field = `conditions.${index}.right`;
    return [
      {
        field,
        code: "FIELD_MISSING",
        message: `"${field}" is missing.`,
        remedy: "Give a value to compare with.",
      },
    ];
  });
}

/** A condition without braces is a text, never true or false. */
export function plainText(condition: Json | undefined, field: string): ConfigProblem[] {
  if (typeof condition !== "string" || isTemplate(condition)) return [];
  const message = `"${field}" is plain text, so it gives neither true nor false.`;
  return [{ field, code: "CONDITION", message, remedy: `Put it in braces: {{ ${condition} }}.` }];
}

export function holds(config: JsonObject): boolean {
  if (config.conditions === undefined) return strictBoolean(config.condition, "condition");
  const { conditions, combine } = config;
  if (!Array.isArray(conditions))
    throw wrongParameter("conditions", `must be a list, not ${show(conditions)}.`);
  const isOr = combine === "or";
  for (let index = 0; index < conditions.length; index++) {
    if (compare(conditions[index], `conditions.${index}`) === isOr) return isOr;
  }
  return !isOr;
}

/** What a condition gave must be true or false: "false" as text or 0 would be a wrong guess either way. */
export function strictBoolean(value: Json | undefined, field: string): boolean {
  if (typeof value === "boolean") return value;
  throw wrongParameter(
    field,
    `must give true or false, but gave ${show(value)}.`,
    typeof value === "string"
      ? "Put the whole comparison inside one pair of braces: {{ $json.amount > 100 }}."
      : "Compare with something: {{ $json.count > 0 }}.",
  );
}

function compare(condition: Json | undefined, field: string): boolean {
  if (!isObject(condition)) throw wrongParameter(field, `must be an object, not ${show(condition)}.`);
  const { left, operator, right } = condition as JsonObject;
  if (typeof operator !== "string" || !Object.hasOwn(operators, operator)) {
    throw wrongParameter(`${field}.operator`, `is no known operator: ${show(operator)}.`);
  }
  return operators[operator as Operator](left, right, field);
}

/** Same kind and same value; lists by place, objects whatever the order of their fields. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((one, index) => isSame(one, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name] as Json, b[name] as Json))
  );
}

/** Numbers by size, texts by code unit (so ISO dates sort right, and the same on every machine). */
function order(left: Json | undefined, right: Json | undefined, field: string): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  throw wrongParameter(
    field,
    `compares ${show(left)} with ${show(right)}.`,
    "Compare two numbers or two texts; Number(...) in a template makes a number of text.",
  );
}

function contains(left: Json | undefined, right: Json | undefined, field: string): boolean {
  if (Array.isArray(left)) return left.some((one) => isSame(one, right));
  return text(left, field, "left").includes(text(right, field, "right"));
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function bool(value: Json | undefined, field: string): boolean {
  return strictBoolean(value, `${field}.left`);
}

function text(value: Json | undefined, field: string, side: string): string {
  if (typeof value === "string") return value;
  throw wrongParameter(`${field}.${side}`, `must be text, not ${show(value)}.`);
}

function list(value: Json | undefined, field: string): Json[] {
  if (Array.isArray(value)) return value;
  throw wrongParameter(`${field}.right`, `must be a list, not ${show(value)}.`);
}

/** ISO 8601 text, or milliseconds since 1970. A time without zone counts as UTC. */
function moment(value: Json | undefined, field: string, side: string): number {
  if (typeof value === "number") return value;
  const iso =
    typeof value === "string"
      ? /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(value)
      : null;
  const parsed = iso ? Date.parse(iso[1] && !iso[4] ? `${value}Z` : String(value)) : Number.NaN;
  if (!Number.isNaN(parsed)) return parsed;
  throw wrongParameter(`${field}.${side}`, `must be an ISO 8601 time or date, not ${show(value)}.`);
}
