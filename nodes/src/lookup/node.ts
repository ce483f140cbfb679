// Completes items with rows of a table found by key. Unlike a merge it never multiplies items: each item of main
// comes out once, with the row, the rows, or none.
import {
  type Item,
  isObject,
  type Json,
  type JsonObject,
  type Outputs,
  type PureCall,
  portsFrom,
} from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { keyFields, mainFields, otherFields } from "../keyFields.ts";
import { keyOf } from "../keys.ts";
import { fieldsOf, getPath, setPath } from "../paths.ts";
import { readConfig, show, wrongData } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";

const schema = z.strictObject({
  fields: keyFields("table", "Fields that must be equal. Kinds stay apart: 1 is not the text 1."),
  take: z
    .array(
      z.union([
        pathField("Field of the row, written under its own name."),
        z.strictObject({
          field: pathField("Field of the row."),
          as: pathField("Field of the item it is written to."),
        }),
      ]),
    )
    .min(1)
    .optional()
    .describe('Fields of the row to write into the item. Default: the whole row, into "into".'),
  into: pathField("Field for the whole row when nothing is taken singly, or for the list of rows.").default(
    "found",
  ),
  several: z
    .enum(["first", "last", "all", "fail"])
    .default("first")
    .describe('Which row counts when several have the key; all gives a list in "into".'),
  whenMissing: z
    .enum(["keep", "drop", "port", "fail"])
    .default("keep")
    .describe("Items without a row: pass on as they are, leave out, give at the port missing, or stop."),
});
type Config = z.output<typeof schema>;

export const lookupNode = defineNode({
  type: "lookup",
  version: 1,
  name: "Look up",
  description:
    "Completes each item with the row of a second list that has the same key, like a lookup in a spreadsheet.",
  icon: "search-check",
  category: "transform",
  effect: "pure",
  per: "list",
  inputs: [{ name: "main" }, { name: "table", required: false }],
  ports: portsFrom([{ port: "main" }, { port: "missing", when: { whenMissing: ["port"] } }]),
  errors: nodeErrors(["DATA_INVALID"]),
  schema,
  example: {
    fields: [{ main: "customerId", other: "id" }],
    take: ["name", { field: "address.city", as: "city" }],
  },
  checkConfig: (config) =>
    config.several === "all" && config.take !== undefined
      ? [{ field: "take", code: "LOOKUP", message: '"take" needs one row, so "several" cannot be "all".' }]
      : [],
  evaluate: lookup,
});

function lookup(call: PureCall): Outputs {
  const config = readConfig(schema, call.config);
  const rows = rowsByKey(call.inputs.table ?? [], otherFields(config.fields));
  const fields = mainFields(config.fields);
  const main = { items: [] as Item[], lineage: [] as number[] };
  const missing = { items: [] as Item[], lineage: [] as number[] };
  call.items.forEach((item, index) => {
    const found = rows.get(keyOf(item, fields)) ?? [];
    if (found.length === 0 && config.whenMissing === "fail") throw noRow(item, fields, index);
    if (found.length === 0 && config.whenMissing === "drop") return;
    const port = found.length === 0 && config.whenMissing === "port" ? missing : main;
    const isCompleted = found.length > 0 || (config.several === "all" && port === main);
    port.items.push(isCompleted ? completed(item, found, config, index) : item);
    port.lineage.push(index);
  });
  return config.whenMissing === "port" ? { main, missing } : { main };
}

function rowsByKey(table: readonly Item[], fields: readonly string[]): Map<string, Json[]> {
  const rows = new Map<string, Json[]>();
  for (const row of table) {
    const key = keyOf(row, fields);
    const there = rows.get(key);
    if (there) there.push(row.json);
    else rows.set(key, [row.json]);
  }
  return rows;
}

function completed(item: Item, found: Json[], config: Config, index: number): Item {
  if (!isObject(item.json))
    throw wrongData(`Item ${index} is ${show(item.json)}, which has no fields to complete.`);
  const json: JsonObject = { ...fieldsOf(item.json) };
  if (config.several === "all") {
    setPath(json, config.into, found);
    return withFiles(item, json);
  }
  if (config.several === "fail" && found.length > 1) {
    throw wrongData(
      `Item ${index} has ${found.length} rows in the table.`,
      'Set "several" to "first" or "last".',
    );
  }
  const row = (config.several === "last" ? found.at(-1) : found[0]) ?? null;
  if (!config.take) setPath(json, config.into, row);
  for (const one of config.take ?? []) {
    const { field, as } = typeof one === "string" ? { field: one, as: one } : one;
    setPath(json, as, getPath(row, field) ?? null);
  }
  return withFiles(item, json);
}

function withFiles(item: Item, json: JsonObject): Item {
  return item.files ? { json, files: item.files } : { json };
}

function noRow(item: Item, fields: readonly string[], index: number) {
  const key = fields.map((field) => `${field}: ${show(getPath(item.json, field))}`).join(", ");
  return wrongData(
    `Item ${index} (${key}) has no row in the table.`,
    'Set "whenMissing" to let such items pass.',
  );
}
