// CSV text to rows and back; used by the CSV node and by reading files.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { ActivityError } from "../defineNode.ts";
import { wrongData } from "../readConfig.ts";
import { z } from "../schema.ts";

export const csvFields = {
  header: z
    .union([z.boolean(), z.array(z.string().min(1)).min(1)])
    .default(true)
    .describe("Does the first line hold the names of the columns? A list gives the names when it does not."),
  delimiter: z.string().min(1).max(8).default(",").describe("What stands between values."),
  types: z
    .union([z.literal("infer"), z.record(z.string(), z.enum(["text", "number", "boolean"]))])
    .optional()
    .describe(
      "Kind of the values: infer makes numbers and true/false where it is safe. Or by column. Default: all text.",
    ),
  relaxed: z.boolean().default(false).describe("Accept lines with too few or too many values."),
};

export type CsvOptions = {
  header: boolean | string[];
  delimiter: string;
  types?: "infer" | Record<string, "text" | "number" | "boolean"> | undefined;
  relaxed: boolean;
};

export function parseCsv(text: string, options: CsvOptions): JsonObject[] {
  const [first, ...rest] = csvLines(text, options);
  if (!first) return [];
  const named = options.header === true;
  const columns = named
    ? columnNames(first)
    : Array.isArray(options.header)
      ? options.header
      : columnNames(first.map(() => ""));
  return (named ? rest : [first, ...rest]).map((values, index) => csvRow(values, columns, options, index));
}

export function csvLines(text: string, options: CsvOptions): string[][] {
  try {
    return parse(text, {
      bom: true,
      delimiter: options.delimiter,
      relax_column_count: options.relaxed,
      skip_empty_lines: true,
    }) as string[][];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ActivityError({
      code: "DATA_MALFORMED",
      class: "data",
      message: `The CSV text is not well formed: ${error.message}.`,
      remedy: 'Check the delimiter, or set "relaxed" if lines may differ in length.',
      certainty: "notDone",
    });
  }
}

/** Nameless columns get a number; a name that comes again gets its own number too. */
export function columnNames(first: readonly string[]): string[] {
  const names: string[] = [];
  for (const [index, text] of first.entries()) {
    const name = text.trim() === "" || text === "__proto__" ? `column${index + 1}` : text.trim();
    let unique = name;
    for (let again = 2; names.includes(unique); again++) unique = `${name}_${again}`;
    names.push(unique);
  }
  return names;
}

export function csvRow(
  values: readonly string[],
  columns: readonly string[],
  options: CsvOptions,
  index: number,
): JsonObject {
  const json: JsonObject = {};
  values.forEach((text, place) => {
    const column = columns[place] ?? `column${place + 1}`;
    const type = options.types === "infer" ? "infer" : options.types?.[column];
    json[column] = type === undefined || type === "text" ? text : typed(text, type, column, index);
  });
  return json;
}

const numberText = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** An empty value of a typed column is null. Numbers with leading zeros or too many digits stay text when inferred. */
function typed(text: string, type: "infer" | "number" | "boolean", column: string, index: number): Json {
  if (text === "") return null;
  if (type !== "number" && (text === "true" || text === "false")) return text === "true";
  if (type !== "boolean" && numberText.test(text)) {
    const value = Number(text);
    const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
    if (Number.isFinite(value) && (isExact || type === "number")) return value;
  }
  if (type === "infer") return text;
  throw wrongData(
    `Column "${column}" of row ${index + 1} holds "${text.slice(0, 40)}", which is no ${type}.`,
  );
}

export function formatCsv(
  rows: readonly Json[],
  options: {
    header: boolean | string[];
    delimiter: string;
    columns?: string[] | undefined;
    escapeFormulas: boolean;
  },
): string {
  const objects = rows.map((json, index) => {
    if (isObject(json)) return json;
    throw wrongData(`Item ${index} is not an object, so it makes no row.`);
  });
  const columns = options.columns ?? [...new Set(objects.flatMap((json) => Object.keys(json)))];
  const names = Array.isArray(options.header) ? options.header : columns;
  const table = objects.map((json) => columns.map((column) => cell(json[column])));
  return stringify(options.header === false ? table : [names, ...table], {
    delimiter: options.delimiter,
    escape_formulas: options.escapeFormulas,
  });
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
