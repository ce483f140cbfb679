// What JavaScript hangs onto the list a match gives: `index` and `groups`. Kept beside the list,
// so that it stays plain data with all list methods.
import type { Value } from "../values.ts";

type Facts = { readonly index: number; readonly groups: Value };

const facts = new WeakMap<Value[], Facts>();

export function keepFacts(list: Value[], of: Facts): void {
  facts.set(list, of);
}

export function readFact(list: Value[], key: string): Value {
  if (key === "index") return facts.get(list)?.index;
  return key === "groups" ? facts.get(list)?.groups : undefined;
}
