// Problems of a config against its JSON Schema, located by field. A text with `{{` may stand for a value of any kind.
// The server knows more (rules between fields); it is asked whenever the draft is stored.
import { type ConfigProblem, isObject, type Json, type Said } from "@auraos/kernel";
import { isTemplate, jsonType, type Schema, typesOf, variantsOf } from "./schema.ts";

export function checkBySchema(schema: Schema, value: Json | undefined, field = ""): ConfigProblem[] {
  if (value === undefined || isTemplate(value)) return [];
  const variants = variantsOf(schema);
  if (variants.length > 0) return closest(variants.map((one) => checkBySchema(one, value, field)));
  const wrong = wrongValue(schema, value);
  if (wrong !== undefined) {
    const { text, key, values } = wrong;
    const [message, remedy] = [`"${schema.title ?? field}": ${text}`, remedyFor(schema, value)];
    return [{ field, code: "FIELD_INVALID", message, remedy, said: { key, values } }];
  }
  if (Array.isArray(value))
    return value.flatMap((one, index) =>
      schema.items ? checkBySchema(schema.items, one, at(field, index)) : [],
    );
  return isObject(value) ? checkFields(schema, value as Record<string, Json>, field) : [];
}

function checkFields(schema: Schema, value: Record<string, Json>, field: string): ConfigProblem[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required
    .filter((key) => value[key] === undefined)
    .map((key): ConfigProblem => {
      const path = at(field, key);
      // As the form calls it.
      const name = properties[key]?.title ?? path;
      return {
        field: path,
        code: "FIELD_MISSING",
        message: `"${name}" is missing.`,
        remedy: `Fill in "${name}".`,
        said: { key: "missing", values: { field: name } },
      };
    });
  const inner = Object.entries(value).flatMap(([key, one]): ConfigProblem[] => {
    const path = at(field, key);
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known) return checkBySchema(known, one, path);
    if (isObject(additionalProperties)) return checkBySchema(additionalProperties as Schema, one, path);
    if (additionalProperties !== false) return [];
    const names = Object.keys(properties).join(", ");
    return [
      {
        field: path,
        code: "FIELD_UNKNOWN",
        message: `There is no field "${key}" here.`,
        remedy: names === "" ? "This node needs no settings here." : `Known here: ${names}.`,
        said: { key: names === "" ? "unneeded" : "unknown", values: { field: key, known: names } },
      },
    ];
  });
  return [...missing, ...inner];
}

/** Of the variants, the one that was meant: the one with the fewest problems. */
function closest(found: ConfigProblem[][]): ConfigProblem[] {
  return found.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function remedyFor({ description, enum: choices }: Schema, value: Json): string {
  if (value === "") return "Fill it in.";
  return choices || !description ? "Correct the value, or make it an expression." : description;
}

const kinds: Record<string, string> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "nothing",
};

/** What the value must be, as text and in parts (web/src/problems/texts.*.json). */
type Wrong = Said & { text: string };

function must(key: string, values: Said["values"], text: string): Wrong {
  return { key, values, text };
}

function wrongValue(schema: Schema, value: Json): Wrong | undefined {
  const types = typesOf(schema);
  const isKind = types.some(
    (type) => type === jsonType(value) || (type === "integer" && Number.isInteger(value)),
  );
  if (types.length > 0 && !isKind) {
    const named = types.map((type) => kinds[type] ?? type).join(" or ");
    return must("kind", { kinds: types.join(" ") }, `must be ${named}.`);
  }
  if (schema.const !== undefined && schema.const !== value) {
    const only = String(schema.const);
    return must("constant", { value: only }, `must be "${only}".`);
  }
  if (schema.enum && !schema.enum.includes(value)) {
    const choices = schema.enum.map((one) => `"${String(one)}"`);
    return must("choice", { choices: choices.join(", ") }, `must be ${choices.join(" or ")}.`);
  }
  if (typeof value === "number") return wrongNumber(schema, value);
  if (typeof value === "string") return wrongText(schema, value);
  const { minItems = 0 } = schema;
  return Array.isArray(value) && value.length < minItems
    ? must("entries", { bound: minItems }, `must have at least ${minItems} entries.`)
    : undefined;
}

function wrongNumber({ minimum, maximum, exclusiveMinimum }: Schema, value: number): Wrong | undefined {
  if (minimum !== undefined && value < minimum)
    return must("atLeast", { bound: minimum }, `must be at least ${minimum}.`);
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    return must("moreThan", { bound: exclusiveMinimum }, `must be more than ${exclusiveMinimum}.`);
  return maximum !== undefined && value > maximum
    ? must("atMost", { bound: maximum }, `must be at most ${maximum}.`)
    : undefined;
}

function wrongText({ minLength = 0, pattern }: Schema, value: string): Wrong | undefined {
  if (value.length < minLength)
    return value === ""
      ? must("empty", {}, "must be filled in.")
      : must("short", { bound: minLength }, `must be at least ${minLength} characters long.`);
  return pattern !== undefined && !new RegExp(pattern).test(value)
    ? must("characters", {}, "has characters that are not allowed here.")
    : undefined;
}

function at(field: string, step: string | number): string {
  return field === "" ? String(step) : `${field}.${step}`;
}
