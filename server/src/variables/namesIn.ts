// Which variables a definition reads, so that an execution records those and no others. It errs on the side of more:
// whatever is not plainly `$vars.name` means all of them.
import { isObject, type Json, type WorkflowDefinition } from "@auraos/kernel";

const READ = /\$vars\b(?:\s*(?:\?\s*)?\.\s*([A-Za-z_][A-Za-z0-9_]*)(?![\p{ID_Continue}$\\]))?/gu;
const known = new WeakMap<WorkflowDefinition, ReadonlySet<string> | "all">();

/** Definitions never change, so each is looked through once. */
export function namesIn(definition: WorkflowDefinition): ReadonlySet<string> | "all" {
  const before = known.get(definition);
  if (before !== undefined) return before;
  const names = new Set<string>();
  const found = collect(definition as unknown as Json, names) ? names : "all";
  known.set(definition, found);
  return found;
}

/** False: any of them may be read. */
function collect(value: Json, names: Set<string>): boolean {
  if (typeof value === "string") return collectText(value, names);
  if (Array.isArray(value)) return value.every((one) => collect(one, names));
  return !isObject(value) || Object.values(value).every((one) => collect(one as Json, names));
}

function collectText(text: string, names: Set<string>): boolean {
  // An identifier may be spelled with escapes: `$v\u0061rs`.
  if (text.includes("{{") && /\\u[0-9a-fA-F{]/.test(text)) return false;
  for (const [, name] of text.matchAll(READ)) {
    if (name === undefined) return false;
    names.add(name);
  }
  return true;
}
