// Error handling in the words of a JSON Schema, so that it has the same form as everything else.
import type { TFunction } from "i18next";
import type { Schema } from "../types/schema.ts";

const classes = [
  "network",
  "timeout",
  "rateLimited",
  "server",
  "client",
  "auth",
  "data",
  "code",
  "limit",
  "unknown",
];

export function errorSchema(t: TFunction<"builder">, hasFallback: boolean): Schema {
  const field = (name: string, schema: Schema): [string, Schema] => [
    name,
    { ...schema, title: t(`onError.${name}.title`), description: t(`onError.${name}.help`) },
  ];
  const retry: Schema = {
    type: "object",
    required: ["attempts"],
    properties: Object.fromEntries([
      field("attempts", { type: "integer", minimum: 1, maximum: 1_000 }),
      field("backoff", { enum: ["constant", "exponential"], default: "exponential" }),
      field("delayMs", { type: "number", minimum: 0, default: 1_000 }),
      field("factor", { type: "number", minimum: 1, default: 2 }),
      field("delayMsMax", { type: "number", minimum: 0 }),
      field("jitter", { type: "number", minimum: 0, maximum: 1 }),
      field("on", { type: "array", items: { enum: classes } }),
      field("honourRetryAfter", { type: "boolean", default: true }),
    ]),
  };
  return {
    type: "object",
    properties: Object.fromEntries([
      field("retry", retry),
      field("timeoutMs", { type: "number", exclusiveMinimum: 0 }),
      field("onError", { enum: ["fail", "fallback", "errorPort", "park"], default: "fail" }),
      ...(hasFallback ? [field("fallback", {})] : []),
      field("join", { enum: ["any", "all", "first"], default: "any" }),
      field("onUnknown", { enum: ["park", "fail"] }),
      field("losers", { enum: ["cancel", "runOn"], default: "cancel" }),
      field("alwaysOutput", { type: "boolean", default: false }),
    ]),
  };
}
