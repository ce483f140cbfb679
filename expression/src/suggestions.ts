// What an editor can offer: the names of the language, and what may follow a dot.
// Read from the very tables the evaluator uses, so that nothing offered is missing and nothing is forgotten.
import { builtins } from "./globals/builtins.ts";
import { itemsMethods } from "./globals/nodeValue.ts";
import { scopeNames } from "./globals/scopeNames.ts";
import { booleanMethods } from "./methods/boolean.ts";
import { listMethods } from "./methods/list.ts";
import { numberMethods } from "./methods/number.ts";
import { objectMethods } from "./methods/object.ts";
import { textMethods } from "./methods/text.ts";
import { regexMethods } from "./regex/regexValue.ts";
import type { Json } from "./scope.ts";
import { PROPERTIES } from "./time/dateTime.ts";
import { durationMethods } from "./time/duration.ts";
import { jsDateMethods } from "./time/jsDate.ts";
import { dateTimeMethods } from "./time/methods.ts";
import { UNITS } from "./time/units.ts";
import type { MethodTable } from "./values.ts";

export type SuggestionKind = "name" | "method" | "property";

export type Suggestion = {
  readonly kind: SuggestionKind;
  readonly name: string;
  readonly signature: string;
  readonly doc: string;
};

/** `names` is what may start an expression; the others are kinds of values before a dot. */
export type SuggestionTopic =
  | "names"
  | "text"
  | "number"
  | "boolean"
  | "list"
  | "object"
  | "items"
  | "dateTime"
  | "duration"
  | "date"
  | "pattern"
  /** The parts of a name: `{ of: "Math" }`. */
  | { readonly of: string };

export function suggestions(topic: SuggestionTopic = "names"): Suggestion[] {
  if (typeof topic === "object") return partsOf(topic.of);
  switch (topic) {
    case "names":
      return names();
    case "text":
      return [property("length", "How many letters it has."), ...methods(textMethods)];
    case "list":
      return [property("length", "How many items it has."), ...methods(listMethods)];
    case "number":
      return methods(numberMethods);
    case "boolean":
      return methods(booleanMethods);
    case "object":
      return methods(objectMethods);
    case "items":
      return [property("item", "The item that belongs to the current item."), ...methods(itemsMethods)];
    case "dateTime":
      return [...dateTimeProperties(), ...methods(dateTimeMethods)];
    case "duration":
      return [...UNITS.map((unit) => property(unit, `The amount of ${unit}.`)), ...methods(durationMethods)];
    case "date":
      return methods(jsDateMethods);
    case "pattern":
      return methods(regexMethods);
  }
}

/** The topic for a piece of data, so that an editor can offer what fits the value it shows. */
export function topicOf(value: Json | undefined): SuggestionTopic | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  if (typeof value === "object") return "object";
  return typeof value === "number" ? "number" : "boolean";
}

function names(): Suggestion[] {
  const found: Suggestion[] = [];
  for (const [name, entry] of Object.entries(scopeNames)) {
    if (entry) found.push({ kind: "name", name, signature: entry.signature, doc: entry.doc });
  }
  found.push({ kind: "name", name: "$", signature: "$('Step name')", doc: "The output of an earlier step." });
  for (const [name, entry] of Object.entries(builtins)) {
    if (entry) found.push({ kind: "name", name, signature: entry.parts.signature, doc: entry.parts.doc });
  }
  return found;
}

function partsOf(name: string): Suggestion[] {
  const parts = builtins[name]?.parts;
  if (name === "$input") return suggestions("items");
  if (name === "$now" || name === "$today") return suggestions("dateTime");
  if (!parts) return [];
  const constants = Object.keys(parts.constants ?? {}).map((key) =>
    property(key, `The constant ${name}.${key}.`),
  );
  return [...constants, ...(parts.methods ? methods(parts.methods) : [])];
}

function methods(table: MethodTable<never>): Suggestion[] {
  const found: Suggestion[] = [];
  for (const [name, entry] of Object.entries(table)) {
    if (!entry) continue;
    // Tables that build their methods in a loop give only what follows the name.
    const signature = entry.signature.startsWith("(") ? name + entry.signature : entry.signature;
    found.push({ kind: "method", name, signature, doc: entry.doc });
  }
  return found;
}

function dateTimeProperties(): Suggestion[] {
  return Object.entries(PROPERTIES).map(([name, { doc }]) => property(name, doc));
}

function property(name: string, doc: string): Suggestion {
  return { kind: "property", name, signature: name, doc };
}
