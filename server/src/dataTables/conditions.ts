// Comparisons and sorting as SQL. Columns are written by their ids, which the table itself gave; values are always
// parameters. Values compare as jsonb: numbers by size, texts by the collation of the database, and no value (null)
// comes before all others, so that a page can go on behind any row.
import type { Json, Problem } from "@auraos/kernel";
import { type Column, readValue, unknownColumn } from "./columns.ts";

export type Condition = { column: string; operator: string; value?: Json | undefined };
export type Order = { column: string; descending: boolean };

const times: Record<string, string> = { createdAt: "r.created_at", updatedAt: "r.updated_at" };
const comparisons: Record<string, string> = {
  equals: "=",
  notEquals: "<>",
  greater: ">",
  greaterOrEqual: ">=",
  less: "<",
  lessOrEqual: "<=",
};

/** Parameters of one statement: `put` gives the text that stands for the value. */
export type Parameters = { values: unknown[]; put(value: unknown): string };

export function parameters(...first: unknown[]): Parameters {
  const values = [...first];
  return { values, put: (value) => `$${values.push(value)}` };
}

/** The value of a column of row `r`, never NULL of SQL. */
function valueSql(column: Column | "id" | "createdAt" | "updatedAt"): string {
  if (column === "id") return "to_jsonb(r.id)";
  if (typeof column === "string") return `to_jsonb(${times[column]})`;
  return `coalesce(r.data->'${column.id}', 'null'::jsonb)`;
}

/** In the order of the values above; numbers of rows and texts by themselves, which are compared faster than as jsonb. */
function orderSql(column: Column | OwnColumn, descending: boolean): string {
  const isText = typeof column !== "string" && (column.type === "text" || column.type === "time");
  const value = column === "id" ? "r.id" : isText ? `r.data->>'${column.id}'` : valueSql(column);
  return `${value} ${descending ? "DESC NULLS LAST" : "ASC NULLS FIRST"}`;
}

/** All conditions (or, with `any`, one of them) as SQL; problems are added with their place. */
export function whereOf(
  columns: readonly Column[],
  conditions: readonly Condition[],
  about: { any: boolean; to: Parameters; problems: Problem[] },
): string {
  const parts = conditions.map((condition, index) => {
    const sql = conditionOf(columns, condition, about);
    if (typeof sql === "string") return sql;
    about.problems.push({
      ...sql,
      path: `/where/${index}/${sql.field}`,
      field: `where.${index}.${sql.field}`,
    });
    return "false";
  });
  return parts.length === 0 ? "true" : `(${parts.join(about.any ? " OR " : " AND ")})`;
}

type Wrong = { code: string; message: string; remedy: string; field: "column" | "operator" | "value" };

function conditionOf(
  columns: readonly Column[],
  { column: name, operator, value }: Condition,
  { any, to }: { any: boolean; to: Parameters },
): string | Wrong {
  const column = columnOf(columns, name);
  if (column === undefined) return { ...unknownColumn(name, columns), field: "column" };
  const left = valueSql(column);
  if (operator === "isEmpty") return `${left} IN ('null'::jsonb, '""'::jsonb)`;
  if (operator === "isNotEmpty") return `${left} NOT IN ('null'::jsonb, '""'::jsonb)`;
  const wrong = (message: string, remedy: string): Wrong => ({
    code: "VALUE_INVALID",
    message,
    remedy,
    field: "value",
  });
  if (value === undefined) return wrong(`"${operator}" needs a value.`, "Give one.");

  if (operator === "in" || operator === "notIn") {
    if (!Array.isArray(value) || value.length > 1000)
      return wrong(`"${operator}" needs a list of at most 1000 values.`, "Give a list.");
    const list: string[] = [];
    for (const one of value) {
      const read = readFor(column, one);
      if ("wrong" in read) return { ...read.wrong, field: "value" };
      list.push(read.text);
    }
    const found = `${left} = ANY(${to.put(list)}::jsonb[])`;
    return operator === "in" ? found : `NOT ${found}`;
  }
  if (operator === "contains" || operator === "startsWith" || operator === "endsWith") {
    if (typeof value !== "string") return wrong(`"${operator}" needs text.`, "Give text.");
    if (typeof column === "string" || column.type !== "text")
      return {
        code: "OPERATOR_INVALID",
        message: `"${operator}" is for text.`,
        remedy: "Use equals.",
        field: "operator",
      };
    if (value.includes("\0") || !value.isWellFormed()) return "false";
    const text = `coalesce(r.data->>'${column.id}', '')`;
    const part = `${to.put(value)}::text`;
    if (operator === "contains") return `strpos(${text}, ${part}) > 0`;
    return operator === "startsWith"
      ? `starts_with(${text}, ${part})`
      : `right(${text}, char_length(${part})) = ${part}`;
  }
  const comparison = comparisons[operator];
  if (comparison === undefined)
    return {
      code: "OPERATOR_UNKNOWN",
      message: `There is no operator "${operator}".`,
      remedy: "See /api/docs.",
      field: "operator",
    };
  const read = readFor(column, value);
  if ("wrong" in read) return { ...read.wrong, field: "value" };
  if (typeof column === "string" && column !== "id")
    return `${times[column]} ${comparison} ${to.put(read.time)}::timestamptz`;
  const right = `${to.put(read.text)}::jsonb`;
  // Nothing is neither larger nor smaller than something.
  const isOrder = !["equals", "notEquals"].includes(operator);
  if (isOrder) return `(${left} ${comparison} ${right} AND ${left} <> 'null'::jsonb)`;
  if (operator === "equals" && !any && typeof column !== "string" && column.unique && read.text !== "null")
    return `r.id IN (SELECT k.row_id FROM data_table_keys k WHERE k.table_id = $1 AND k.org_id = $2
      AND k.column_id = '${column.id}' AND k.sum = sha256(convert_to(${right}::text, 'UTF8')))`;
  return `${left} ${comparison} ${right}`;
}

type OwnColumn = "id" | "createdAt" | "updatedAt";

function columnOf(columns: readonly Column[], name: string): Column | OwnColumn | undefined {
  if (name === "id" || name === "createdAt" || name === "updatedAt") return name;
  return columns.find((column) => column.name === name);
}

/** A value to compare a column with, as JSON text; null stands for no value. */
function readFor(
  column: Column | OwnColumn,
  value: Json,
): { text: string; time: string } | { wrong: { code: string; message: string; remedy: string } } {
  if (value === null) return { text: "null", time: "-infinity" };
  const type = column === "id" ? "number" : typeof column === "string" ? "time" : column.type;
  const name = typeof column === "string" ? column : column.name;
  const read = readValue({ id: "", name, type, required: false, unique: false }, value);
  if ("wrong" in read) return read;
  return { text: JSON.stringify(read.value), time: String(read.value) };
}

/** `ORDER BY`, and how the page behind a row begins: `behind` are the sort values of that row, as JSON. */
export function orderOf(
  columns: readonly Column[],
  sort: readonly Order[],
  about: { behind: Json[] | undefined; to: Parameters; problems: Problem[] },
): { keys: string; orderBy: string; after: string } {
  const terms = sort.flatMap(({ column: name, descending }, index) => {
    const column = columnOf(columns, name);
    if (column !== undefined)
      return [{ sql: valueSql(column), by: orderSql(column, descending), descending }];
    const problem = unknownColumn(name, columns);
    about.problems.push({ ...problem, path: `/sort/${index}`, field: `sort.${index}` });
    return [];
  });
  const all = [...terms, { sql: "to_jsonb(r.id)", by: "r.id ASC", descending: false }];
  return {
    keys: `jsonb_build_array(${all.map(({ sql }) => sql).join(", ")})`,
    orderBy: all.map(({ by }) => by).join(", "),
    after: about.behind === undefined ? "true" : behindOf(all, about.behind, about.to),
  };
}

/** (a, b, id) behind (x, y, z), each in its own direction: a > x, or a = x and b > y, or ... */
function behindOf(terms: { sql: string; descending: boolean }[], values: Json[], to: Parameters): string {
  const places = values.map((value) => `${to.put(JSON.stringify(value))}::jsonb`);
  const steps = terms.map(({ sql, descending }, index) => {
    const same = terms.slice(0, index).map((term, place) => `${term.sql} = ${places[place]}`);
    return `(${[...same, `${sql} ${descending ? "<" : ">"} ${places[index]}`].join(" AND ")})`;
  });
  return `(${steps.join(" OR ")})`;
}
