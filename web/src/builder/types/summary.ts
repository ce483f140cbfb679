// What a node does, in one line, from its config. The parts that matter most of each kind come first; a type that is
// not listed shows its first filled-in text.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";

type Summary = (config: JsonObject) => string;

const summaries: Record<string, Summary> = {
  http: (config) => `${text(config.method) || "GET"} ${text(config.url)}`,
  "trigger.webhook": (config) => `${list(config.methods) || "POST"} /hooks/${text(config.path)}`,
  set: (config) => names(config.fields),
  rename: (config) => names(config.fields),
  if: condition,
  filter: condition,
  while: condition,
  switch: (config) => text(config.value) || ports(config.cases),
  sort: (config) => list(config.by),
  aggregate: (config) => list(config.fields) || text(config.into),
  group: (config) => list(config.by),
  limit: (config) => text(config.count),
  code: (config) => text(config.code).trim().split("\n")[0] ?? "",
  wait: (config) => text(config.seconds) || text(config.until) || text(config.signal) || text(config.for),
  foreach: (config) => text(config.items),
};

export function summaryOf(type: string, config: JsonObject): string {
  const made = summaries[type]?.(config).trim();
  if (made) return plain(made);
  return plain(text(Object.values(config).find((value) => typeof value === "string" && value !== "")));
}

/** Braces say nothing to a reader. */
function plain(line: string): string {
  return line.replaceAll(/\{\{\s*|\s*\}\}/g, "").slice(0, 120);
}

function condition(config: JsonObject): string {
  if (config.condition !== undefined) return text(config.condition);
  const [first] = Array.isArray(config.conditions) ? config.conditions : [];
  return isObject(first)
    ? [first.left, first.operator, first.right].map((one) => text(one as Json)).join(" ")
    : "";
}

function names(value: Json | undefined): string {
  return isObject(value) ? Object.keys(value).join(", ") : "";
}

function ports(value: Json | undefined): string {
  return Array.isArray(value)
    ? value.map((one) => (isObject(one) ? text(one.port as Json) : "")).join(", ")
    : "";
}

function list(value: Json | undefined): string {
  if (!Array.isArray(value)) return text(value);
  return value.map((one) => (isObject(one) ? text((one.as ?? one.field) as Json) : text(one))).join(", ");
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null || typeof value === "object") return "";
  return String(value);
}
