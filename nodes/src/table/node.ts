// Reads and writes a data table of the organization. A write is made once per node run and item, whatever crashes: its
// key is kept with the change, in the same transaction.
import {
  type ConfigProblem,
  type Item,
  isObject,
  type Json,
  type JsonObject,
  type Outputs,
} from "@auraos/kernel";
import {
  type ActivityCall,
  type ActivityContext,
  defineNode,
  type TableChange,
  type TableFilter,
} from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { withField } from "../fieldValues.ts";
import { readConfig, show, wrongData, wrongParameter } from "../readConfig.ts";
import { anyValue, pathField, z } from "../schema.ts";

const operators = [
  "equals",
  "notEquals",
  "greater",
  "greaterOrEqual",
  "less",
  "lessOrEqual",
  "contains",
  "startsWith",
  "endsWith",
  "in",
  "notIn",
  "isEmpty",
  "isNotEmpty",
] as const;

const schema = z.strictObject({
  operation: z
    .enum(["find", "count", "insert", "upsert", "update", "delete"])
    .describe("find, count: read rows. upsert: change the rows that match, insert those that do not."),
  table: z.string().min(1).max(100).describe("Name of the data table."),
  where: z
    .array(
      z.strictObject({
        column: z.string().min(1).describe("Column, or id, createdAt, updatedAt."),
        operator: z.enum(operators).default("equals").describe("How its value is compared."),
        value: anyValue().optional().describe("Value to compare with; a list for in and notIn."),
      }),
    )
    .max(50)
    .optional()
    .describe("Which rows (find, count, update, delete). Default of find and count: all."),
  combine: z.enum(["and", "or"]).default("and").describe("Must all comparisons hold, or one of them?"),
  all: z.boolean().default(false).describe("Change or delete every row, when there is no where."),
  sort: z
    .array(
      z.strictObject({
        column: z.string().min(1).describe("Column, or id, createdAt, updatedAt."),
        direction: z
          .enum(["ascending", "descending"])
          .default("ascending")
          .describe("From the smallest, or the largest."),
      }),
    )
    .max(3)
    .default([])
    .describe("Order of the rows that are found. Default: as they were inserted."),
  limit: z.int().min(1).max(10_000).default(1000).describe("Rows to find at most."),
  rowsInto: pathField(
    "find: put all rows as a list into this field of the item. Default: one item per row.",
  ).optional(),
  values: z
    .record(z.string(), anyValue())
    .optional()
    .describe(
      "Values by column (insert, upsert, update); null takes one away. Default: the fields of the item.",
    ),
  rows: anyValue()
    .optional()
    .describe(
      "insert, upsert: a list of rows instead of one, written together, all or none; at most 10,000.",
    ),
  match: z
    .array(z.string().min(1))
    .min(1)
    .max(5)
    .optional()
    .describe("upsert: columns by which rows that are there are found."),
});
type Config = z.output<typeof schema>;

export const tableNode = defineNode({
  type: "table",
  version: 1,
  name: "Data table",
  description:
    "Finds, counts, inserts, changes or deletes rows of a data table of the organization. Writes happen exactly once.",
  icon: "table-2",
  category: "action",
  effect: "idempotent",
  effectOf: ({ operation }) => (operation === "find" || operation === "count" ? "read" : "idempotent"),
  per: "item",
  ports: ["main"],
  concurrency: 5,
  timeoutMs: 60_000,
  errors: nodeErrors(["DATA_INVALID"], "tables"),
  schema,
  example: {
    operation: "upsert",
    table: "Customers",
    match: ["email"],
    values: { email: "{{ $json.email }}", name: "{{ $json.name }}", orders: "{{ $json.orders }}" },
  },
  checkConfig,
  run,
});

function checkConfig(config: JsonObject): ConfigProblem[] {
  const { operation, match, where, all, values, rows } = config;
  const writesRows = operation === "insert" || operation === "upsert";
  const problem = (field: string, message: string, remedy: string) => [
    { field, code: "TABLE_SETTINGS", message, remedy },
  ];
  if (operation === "upsert" && match === undefined)
    return problem(
      "match",
      "Nothing says which rows are the same.",
      'Name the columns in "match", such as ["email"].',
    );
  if (operation !== "upsert" && match !== undefined)
    return problem("match", '"match" is for upsert.', "Take it away, or choose upsert.");
  if (values !== undefined && rows !== undefined)
    return problem("rows", '"rows" and "values" cannot be used together.', "Give one of them.");
  if (rows !== undefined && !writesRows)
    return problem("rows", '"rows" is for insert and upsert.', "Take it away, or choose one of these.");
  if (writesRows && Array.isArray(where))
    return problem("where", '"where" chooses rows that are there.', "Take it away, or choose update.");
  if ((operation === "update" || operation === "delete") && all !== true && !hasConditions(where))
    return problem("where", "Nothing says which rows.", 'Give "where", or set "all" to mean every row.');
  return [];
}

/** An empty list would mean every row; that is said with `all`. */
function hasConditions(where: Json | undefined): boolean {
  return Array.isArray(where) ? where.length > 0 : where !== undefined;
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const [problem] = checkConfig(call.config);
  if (problem) throw wrongParameter(problem.field, `cannot be used so: ${problem.message}`, problem.remedy);
  const config = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  const filter = filterOf(config);
  if (config.operation === "count") return one({ count: await context.tables.count(config.table, filter) });
  if (config.operation === "find") {
    const sort = config.sort.map(({ column, direction }) => ({
      column,
      descending: direction === "descending",
    }));
    const rows = await context.tables.find(config.table, { ...filter, sort, limit: config.limit });
    if (config.rowsInto !== undefined) return { main: { items: [withField(item, config.rowsInto, rows)] } };
    return { main: { items: rows.map((json) => ({ json })) } };
  }
  const { rows, inserted, updated, deleted } = await context.tables.write(
    config.table,
    changeOf(config, filter, item),
    call.idempotencyKey,
  );
  if (config.operation === "update") return one({ updated });
  if (config.operation === "delete") return one({ deleted });
  if (config.rows === undefined && rows.length > 0)
    return { main: { items: rows.map((json) => ({ json })) } };
  return one({ inserted, updated });
}

function changeOf(config: Config, filter: TableFilter, item: Item): TableChange {
  const { operation, match } = config;
  if (operation === "delete") return { kind: "delete", filter };
  if (operation === "update") return { kind: "update", values: valuesOf(config, item), filter };
  const rows = config.rows === undefined ? [valuesOf(config, item)] : rowsOf(config.rows as Json);
  return { kind: "write", rows, ...(match === undefined ? {} : { match }) };
}

function valuesOf({ values }: Config, item: Item): JsonObject {
  if (values !== undefined) return values as JsonObject;
  if (isObject(item.json)) return item.json as JsonObject;
  throw wrongData(`The item is ${show(item.json)}, which has no fields.`, 'Say in "values" what to write.');
}

function rowsOf(rows: Json): JsonObject[] {
  if (!Array.isArray(rows)) throw wrongParameter("rows", `must be a list, not ${show(rows)}.`);
  return rows.map((row, index) => {
    if (isObject(row)) return row as JsonObject;
    throw wrongParameter(`rows.${index}`, `must be an object, not ${show(row)}.`);
  });
}

function filterOf({ where = [], combine }: Config): TableFilter {
  return {
    any: combine === "or",
    where: where.map(({ column, operator, value }) => ({
      column,
      operator,
      ...(value === undefined ? {} : { value: value as Json }),
    })),
  };
}

function one(json: JsonObject): Outputs {
  return { main: { items: [{ json }] } };
}
