// One cell of a decision table: a small condition on the value of its column. Kinds stay apart; a value that is
// missing fits only an empty cell and one that asks for it.
import { isObject, type Json } from "@auraos/kernel";
import { momentOf } from "../date/steps.ts";
import { show, wrongData, wrongParameter } from "../readConfig.ts";
import { z } from "../schema.ts";

export const columnTypes = ["number", "text", "boolean", "date"] as const;
export type ColumnType = (typeof columnTypes)[number];
export type Column = { name: string; type: ColumnType };

const plain = z.union([z.string(), z.number(), z.boolean()]);
const bound = z.union([z.number(), z.string()]);

export const cellSchema = z.union([
  plain.describe("The value itself."),
  z.array(plain).min(1).describe("One of these values."),
  z.strictObject({
    from: bound.optional().describe("At least this (numbers and dates)."),
    above: bound.optional().describe("More than this."),
    to: bound.optional().describe("At most this."),
    below: bound.optional().describe("Less than this."),
    not: z
      .union([plain, z.array(plain).min(1)])
      .optional()
      .describe("None of these values."),
    startsWith: z.string().min(1).optional().describe("Text that begins so."),
    exists: z
      .boolean()
      .optional()
      .describe("False: the value is missing. True: it is there, whatever it is."),
  }),
]);
export type Cell = z.output<typeof cellSchema>;

/** Values of a column are compared as these: dates as milliseconds. */
export type Value = number | string | boolean | null;

export function valueFor(given: Json | undefined, column: Column, zone: string, field: string): Value {
  if (given === undefined || given === null) return null;
  if (column.type === "date") return momentOf(given, zone, field);
  const kind = column.type === "text" ? "string" : column.type;
  if (typeof given === kind) return given as Value;
  throw wrongData(
    `"${field}" is ${show(given)}, but the column "${column.name}" takes ${words[column.type]}.`,
  );
}

const words: Record<ColumnType, string> = {
  number: "numbers",
  text: "text",
  boolean: "true or false",
  date: "dates",
};

export type Test = (value: Value) => boolean;

/** A cell as a test, once per table. */
export function testOf(cell: Cell | undefined, column: Column, zone: string, field: string): Test {
  if (cell === undefined) return () => true;
  const value = (given: Json | undefined, at: string): Value => {
    const type = isObject(given) || Array.isArray(given) ? undefined : given;
    if (type === undefined || type === null)
      throw wrongParameter(at, `must be one value, not ${show(given)}.`);
    try {
      return valueFor(type, column, zone, at);
    } catch {
      throw wrongParameter(
        at,
        `is ${show(given)}, but the column "${column.name}" takes ${words[column.type]}.`,
      );
    }
  };
  if (!isObject(cell)) {
    const allowed = (Array.isArray(cell) ? cell : [cell]).map((one) => value(one, field));
    return (given) => given !== null && allowed.includes(given);
  }
  if (cell.exists === false) return (given) => given === null;
  const tests: Test[] = [];
  for (const [name, holds] of Object.entries(orders)) {
    const limit = cell[name as keyof typeof orders];
    if (limit === undefined) continue;
    if (column.type !== "number" && column.type !== "date")
      throw wrongParameter(
        `${field}.${name}`,
        `is for numbers and dates, and "${column.name}" takes ${words[column.type]}.`,
      );
    const compared = Number(value(limit, `${field}.${name}`));
    tests.push((given) => holds(Number(given), compared));
  }
  if (cell.not !== undefined) {
    const refused = (Array.isArray(cell.not) ? cell.not : [cell.not]).map((one) =>
      value(one, `${field}.not`),
    );
    tests.push((given) => !refused.includes(given));
  }
  const { startsWith } = cell;
  if (startsWith !== undefined) {
    if (column.type !== "text") throw wrongParameter(`${field}.startsWith`, "is for text.");
    tests.push((given) => String(given).startsWith(startsWith));
  }
  return (given) => given !== null && tests.every((test) => test(given));
}

const orders = {
  from: (value: number, limit: number) => value >= limit,
  above: (value: number, limit: number) => value > limit,
  to: (value: number, limit: number) => value <= limit,
  below: (value: number, limit: number) => value < limit,
};

/**
 * Values that stand for all values of a column: two values that no cell tells apart have one representative.
 * Numbers: every bound, and one between each two and beyond the ends. Texts: every one named, a prefix and a longer
 * text with it, and one that nobody named.
 */
export function representatives(cells: readonly (Cell | undefined)[], column: Column, zone: string): Value[] {
  if (column.type === "boolean") return [true, false, null];
  const named = cells.flatMap(namedIn);
  if (column.type === "text") {
    const texts = named.map(String);
    const others = [...texts, ...texts.map((text) => `${text}…`), "(another text)"];
    return [...new Set<Value>([...others, null])];
  }
  const points = [
    ...new Set(
      named.map((one) => (typeof one === "number" ? one : momentOf(String(one), zone, column.name))),
    ),
  ];
  points.sort((a, b) => a - b);
  const step = column.type === "date" ? 86_400_000 : 1;
  const between = points.slice(1).map((point, index) => ((points[index] ?? 0) + point) / 2);
  const [first = 0] = points;
  return [...points, first - step, (points.at(-1) ?? 0) + step, ...between, null];
}

function namedIn(cell: Cell | undefined): (string | number | boolean)[] {
  if (cell === undefined) return [];
  if (Array.isArray(cell)) return cell;
  if (!isObject(cell)) return [cell];
  const { from, above, to, below, not, startsWith } = cell;
  return [from, above, to, below, startsWith, ...(Array.isArray(not) ? not : [not])].filter(
    (one) => one !== undefined,
  );
}

export function showValue(value: Value, type: ColumnType): string {
  if (value === null) return "missing";
  return type === "date"
    ? new Date(Number(value)).toISOString().replace("T00:00:00.000Z", "")
    : JSON.stringify(value);
}
