// Problems of a config as written, located by field. Templates stand as text: an issue at a place whose value, or
// the value around it, is a text containing `{{` is no problem, because the template may give any type.
import { type ConfigProblem, isObject, type JsonObject } from "@auraos/kernel";
import { knownFields } from "./configSchema.ts";
import type { z } from "./schema.ts";

type Issue = z.core.$ZodIssue;

export function checkConfig(schema: z.ZodType, config: JsonObject): ConfigProblem[] {
  const result = schema.safeParse(config);
  if (result.success) return [];
  return notTemplates(result.error.issues, config, []).flatMap((issue) => problemsOf(schema, config, issue));
}

/** Issues that remain when templates may stand for anything; paths are made absolute. */
function notTemplates(issues: readonly Issue[], config: JsonObject, base: PropertyKey[]): Issue[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (isTemplateAt(config, path)) return [];
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ ...issue, path } as Issue];
    return closest(
      issue.errors.map((one) => notTemplates(one, config, path)),
      { ...issue, path } as Issue,
    );
  });
}

/** Of the alternatives of a union, the one that was meant: no issue at all, or else the deepest first issue. */
function closest(alternatives: Issue[][], whole: Issue): Issue[] {
  if (alternatives.some((issues) => issues.length === 0)) return [];
  const deeper = alternatives.filter((issues) =>
    issues.every((issue) => issue.path.length > whole.path.length),
  );
  return deeper.sort((a, b) => a.length - b.length)[0] ?? [whole];
}

function isTemplateAt(config: JsonObject, path: readonly PropertyKey[]): boolean {
  let value: unknown = config;
  for (const step of path) {
    if (isTemplate(value)) return true;
    value = childOf(value, step);
  }
  return isTemplate(value);
}

export function isTemplate(value: unknown): boolean {
  return typeof value === "string" && value.includes("{{");
}

function childOf(value: unknown, step: PropertyKey): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isObject(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
}

function problemsOf(schema: z.ZodType, config: JsonObject, issue: Issue): ConfigProblem[] {
  const field = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const known = knownFields(schema, issue.path);
    return issue.keys.map((key) => unknownField(field === "" ? key : `${field}.${key}`, key, known));
  }
  if (issue.path.length > 0 && issue.path.reduce(childOf, config as unknown) === undefined) {
    return [
      { field, code: "FIELD_MISSING", message: `"${field}" is missing.`, remedy: `Fill in "${field}".` },
    ];
  }
  return [{ field, code: "FIELD_INVALID", message: `"${field}": ${sentence(issue)}` }];
}

function unknownField(field: string, key: string, known: string[]): ConfigProblem {
  const meant = known
    .map((name) => ({ name, distance: distance(key.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance)[0];
  const remedy = meant
    ? `Did you mean "${meant.name}"?`
    : known.length > 0
      ? `Known here: ${known.join(", ")}.`
      : "This node needs no settings here.";
  return { field, code: "FIELD_UNKNOWN", message: `There is no field "${key}" here.`, remedy };
}

/** What a value must be, said plainly. */
export function sentence(issue: Issue): string {
  if (issue.code === "invalid_type") return `must be ${article(issue.expected)}.`;
  if (issue.code === "invalid_value")
    return `must be ${issue.values.map((value) => `"${String(value)}"`).join(" or ")}.`;
  if (issue.code === "invalid_union") return "has a form that is not understood here.";
  if (issue.code === "too_small") return `must be at least ${issue.minimum}${sizeUnit(issue.origin)}.`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}${sizeUnit(issue.origin)}.`;
  return issue.message.endsWith(".") ? issue.message : `${issue.message}.`;
}

function article(expected: string): string {
  const names: Record<string, string> = {
    string: "text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    record: "an object",
    nonoptional: "given",
  };
  return names[expected] ?? expected;
}

function sizeUnit(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " long" : "";
}

/** Edits (insert, delete, replace) from one word to another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
