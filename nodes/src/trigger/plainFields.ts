// No item exists before a trigger, so its fields are plain values.
import type { ConfigProblem, JsonObject } from "@auraos/kernel";
import { isTemplate } from "../checkConfig.ts";

export function noTemplates(config: JsonObject, except: readonly string[] = []): ConfigProblem[] {
  return Object.keys(config)
    .filter((field) => !except.includes(field) && isTemplate(config[field]))
    .map((field) => ({
      field,
      code: "TEMPLATE_NOT_ALLOWED",
      message: `"${field}" of a trigger cannot be a template.`,
      remedy: "Write the value itself.",
    }));
}
