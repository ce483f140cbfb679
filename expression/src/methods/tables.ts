// Which methods a value has: decided by its kind, at the call.
import { type MethodCall, type MethodTable, Opaque, type Value } from "../values.ts";
import { booleanMethods } from "./boolean.ts";
import { listMethods } from "./list.ts";
import { numberMethods } from "./number.ts";
import { objectMethods } from "./object.ts";
import { textMethods } from "./text.ts";

/** The tables agree on `self` because the kind is checked right here. */
function tableOf(value: Value): MethodTable<never> | undefined {
  switch (typeof value) {
    case "string":
      return textMethods;
    case "number":
      return numberMethods;
    case "boolean":
      return booleanMethods;
    case "object":
      if (value === null || value instanceof Opaque) return undefined;
      return Array.isArray(value) ? listMethods : objectMethods;
    default:
      return undefined;
  }
}

export function methodFor(value: Value, name: string): MethodCall<Value> | undefined {
  if (value instanceof Opaque) return value.find(name);
  return tableOf(value)?.[name]?.call as MethodCall<Value> | undefined;
}

export function methodNames(value: Value): string[] {
  const table = value instanceof Opaque ? value.methodTable() : tableOf(value);
  return table ? Object.keys(table) : [];
}
