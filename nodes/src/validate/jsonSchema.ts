// Checks data against a JSON Schema (the keywords of 2020-12 that people use; no remote references). A keyword that
// is not known is a problem of the schema, because a rule that is silently left out protects nobody.
import { type ConfigProblem, isObject, type Json, type JsonObject } from "@auraos/kernel";
import { isSame } from "../conditions.ts";
import { valueKey } from "../keys.ts";
import { show } from "../readConfig.ts";
import { compilePattern } from "../regex.ts";

/** `path`: JSON Pointer into the data. */
export type Mistake = { path: string; keyword: string; message: string };

type Schema = JsonObject | boolean;
type Check = { root: Schema; mistakes: Mistake[]; mistakesMax: number; depth: number };

const depthMax = 100;

export function mistakesOf(schema: Json, data: Json, mistakesMax: number): Mistake[] {
  const check: Check = { root: schema as Schema, mistakes: [], mistakesMax, depth: 0 };
  visit(schema as Schema, data, "", check);
  return check.mistakes.slice(0, mistakesMax);
}

function visit(schema: Schema, value: Json, path: string, check: Check): void {
  if (check.mistakes.length >= check.mistakesMax) return;
  if (schema === true) return;
  if (schema === false) return add(check, path, "false", "must not be there");
  if (check.depth >= depthMax) return add(check, path, "$ref", `lies deeper than ${depthMax} schemas`);
  check.depth += 1;
  for (const keyword of Object.keys(schema)) rules[keyword]?.(schema, value, path, check);
  check.depth -= 1;
}

function add(check: Check, path: string, keyword: string, message: string): void {
  check.mistakes.push({ path, keyword, message: `${path === "" ? "The data" : path} ${message}.` });
}

function fits(schema: Schema, value: Json, check: Check): boolean {
  const inner: Check = { ...check, mistakes: [], mistakesMax: 1 };
  visit(schema, value, "", inner);
  return inner.mistakes.length === 0;
}

type Rule = (schema: JsonObject, value: Json, path: string, check: Check) => void;

const rules: Record<string, Rule> = {
  $ref: ({ $ref }, value, path, check) =>
    visit(resolve(check.root, String($ref)) ?? false, value, path, check),
  type: ({ type }, value, path, check) => {
    const types = Array.isArray(type) ? type : [type];
    if (!types.some((one) => isOfType(value, one)))
      add(check, path, "type", `must be ${types.join(" or ")}, not ${show(value)}`);
  },
  enum: ({ enum: choices }, value, path, check) => {
    const list = Array.isArray(choices) ? choices : [];
    if (!list.some((one) => isSame(one, value))) {
      const shown = list
        .slice(0, 10)
        .map((one) => JSON.stringify(one))
        .join(", ");
      add(
        check,
        path,
        "enum",
        `must be one of ${shown}${list.length > 10 ? ", ..." : ""}, not ${show(value)}`,
      );
    }
  },
  const: (schema, value, path, check) => {
    if (!isSame(schema.const, value))
      add(check, path, "const", `must be ${JSON.stringify(schema.const)}, not ${show(value)}`);
  },

  minimum: number((value, bound) => value >= bound, "minimum", "must be at least"),
  maximum: number((value, bound) => value <= bound, "maximum", "must be at most"),
  exclusiveMinimum: number((value, bound) => value > bound, "exclusiveMinimum", "must be more than"),
  exclusiveMaximum: number((value, bound) => value < bound, "exclusiveMaximum", "must be less than"),
  multipleOf: number(isMultiple, "multipleOf", "must be a multiple of"),

  minLength: size("minLength", "string", (size, bound) => size >= bound, "must have at least", "characters"),
  maxLength: size("maxLength", "string", (size, bound) => size <= bound, "must have at most", "characters"),
  minItems: size("minItems", "array", (size, bound) => size >= bound, "must have at least", "elements"),
  maxItems: size("maxItems", "array", (size, bound) => size <= bound, "must have at most", "elements"),
  minProperties: size(
    "minProperties",
    "object",
    (size, bound) => size >= bound,
    "must have at least",
    "fields",
  ),
  maxProperties: size(
    "maxProperties",
    "object",
    (size, bound) => size <= bound,
    "must have at most",
    "fields",
  ),

  pattern: ({ pattern }, value, path, check) => {
    if (typeof value !== "string") return;
    if (!matches(String(pattern), value))
      add(check, path, "pattern", `does not fit the pattern ${String(pattern)}`);
  },
  format: ({ format }, value, path, check) => {
    const test = formats[String(format)];
    if (typeof value === "string" && test && !test(value))
      add(check, path, "format", `is no ${String(format)}: ${show(value)}`);
  },

  uniqueItems: ({ uniqueItems }, value, path, check) => {
    if (uniqueItems !== true || !Array.isArray(value)) return;
    if (new Set(value.map(valueKey)).size < value.length)
      add(check, path, "uniqueItems", "has an element twice");
  },
  prefixItems: ({ prefixItems }, value, path, check) => {
    if (!Array.isArray(value) || !Array.isArray(prefixItems)) return;
    prefixItems.slice(0, value.length).forEach((one, index) => {
      visit(one as Schema, value[index] as Json, `${path}/${index}`, check);
    });
  },
  items: ({ items, prefixItems }, value, path, check) => {
    if (!Array.isArray(value)) return;
    const first = Array.isArray(prefixItems) ? prefixItems.length : 0;
    for (let index = first; index < value.length && check.mistakes.length < check.mistakesMax; index++) {
      visit(items as Schema, value[index] as Json, `${path}/${index}`, check);
    }
  },
  contains: ({ contains, minContains = 1, maxContains }, value, path, check) => {
    if (!Array.isArray(value)) return;
    const found = value.filter((one) => fits(contains as Schema, one, check)).length;
    if (found < Number(minContains))
      add(check, path, "contains", `must hold ${minContains} fitting elements, but has ${found}`);
    if (maxContains !== undefined && found > Number(maxContains))
      add(check, path, "contains", `must hold at most ${maxContains} fitting elements, but has ${found}`);
  },

  required: ({ required }, value, path, check) => {
    if (!isObject(value) || !Array.isArray(required)) return;
    for (const name of required.map(String)) {
      if (!Object.hasOwn(value, name)) add(check, `${path}/${escapeStep(name)}`, "required", "is missing");
    }
  },
  properties: ({ properties }, value, path, check) => {
    if (!isObject(value) || !isObject(properties)) return;
    for (const [name, schema] of Object.entries(properties)) {
      if (Object.hasOwn(value, name))
        visit(schema as Schema, value[name] as Json, `${path}/${escapeStep(name)}`, check);
    }
  },
  patternProperties: ({ patternProperties }, value, path, check) => {
    if (!isObject(value) || !isObject(patternProperties)) return;
    for (const [pattern, schema] of Object.entries(patternProperties)) {
      for (const [name, inner] of Object.entries(value)) {
        if (matches(pattern, name))
          visit(schema as Schema, inner as Json, `${path}/${escapeStep(name)}`, check);
      }
    }
  },
  additionalProperties: ({ additionalProperties, properties, patternProperties }, value, path, check) => {
    if (!isObject(value)) return;
    const patterns = isObject(patternProperties) ? Object.keys(patternProperties) : [];
    for (const [name, inner] of Object.entries(value)) {
      const isKnown =
        (isObject(properties) && Object.hasOwn(properties, name)) ||
        patterns.some((one) => matches(one, name));
      if (isKnown) continue;
      const at = `${path}/${escapeStep(name)}`;
      if (additionalProperties === false) add(check, at, "additionalProperties", "is not a known field");
      else visit(additionalProperties as Schema, inner as Json, at, check);
    }
  },
  propertyNames: ({ propertyNames }, value, path, check) => {
    if (!isObject(value)) return;
    for (const name of Object.keys(value)) {
      if (!fits(propertyNames as Schema, name, check))
        add(check, `${path}/${escapeStep(name)}`, "propertyNames", "has a name that is not allowed");
    }
  },
  dependentRequired: ({ dependentRequired }, value, path, check) => {
    if (!isObject(value) || !isObject(dependentRequired)) return;
    for (const [name, needed] of Object.entries(dependentRequired)) {
      if (!Object.hasOwn(value, name) || !Array.isArray(needed)) continue;
      for (const other of needed.map(String)) {
        if (!Object.hasOwn(value, other))
          add(
            check,
            `${path}/${escapeStep(other)}`,
            "dependentRequired",
            `is missing, and needed with "${name}"`,
          );
      }
    }
  },

  allOf: ({ allOf }, value, path, check) => {
    for (const one of listOf(allOf)) visit(one, value, path, check);
  },
  anyOf: ({ anyOf }, value, path, check) => {
    if (!listOf(anyOf).some((one) => fits(one, value, check)))
      add(check, path, "anyOf", "fits none of the allowed forms");
  },
  oneOf: ({ oneOf }, value, path, check) => {
    const count = listOf(oneOf).filter((one) => fits(one, value, check)).length;
    if (count !== 1) add(check, path, "oneOf", `fits ${count} of the forms, but must fit exactly one`);
  },
  not: ({ not }, value, path, check) => {
    if (fits(not as Schema, value, check)) add(check, path, "not", "has a form that is not allowed");
  },
  if: ({ if: condition, then: yes = true, else: no = true }, value, path, check) => {
    visit((fits(condition as Schema, value, check) ? yes : no) as Schema, value, path, check);
  },
};

function number(holds: (value: number, bound: number) => boolean, keyword: string, words: string): Rule {
  return (schema, value, path, check) => {
    const bound = schema[keyword];
    if (typeof value !== "number" || typeof bound !== "number" || holds(value, bound)) return;
    add(check, path, keyword, `${words} ${bound}, not ${value}`);
  };
}

function isMultiple(value: number, of: number): boolean {
  const parts = value / of;
  return Number.isInteger(parts) || Math.abs(parts - Math.round(parts)) < 1e-9 * Math.max(1, Math.abs(parts));
}

function size(
  keyword: string,
  type: string,
  holds: (size: number, bound: number) => boolean,
  words: string,
  unit: string,
): Rule {
  return (schema, value, path, check) => {
    const bound = schema[keyword];
    if (!isOfType(value, type) || typeof bound !== "number") return;
    const length =
      typeof value === "string"
        ? [...value].length
        : Array.isArray(value)
          ? value.length
          : Object.keys(value as JsonObject).length;
    if (!holds(length, bound)) add(check, path, keyword, `${words} ${bound} ${unit}, but has ${length}`);
  };
}

function isOfType(value: Json, type: Json | undefined): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function matches(pattern: string, text: string): boolean {
  return compilePattern(pattern, false, "schema").matcher(text).find();
}

function listOf(value: Json | undefined): Schema[] {
  return Array.isArray(value) ? (value as Schema[]) : [];
}

function escapeStep(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function resolve(root: Schema, reference: string): Schema | undefined {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let place: Json | undefined = root;
  for (const step of reference.slice(2).split("/")) {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(place)) place = place[Number(name)];
    else place = isObject(place) && Object.hasOwn(place, name) ? (place[name] as Json) : undefined;
  }
  return isObject(place) || typeof place === "boolean" ? (place as Schema) : undefined;
}

const isDate = (text: string) => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const date = match ? new Date(`${text}T00:00:00Z`) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};
const isTime = (text: string) =>
  /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i.test(text);

const formats: Record<string, (text: string) => boolean> = {
  date: isDate,
  time: isTime,
  "date-time": (text) => /^.{10}T/i.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11)),
  email: (text) =>
    text.length <= 254 &&
    /^[^\s@"(),:;<>[\\\]]{1,64}@([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u.test(
      text,
    ),
  hostname: (text) =>
    text.length <= 253 &&
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(text),
  uri: (text) => /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i.test(text) && URL.canParse(text),
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  ipv4: (text) => /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/.test(text),
  ipv6: (text) => text.includes(":") && /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`),
};

const texts = new Set([
  "$schema",
  "$id",
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);
const beside = new Set(["then", "else", "minContains", "maxContains", "$defs", "definitions"]);
const ofSchemas = new Set([
  "items",
  "contains",
  "additionalProperties",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
]);
const ofLists = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const ofFields = new Set(["properties", "patternProperties", "$defs", "definitions"]);
const types = new Set(["null", "boolean", "number", "integer", "string", "array", "object"]);

/** What is wrong with the schema itself. */
export function schemaProblems(schema: Json | undefined, field = "schema", root = schema): ConfigProblem[] {
  if (typeof schema === "boolean") return [];
  if (!isObject(schema)) return [problem(field, `must be a JSON Schema, not ${show(schema)}.`)];
  return Object.entries(schema).flatMap(([keyword, value]): ConfigProblem[] => {
    const at = `${field}.${keyword}`;
    if (texts.has(keyword)) return [];
    if (!Object.hasOwn(rules, keyword) && !beside.has(keyword))
      return [problem(at, `is no keyword that is checked here.`, `Known: ${Object.keys(rules).join(", ")}.`)];
    if (ofSchemas.has(keyword)) return schemaProblems(value as Json, at, root);
    if (ofLists.has(keyword)) {
      if (!Array.isArray(value)) return [problem(at, "must be a list of schemas.")];
      return value.flatMap((one, index) => schemaProblems(one as Json, `${at}.${index}`, root));
    }
    if (ofFields.has(keyword)) {
      if (!isObject(value)) return [problem(at, "must be an object of schemas.")];
      return Object.entries(value).flatMap(([name, one]) =>
        schemaProblems(one as Json, `${at}.${name}`, root),
      );
    }
    return plainProblems(keyword, value as Json, at, root as Schema);
  });
}

function plainProblems(keyword: string, value: Json, at: string, root: Schema): ConfigProblem[] {
  switch (keyword) {
    case "type": {
      const wrong = (Array.isArray(value) ? value : [value]).filter((one) => !types.has(String(one)));
      return wrong.map((one) =>
        problem(at, `is no type: ${show(one)}.`, `Types are ${[...types].join(", ")}.`),
      );
    }
    case "format":
      return Object.hasOwn(formats, String(value))
        ? []
        : [
            problem(
              at,
              `is no format that is checked here: ${show(value)}.`,
              `Known: ${Object.keys(formats).join(", ")}.`,
            ),
          ];
    case "$ref":
      return typeof value === "string" && resolve(root, value) !== undefined
        ? []
        : [problem(at, "leads to no schema.", "References stay within the schema: #/$defs/name.")];
    case "pattern":
      return patternProblems(value, at);
    case "enum":
    case "required":
      return Array.isArray(value) ? [] : [problem(at, "must be a list.")];
    default:
      if (/^(min|max|exclusive|multiple)/.test(keyword) && typeof value !== "number")
        return [problem(at, "must be a number.")];
      return [];
  }
}

function patternProblems(value: Json, at: string): ConfigProblem[] {
  try {
    compilePattern(String(value), false, at);
    return [];
  } catch (error) {
    return [
      problem(
        at,
        "is no pattern that can be used (RE2).",
        error instanceof Error ? error.message : String(error),
      ),
    ];
  }
}

function problem(field: string, what: string, remedy?: string): ConfigProblem {
  return {
    field,
    code: "SCHEMA_INVALID",
    message: `"${field}" ${what}`,
    ...(remedy === undefined ? {} : { remedy }),
  };
}
