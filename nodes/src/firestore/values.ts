// Values of Firestore as data and back. Times, bytes and places come out as text and lists; going in, a value that is
// written as {"$time": "2026-01-01T00:00:00Z"} becomes a time, because text stays text.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";

export type Value = Record<string, unknown>;

export function toValue(json: Json): Value {
  if (json === null) return { nullValue: null };
  if (typeof json === "string") return { stringValue: json };
  if (typeof json === "boolean") return { booleanValue: json };
  if (typeof json === "number")
    return Number.isSafeInteger(json) ? { integerValue: String(json) } : { doubleValue: json };
  if (Array.isArray(json)) return { arrayValue: { values: json.map(toValue) } };
  if (typeof json.$time === "string" && Object.keys(json).length === 1) return { timestampValue: json.$time };
  return { mapValue: { fields: toFields(json as JsonObject) } };
}

export function toFields(json: JsonObject): Record<string, Value> {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, toValue(value)]));
}

/** Whole numbers beyond what data holds exactly stay text. */
export function fromValue(value: unknown): Json {
  if (!isObject(value)) return null;
  if ("integerValue" in value) {
    const number = Number(value.integerValue);
    return Number.isSafeInteger(number) ? number : String(value.integerValue);
  }
  if (isObject(value.arrayValue)) {
    const { values } = value.arrayValue;
    return Array.isArray(values) ? values.map(fromValue) : [];
  }
  if (isObject(value.mapValue)) return fromFields(value.mapValue.fields);
  if (isObject(value.geoPointValue)) return value.geoPointValue as Json;
  for (const kind of [
    "stringValue",
    "booleanValue",
    "doubleValue",
    "timestampValue",
    "bytesValue",
    "referenceValue",
  ])
    if (kind in value) return value[kind] as Json;
  return null;
}

export function fromFields(fields: unknown): JsonObject {
  return isObject(fields)
    ? Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fromValue(value)]))
    : {};
}
