// What changed between two lists: main is how it was, second how it is now.
import { type Item, isObject, type Json, type JsonObject, type Outputs, type PureCall } from "@auraos/kernel";
import { isSame } from "../conditions.ts";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { type KeyFields, keyFields, mainFields, otherFields } from "../keyFields.ts";
import { keyOf } from "../keys.ts";
import { getPath, removePath, setPath } from "../paths.ts";
import { readConfig, show, wrongData } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";

const schema = z.strictObject({
  fields: keyFields("second", "Fields that tell which items are the same thing on both sides."),
  only: z
    .array(pathField("Field to compare."))
    .min(1)
    .optional()
    .describe("Compare these fields only. Default: all data."),
  ignore: z
    .array(pathField("Field that may differ."))
    .min(1)
    .optional()
    .describe("Fields whose difference is no change, such as updatedAt."),
  give: z
    .enum(["after", "before", "both"])
    .default("after")
    .describe("Changed items: as in second, as in main, or both as before and after."),
  changesInto: pathField("Changed items: field for the list of changes (field, before, after).").optional(),
});
type Config = z.output<typeof schema>;

export const compareNode = defineNode({
  type: "compare",
  version: 1,
  name: "Compare lists",
  description:
    "Compares two lists by key and gives what was added, removed or changed, and what stayed the same.",
  icon: "diff",
  category: "condition",
  effect: "pure",
  per: "list",
  inputs: [
    { name: "main", required: false },
    { name: "second", required: false },
  ],
  ports: ["added", "removed", "changed", "same"],
  onEmpty: "run",
  errors: nodeErrors(["DATA_INVALID"]),
  schema,
  example: { fields: ["id"], ignore: ["updatedAt"], changesInto: "changes" },
  checkConfig: (config) =>
    config.only !== undefined && config.ignore !== undefined
      ? [{ field: "ignore", code: "COMPARE", message: 'Give either "only" or "ignore".' }]
      : [],
  evaluate: compare,
});

type Port = { items: Item[]; lineage: (number | null)[] };

function compare(call: PureCall): Outputs {
  const config = readConfig(schema, call.config);
  const before = call.inputs.main ?? call.items;
  const after = call.inputs.second ?? [];
  const now = unique(after, otherFields(config.fields), "second");
  const was = unique(before, mainFields(config.fields), "main");
  const ports = { added: port(), removed: port(), changed: port(), same: port() };
  for (const [key, index] of was) {
    const old = before[index] as Item;
    const place = now.get(key);
    if (place === undefined) {
      push(ports.removed, old, index);
      continue;
    }
    const current = after[place] as Item;
    const changes = changesOf(old.json, current.json, config);
    if (changes.length === 0) push(ports.same, current, index);
    else push(ports.changed, changedItem(old, current, changes, config), index);
  }
  for (const [key, index] of now) {
    if (!was.has(key)) push(ports.added, after[index] as Item, null);
  }
  return ports;
}

function port(): Port {
  return { items: [], lineage: [] };
}

function push(to: Port, item: Item, from: number | null): void {
  to.items.push(item);
  to.lineage.push(from);
}

function unique(items: readonly Item[], fields: string[], input: string): Map<string, number> {
  const places = new Map<string, number>();
  items.forEach((item, index) => {
    const key = keyOf(item, fields);
    const there = places.get(key);
    if (there !== undefined) {
      const shown = fields.map((field) => `${field}: ${show(getPath(item.json, field))}`).join(", ");
      throw wrongData(
        `Items ${there} and ${index} of ${input} have the same key (${shown}).`,
        "Add a field to the key, or remove duplicates first.",
      );
    }
    places.set(key, index);
  });
  return places;
}

type Change = { field: string; before: Json; after: Json };

/** Compared on the top level, or at the chosen paths. The key itself may have another name on each side. */
function changesOf(before: Json, after: Json, config: Config): Change[] {
  if (config.only) return differences(config.only, before, after);
  if (!isObject(before) || !isObject(after)) {
    return isSame(before, after) ? [] : [{ field: "", before, after }];
  }
  const left = without(before as JsonObject, [...(config.ignore ?? []), ...differing(config.fields, "main")]);
  const right = without(after as JsonObject, [
    ...(config.ignore ?? []),
    ...differing(config.fields, "other"),
  ]);
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.flatMap((field) => change(field, left[field], right[field]));
}

function differences(paths: readonly string[], before: Json, after: Json): Change[] {
  return paths.flatMap((path) => change(path, getPath(before, path), getPath(after, path)));
}

/** Missing and null are different here: one of them was written. */
function change(field: string, before: Json | undefined, after: Json | undefined): Change[] {
  if (isSame(before, after)) return [];
  return [{ field, before: before ?? null, after: after ?? null }];
}

function differing(fields: KeyFields, side: "main" | "other"): string[] {
  return fields.flatMap((field) =>
    typeof field === "string" || field.main === field.other ? [] : [field[side]],
  );
}

function without(json: JsonObject, paths: readonly string[]): JsonObject {
  const rest = { ...json };
  for (const path of paths) removePath(rest, path);
  return rest;
}

function changedItem(before: Item, after: Item, changes: Change[], config: Config): Item {
  const chosen = config.give === "before" ? before : after;
  if (config.give !== "both" && config.changesInto === undefined) return chosen;
  const given: JsonObject =
    config.give === "both" ? { before: before.json, after: after.json } : { ...fieldsOrFail(chosen.json) };
  if (config.changesInto !== undefined) setPath(given, config.changesInto, changes);
  return chosen.files ? { json: given, files: chosen.files } : { json: given };
}

function fieldsOrFail(json: Json): JsonObject {
  if (isObject(json)) return json as JsonObject;
  throw wrongData(`An item is ${show(json)}, which has no field for its changes.`, 'Set "give" to "both".');
}
