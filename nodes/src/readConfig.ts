// The evaluated config, checked and with its defaults, when a node runs. A template may have given anything, so
// this is where a wrong type is caught, with the name of the field.
import { isObject, type JsonObject } from "@auraos/kernel";
import { sentence } from "./checkConfig.ts";
import { ActivityError } from "./defineNode.ts";
import type { z } from "./schema.ts";

export function readConfig<Schema extends z.ZodType>(schema: Schema, config: JsonObject): z.output<Schema> {
  const result = schema.safeParse(config);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue ? issue.path.map(String).join(".") : "";
  throw wrongParameter(field, issue ? sentence(issue) : "is not understood.");
}

/** `what` continues the field's name: `must be a number, not text "x".` */
export function wrongParameter(field: string, what: string, remedy?: string): ActivityError {
  return new ActivityError({
    code: "PARAM_INVALID",
    class: "data",
    message: `"${field}" ${what}`,
    certainty: "notDone",
    field,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/** The data of an item does not suit the node. */
export function wrongData(message: string, remedy?: string): ActivityError {
  return new ActivityError({
    code: "DATA_INVALID",
    class: "data",
    message,
    certainty: "notDone",
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/** A value in an error message: its kind and the beginning of it. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return `text ${shorten(JSON.stringify(value))}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return "an object";
  return String(value);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}
