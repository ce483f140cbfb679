// When two pieces of data are the same: equal JSON, whatever the order of keys.
// Gives a text to compare by, so that sets of values need no n × n comparisons.
import { LIMITS } from "./limits.ts";
import { charge, growText, limitError, madeText, type Run } from "./run.ts";
import { isObject, Opaque, type Value } from "./values.ts";

export function identityOf(run: Run, value: Value, level = 0): string {
  if (level > LIMITS.dataLevels) throw limitError(run, "LIMIT_DATA_LEVELS", "dataLevels", LIMITS.dataLevels);
  charge(run, 1);
  if (typeof value === "string") return madeText(run, level === 0 ? `"${value}` : JSON.stringify(value));
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Opaque) return `${value.kind}:${value.text(run)}`;
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text = grown(run, text, `,${identityOf(run, item, level + 1)}`);
    return `[${text}]`;
  }
  if (!isObject(value)) return "?";
  const keys = Object.keys(value);
  charge(run, keys.length * 4);
  for (const key of keys.sort()) {
    text = grown(run, text, `,${JSON.stringify(key)}:${identityOf(run, value[key], level + 1)}`);
  }
  return `{${text}}`;
}

function grown(run: Run, text: string, piece: string): string {
  growText(run, text.length + piece.length, piece.length);
  return text + piece;
}
