// The part of JSON Schema that node types use for their config.
import type { Json, JsonObject } from "@auraos/kernel";
import { isObject } from "@auraos/kernel";

export type Schema = {
  type?: string | string[];
  title?: string;
  description?: string;
  format?: string;
  /** Read where it is there; nobody is asked to fill it in any more. */
  deprecated?: boolean;
  /** Of a field that names a connection: kinds that fit. */
  credentialTypes?: string[];
  enum?: Json[];
  /** What people read for values of `enum`, where it is not the value. */
  choiceNames?: Record<string, string>;
  const?: Json;
  default?: Json;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  minItems?: number;
  pattern?: string;
};

/** How a field is filled in; the form has one component per kind. */
export type FieldKind =
  | "text"
  | "number"
  | "boolean"
  | "choice"
  | "workflow"
  | "choices"
  | "group"
  | "list"
  | "map"
  | "variant"
  | "code"
  | "credential"
  | "decisionTable"
  | "any";

export function kindOf(schema: Schema): FieldKind {
  if (schema.format === "code") return "code";
  if (schema.format === "credential") return "credential";
  if (schema.format === "workflow") return "workflow";
  if (schema.format === "decisionTable") return "decisionTable";
  if (variantsOf(schema).length > 1) return variantKind(variantsOf(schema));
  if (schema.enum) return "choice";
  const types = typesOf(schema);
  if (schema.format === "condition" || schema.format === "template") return "text";
  if (types.length > 1 || types.length === 0) return "any";
  switch (types[0]) {
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return schema.items?.enum ? "choices" : "list";
    case "object":
      return schema.properties ? "group" : "map";
    default:
      return "text";
  }
}

function variantKind(variants: Schema[]): FieldKind {
  return variants.every((one) => kindOf(one) === "text") ? "text" : "variant";
}

export function typesOf(schema: Schema): string[] {
  return schema.type === undefined ? [] : [schema.type].flat();
}

export function variantsOf(schema: Schema): Schema[] {
  return schema.oneOf ?? schema.anyOf ?? [];
}

/** Which of the variants the value has; the first when it fits none. */
export function variantAt(schema: Schema, value: Json | undefined): number {
  const found = variantsOf(schema).findIndex((one) => value !== undefined && fits(one, value));
  return Math.max(0, found);
}

function fits(schema: Schema, value: Json): boolean {
  if (schema.const !== undefined) return schema.const === value;
  if (schema.enum && !schema.enum.includes(value)) return false;
  const types = typesOf(schema);
  if (
    types.length > 0 &&
    !types.includes(jsonType(value)) &&
    !(types.includes("integer") && Number.isInteger(value))
  )
    return false;
  if (!isObject(value)) return true;
  return Object.entries(schema.properties ?? {}).every(
    ([key, one]) => one.const === undefined || one.const === value[key],
  );
}

export function jsonType(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** What a field holds when it is added to a form. */
export function startValue(schema: Schema): Json {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  const [first] = variantsOf(schema);
  if (first) return startValue(first);
  if (schema.enum) return schema.enum[0] ?? "";
  switch (typesOf(schema)[0]) {
    case "number":
    case "integer":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    case "array":
      return (schema.minItems ?? 0) > 0 && schema.items ? [startValue(schema.items)] : [];
    case "object":
      return startObject(schema);
    default:
      return "";
  }
}

function startObject(schema: Schema): JsonObject {
  const required = schema.required ?? [];
  const fields = Object.entries(schema.properties ?? {}).filter(([key]) => required.includes(key));
  return Object.fromEntries(fields.map(([key, one]) => [key, startValue(one)]));
}

export function isTemplate(value: unknown): value is string {
  return typeof value === "string" && value.includes("{{");
}
