// Compiles the config of a node: text with `{{` becomes a template, everything else stays as it is.
import type { Problem } from "./definition.ts";
import type { EvaluationScope, Evaluator, Template } from "./evaluator.ts";
import { NodeError } from "./failure.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { CompiledConfig } from "./program.ts";

type Part = Json | Compiled;
/** A value with at least one template inside. */
class Compiled {
  readonly value: (scope: EvaluationScope) => Json | undefined;
  constructor(value: (scope: EvaluationScope) => Json | undefined) {
    this.value = value;
  }
}

export type ConfigContext = {
  evaluator: Evaluator;
  mode: "strict" | "lenient";
  nodeId: string;
  path: string;
  problems: Problem[];
  /** Every template, with the field it stands in. */
  onTemplate: (template: Template, field: string) => void;
};

export function compileConfig(
  config: JsonObject,
  fields: { raw: readonly string[]; lazy: readonly string[] },
  context: ConfigContext,
): CompiledConfig {
  const seen = { usesItem: false, any: false };
  const eager: [string, Part][] = [];
  const lazy: CompiledConfig["lazy"] = {};
  for (const [field, value] of Object.entries(config)) {
    if (fields.raw.includes(field)) eager.push([field, value]);
    else if (fields.lazy.includes(field)) {
      const part = compilePart(value, field, context, { usesItem: false, any: false });
      lazy[field] = part instanceof Compiled ? part.value : () => part;
    } else eager.push([field, compilePart(value, field, context, seen)]);
  }
  const isConstant = !seen.any;
  const constant = isConstant ? toObject(eager, undefined) : undefined;
  return {
    isConstant,
    usesItem: seen.usesItem,
    resolve: constant ? () => constant : (scope) => toObject(eager, scope),
    lazy,
  };
}

function toObject(parts: [string, Part][], scope: EvaluationScope | undefined): JsonObject {
  const out: JsonObject = {};
  for (const [key, part] of parts) {
    const value = part instanceof Compiled ? part.value(scope as EvaluationScope) : part;
    if (value !== undefined) define(out, key, value);
  }
  return out;
}

/** Own data property whatever the key says (`__proto__` included). */
function define(target: JsonObject, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
}

function compilePart(
  value: Json,
  field: string,
  context: ConfigContext,
  seen: { usesItem: boolean; any: boolean },
): Part {
  if (typeof value === "string") return compileText(value, field, context, seen);
  if (Array.isArray(value)) {
    const parts = value.map((entry, index) => compilePart(entry, `${field}.${index}`, context, seen));
    if (!parts.some((part) => part instanceof Compiled)) return value;
    return new Compiled((scope) =>
      parts.map((part) => (part instanceof Compiled ? (part.value(scope) ?? null) : part)),
    );
  }
  if (isObject(value)) {
    const parts = Object.entries(value).map(([key, entry]): [string, Part] => [
      key,
      compilePart(entry as Json, `${field}.${key}`, context, seen),
    ]);
    if (!parts.some(([, part]) => part instanceof Compiled)) return value;
    return new Compiled((scope) => toObject(parts, scope));
  }
  return value;
}

function compileText(
  text: string,
  field: string,
  context: ConfigContext,
  seen: { usesItem: boolean; any: boolean },
): Part {
  if (!text.includes("{{")) return text;
  const compiled = context.evaluator.compileTemplate(text, { mode: context.mode });
  if (!compiled.ok) {
    for (const problem of compiled.problems) {
      context.problems.push({
        code: problem.code,
        message: problem.message,
        remedy: problem.hint,
        path: `${context.path}/config/${field.replaceAll(".", "/")}`,
        node: context.nodeId,
        field,
        position: problem.start,
      });
    }
    return text;
  }
  const { template } = compiled;
  context.onTemplate(template, field);
  seen.any = true;
  if (template.usesItem) seen.usesItem = true;
  return new Compiled((scope) => evaluateTemplate(template, scope, field));
}

function evaluateTemplate(template: Template, scope: EvaluationScope, field: string): Json | undefined {
  try {
    return template.evaluate(scope);
  } catch (error) {
    const located = error as {
      code?: string;
      message?: string;
      hint?: string;
      start?: number;
      limit?: unknown;
    };
    throw new NodeError({
      code: located.code ?? "EXPRESSION_FAILED",
      class: located.limit ? "limit" : "data",
      message: located.message ?? "The expression failed.",
      ...(located.hint ? { remedy: located.hint } : {}),
      field,
      ...(located.start !== undefined ? { position: located.start } : {}),
      certainty: "notDone",
    });
  }
}
