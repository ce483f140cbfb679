// The fields of a form from its JSON Schema: texts, numbers, choices, yes or no; whatever else it may hold is entered as
// JSON. Pure.
import { parseJson } from "../json.ts";

export type FormField = {
  name: string;
  label: string;
  help: string | undefined;
  kind: "text" | "longText" | "date" | "number" | "choice" | "flag" | "json";
  choices: readonly string[];
  isRequired: boolean;
  isWhole: boolean;
};

/** As typed; flags as true or false. */
export type FormValues = Record<string, string | boolean | undefined>;
export type FieldProblem = "missing" | "notANumber" | "notJson";

type Schema = Record<string, unknown>;

export function fieldsOf(form: unknown): FormField[] {
  if (!isObject(form) || !isObject(form.properties)) return [];
  const required = Array.isArray(form.required) ? form.required : [];
  return Object.entries(form.properties)
    .filter((entry): entry is [string, Schema] => isObject(entry[1]))
    .map(([name, schema]) => ({
      name,
      label: textOf(schema.title) ?? name,
      help: textOf(schema.description),
      kind: kindOf(schema),
      choices: Array.isArray(schema.enum) ? schema.enum.map(String) : [],
      isRequired: required.includes(name),
      isWhole: schema.type === "integer",
    }));
}

export function problemsOf(fields: readonly FormField[], values: FormValues): Map<string, FieldProblem> {
  const problems = new Map<string, FieldProblem>();
  for (const field of fields) {
    const problem = problemOf(field, values[field.name]);
    if (problem) problems.set(field.name, problem);
  }
  return problems;
}

/** Fields without an entry are left out. */
export function dataOf(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const value = values[name];
    if (value === undefined || value === "") continue;
    if (kind === "number") data[name] = Number(value);
    else if (kind === "json") {
      const parsed = parseJson(String(value));
      if (parsed.ok) data[name] = parsed.value;
    } else data[name] = value;
  }
  return data;
}

function problemOf({ kind, isRequired, isWhole }: FormField, value: string | boolean | undefined) {
  if (value === undefined || value === "") return isRequired && kind !== "flag" ? "missing" : undefined;
  if (kind === "number") {
    const number = Number(value);
    return Number.isNaN(number) || (isWhole && !Number.isInteger(number)) ? "notANumber" : undefined;
  }
  return kind === "json" && !parseJson(String(value)).ok ? "notJson" : undefined;
}

function kindOf(schema: Schema): FormField["kind"] {
  if (Array.isArray(schema.enum)) return "choice";
  switch (schema.type) {
    case "boolean":
      return "flag";
    case "number":
    case "integer":
      return "number";
    case "string":
      if (schema.format === "date") return "date";
      return Number(schema.maxLength ?? 0) > 200 || schema.format === "textarea" ? "longText" : "text";
    default:
      return "json";
  }
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
