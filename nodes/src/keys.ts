// Equal values as equal texts, for grouping, joining and finding duplicates. Kinds stay apart (1 is not "1");
// the order of an object's fields does not matter; what is missing counts as null.
import { type Item, isObject, type Json } from "@auraos/kernel";
import { getPath } from "./paths.ts";

export function keyOf(item: Item, paths: readonly string[]): string {
  const [only] = paths;
  if (paths.length === 1 && only !== undefined) return valueKey(getPath(item.json, only));
  return `[${paths.map((path) => valueKey(getPath(item.json, path))).join(",")}]`;
}

export function valueKey(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(valueKey).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const fields = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${valueKey(value[name] as Json)}`);
  return `{${fields.join(",")}}`;
}

/** Places of the items of each group; groups come in the order of their first item. */
export function groupsOf(items: readonly Item[], paths: readonly string[]): number[][] {
  const byKey = new Map<string, number[]>();
  items.forEach((item, index) => {
    const key = keyOf(item, paths);
    const members = byKey.get(key);
    if (members) members.push(index);
    else byKey.set(key, [index]);
  });
  return [...byKey.values()];
}
