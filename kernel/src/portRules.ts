// Ports that depend on the config, described as data: what the server runs and what the browser draws follow from
// the same rules, without sending code.
import { isObject, type Json, type JsonObject } from "./json.ts";

export type PortRule = {
  /** The port's name... */
  port?: string;
  /** ...or the config field that holds it; `*` stands for every element: `cases.*.port`. */
  from?: string;
  /** All must hold: the field has one of these values, or (`true`) is filled in. */
  when?: Record<string, readonly Json[] | true>;
  /** None may hold, in the same way. */
  unless?: Record<string, readonly Json[] | true>;
};

export type PortsByConfig = ((config: JsonObject) => readonly string[]) & { rules?: readonly PortRule[] };

export function portsFrom(rules: readonly PortRule[]): PortsByConfig {
  return Object.assign((config: JsonObject) => [...new Set(rules.flatMap((rule) => namesOf(rule, config)))], {
    rules,
  });
}

function namesOf(rule: PortRule, config: JsonObject): string[] {
  const says = ([field, values]: [string, readonly Json[] | true]): boolean => {
    const [value] = valuesAt(config, field.split("."));
    return value !== undefined && (values === true || values.includes(value));
  };
  if (!Object.entries(rule.when ?? {}).every(says)) return [];
  if (Object.entries(rule.unless ?? {}).some(says)) return [];
  if (rule.port !== undefined) return [rule.port];
  return valuesAt(config, rule.from?.split(".") ?? []).filter((name) => typeof name === "string");
}

function valuesAt(value: Json | undefined, [step, ...rest]: readonly string[]): Json[] {
  if (value === undefined) return [];
  if (step === undefined) return [value];
  if (step === "*") return Array.isArray(value) ? value.flatMap((one) => valuesAt(one, rest)) : [];
  return isObject(value) && Object.hasOwn(value, step) ? valuesAt(value[step] as Json, rest) : [];
}
