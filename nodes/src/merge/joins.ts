// Pairs of items and what becomes of them.
import { type Item, isObject, type Json, type JsonObject } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import { keyOf } from "../keys.ts";
import { setPath } from "../paths.ts";
import { show, wrongData, wrongParameter } from "../readConfig.ts";
import type { MergeConfig } from "./node.ts";

/** `from`: place of the main item. */
export type Joined = { item: Item; from: number | null };

export function joinByPosition(
  config: MergeConfig,
  main: readonly Item[],
  second: readonly Item[],
): Joined[] {
  const shortest = Math.min(main.length, second.length);
  const longest = Math.max(main.length, second.length);
  const count = config.join === "inner" ? shortest : config.join === "left" ? main.length : longest;
  bound(config, count);
  return Array.from({ length: count }, (_, index) => combine(config, main, index, second[index]));
}

export function joinByKey(config: MergeConfig, main: readonly Item[], second: readonly Item[]): Joined[] {
  if (!config.fields) throw wrongParameter("fields", "is missing.");
  const mainFields = config.fields.map((field) => (typeof field === "string" ? field : field.main));
  const secondFields = config.fields.map((field) => (typeof field === "string" ? field : field.second));
  const partners = new Map<string, number[]>();
  second.forEach((item, index) => {
    const key = keyOf(item, secondFields);
    const there = partners.get(key);
    if (there) there.push(index);
    else partners.set(key, [index]);
  });

  const joined: Joined[] = [];
  const used = new Set<number>();
  main.forEach((item, index) => {
    const found = partners.get(keyOf(item, mainFields)) ?? [];
    bound(config, joined.length + found.length);
    for (const place of found) {
      used.add(place);
      joined.push(combine(config, main, index, second[place]));
    }
    if (found.length === 0 && config.join !== "inner") joined.push(combine(config, main, index, undefined));
  });
  if (config.join !== "outer") return joined;
  const alone = second.filter((_, index) => !used.has(index));
  bound(config, joined.length + alone.length);
  return [...joined, ...alone.map((item) => combine(config, [], 0, item))];
}

export function cross(config: MergeConfig, main: readonly Item[], second: readonly Item[]): Joined[] {
  bound(config, main.length * second.length);
  return main.flatMap((_, index) => second.map((item) => combine(config, main, index, item)));
}

function combine(
  config: MergeConfig,
  main: readonly Item[],
  index: number,
  second: Item | undefined,
): Joined {
  const first = main[index];
  const files = { ...second?.files, ...first?.files };
  const item: Item = { json: combineJson(config, first?.json, second?.json) };
  if (Object.keys(files).length > 0) item.files = files;
  return { item, from: first ? index : null };
}

function combineJson(config: MergeConfig, main: Json | undefined, second: Json | undefined): JsonObject {
  const json: JsonObject = { ...fields(main, "main") };
  if (second === undefined) return json;
  if (config.into !== undefined) {
    setPath(json, config.into, second);
    return json;
  }
  return config.prefer === "second"
    ? { ...json, ...fields(second, "second") }
    : { ...fields(second, "second"), ...json };
}

function fields(json: Json | undefined, input: string): JsonObject {
  if (json === undefined || json === null) return {};
  if (isObject(json)) return json as JsonObject;
  throw wrongData(`An item of ${input} is ${show(json)}, which has no fields to combine.`);
}

function bound(config: MergeConfig, count: number): void {
  if (count <= config.itemsMax) return;
  throw new ActivityError({
    code: "ITEMS_BOUND",
    class: "limit",
    message: `Merging would give more than ${config.itemsMax} items.`,
    remedy: 'Filter the inputs first, or raise "itemsMax".',
    field: "itemsMax",
    certainty: "notDone",
  });
}
