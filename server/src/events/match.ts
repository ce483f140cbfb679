// Which events a subscription wants: types with wildcards, and what an execution that waits for an event compares.
//   order.created   this type       order.*   one more word       order.**   any number of further words
import { isObject, type Json, type JsonObject } from "@auraos/kernel";

const PATTERN = /^(\*\*?|[A-Za-z0-9_-]+)(\.(\*\*?|[A-Za-z0-9_-]+))*$/;

export function isPattern(text: string): boolean {
  return text.length <= 255 && PATTERN.test(text);
}

export function typeMatcher(patterns: readonly string[]): (type: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes("*")));
  const wild = patterns.filter((pattern) => pattern.includes("*")).map((pattern) => pattern.split("."));
  return (type) => exact.has(type) || (wild.length > 0 && wild.some((words) => fits(words, type.split("."))));
}

/** Two stars take as much as they can and give back what the rest needs: patterns are short, words are few. */
function fits(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === "**") {
    if (rest.length === 0) return true;
    return words.some((_, at) => fits(rest, words.slice(at)));
  }
  if (words.length === 0) return false;
  return (first === "*" || first === words[0]) && fits(rest, words.slice(1));
}

/** Every field, by its path, has the value asked for; numbers and texts that read alike are alike. */
export function matchesFields(event: JsonObject, fields: JsonObject): boolean {
  return Object.entries(fields).every(([path, wanted]) => same(valueAt(event, path), wanted as Json));
}

function valueAt(event: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = event;
  for (const name of path.split(".")) {
    if (Array.isArray(value)) value = value[Number(name)];
    else if (isObject(value) && Object.hasOwn(value, name)) value = value[name];
    else return undefined;
  }
  return value;
}

function same(found: Json | undefined, wanted: Json): boolean {
  if (found === undefined) return false;
  if (typeof found === "object" || typeof wanted === "object")
    return JSON.stringify(found) === JSON.stringify(wanted);
  return found === wanted || String(found) === String(wanted);
}
