// The JSON Schema of a node type's config: forms, `/node-types` and suggestions for misspelt fields come from it.
import { isObject, type JsonObject } from "@auraos/kernel";
import { z } from "./schema.ts";

const schemas = new WeakMap<z.ZodType, JsonObject>();

/** What people may write: fields with defaults are not required. Every field has a title. */
export function configSchema(schema: z.ZodType): JsonObject {
  const known = schemas.get(schema);
  if (known) return known;

  const made = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const { $schema: _, ...rest } = made;
  // A copy: fields of one kind share what describes them, and their titles differ.
  const plain = JSON.parse(JSON.stringify(rest)) as JsonObject;
  nameFields(plain);
  schemas.set(schema, plain);
  return plain;
}

function nameFields(place: unknown): void {
  if (!isObject(place)) return;
  for (const [field, one] of Object.entries(isObject(place.properties) ? place.properties : {})) {
    if (isObject(one)) one.title ??= titleOf(field);
    nameFields(one);
  }
  nameFields(place.items);
  nameFields(place.additionalProperties);
  for (const one of [place.anyOf, place.oneOf].filter(Array.isArray).flat()) nameFields(one);
}

/** As people write them; everything else in a title is a plain word. */
const abbreviations = new Map(
  "AI API CSS CSV DNS HTML HTTP HTTPS ID IDs IP IPs JSON JWT PDF SQL TLS TTL URI URL URLs UUID XML"
    .split(" ")
    .map((written) => [written.toLowerCase(), written]),
);

/** Field names that may stand at `path` of a config, as far as the schema tells. */
export function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let places: Record<string, unknown>[] = alternatives(configSchema(schema));
  for (const step of path) {
    places = places.flatMap((place) => alternatives(stepInto(place, step)));
  }
  const names = places.flatMap((place) => (isObject(place.properties) ? Object.keys(place.properties) : []));
  return [...new Set(names)];
}

function stepInto(place: Record<string, unknown>, step: PropertyKey): unknown {
  if (typeof step === "number") return place.items;
  const field = isObject(place.properties) ? place.properties[String(step)] : undefined;
  return field ?? place.additionalProperties;
}

function alternatives(place: unknown): Record<string, unknown>[] {
  if (!isObject(place)) return [];
  const choices = [place.anyOf, place.oneOf].filter(Array.isArray).flat();
  return choices.length > 0 ? choices.flatMap(alternatives) : [place];
}

/** `timeoutSeconds` -> `Timeout seconds`, `baseUrl` -> `Base URL`. */
function titleOf(field: string): string {
  const [first = "", ...rest] = field
    .replace(/([A-Z])/g, " $1")
    .toLowerCase()
    .split(" ")
    .map((word) => abbreviations.get(word) ?? word);
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(" ");
}
