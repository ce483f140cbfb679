// The order of values of any kind: numbers, texts, true and false, everything else; what is missing comes last whichever
// way the order goes.
import type { Json } from "@auraos/kernel";

export function compareValues(a: Json | undefined, b: Json | undefined, isDescending: boolean): number {
  const kind = kindOf(a) - kindOf(b);
  if (kind !== 0) return missing(a) || missing(b) || !isDescending ? kind : -kind;
  const result = within(a, b);
  return isDescending ? -result : result;
}

function within(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return 0;
}

function missing(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

function kindOf(value: Json | undefined): number {
  if (missing(value)) return 4;
  if (typeof value === "number") return 0;
  if (typeof value === "string") return 1;
  return typeof value === "boolean" ? 2 : 3;
}
