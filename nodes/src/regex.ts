// Regular expressions of people who write workflows, compiled once. RE2 takes time in proportion to the text,
// whatever the pattern, so none can hold up the engine.
import { RE2JS } from "re2js";
import { wrongParameter } from "./readConfig.ts";

const compiled = new Map<string, RE2JS>();

export function compilePattern(source: string, ignoreCase: boolean, field: string): RE2JS {
  const key = `${ignoreCase ? "i" : "s"}${source}`;
  const known = compiled.get(key);
  if (known) return known;
  try {
    const made = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    if (compiled.size >= 200) compiled.clear();
    compiled.set(key, made);
    return made;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw wrongParameter(field, `is no pattern that can be used: ${reason}.`);
  }
}
