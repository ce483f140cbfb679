// What an execution gives, in two shapes: one json, as people and callers expect it, and the items of which it was
// made, for the workflow that called it. The json is what is recorded; where it does not tell the items, a word beside
// it does.
import type { FileRef, Item } from "./item.ts";
import type { Json } from "./json.ts";

/** Nothing = null, one item = its json, several = a list. */
export function collapse(items: readonly Item[]): Json {
  if (items.length === 0) return null;
  return items.length === 1 ? (items[0] as Item).json : items.map((item) => item.json);
}

export type ResultShape = {
  /** The output is the json of one item, although it is null or a list. */
  single?: true;
  /** By place of the item. */
  files?: [index: number, files: Record<string, FileRef>][];
};

export function shapeOf(items: readonly Item[]): ResultShape {
  const shape: ResultShape = {};
  const json = items[0]?.json;
  if (items.length === 1 && (json === null || Array.isArray(json))) shape.single = true;
  items.forEach(({ files }, index) => {
    if (files === undefined) return;
    shape.files ??= [];
    shape.files.push([index, files]);
  });
  return shape;
}

/** The items again. Without a word about the shape (older histories, replies) null is nothing and a list is several. */
export function resultItems({ output, single, files }: ResultShape & { output?: Json }): Item[] {
  const items = single ? [{ json: output as Json }] : itemsOf(output);
  for (const [index, own] of files ?? []) {
    const item = items[index];
    if (item) item.files = own;
  }
  return items;
}

function itemsOf(output: Json | undefined): Item[] {
  if (output === undefined || output === null) return [];
  return Array.isArray(output) ? output.map((json): Item => ({ json })) : [{ json: output }];
}
