// Columns of a data table and the values they take. Nothing is converted silently: "12" is no number, whoever sends
// it; only a CSV file, where everything is text, is read by the type of its columns.
import { isObject, type Json, type JsonObject, type Problem } from "@auraos/kernel";

export type ColumnType = "text" | "number" | "boolean" | "time" | "json";
export type Column = { id: string; name: string; type: ColumnType; required: boolean; unique: boolean };

/** Names that every row has already. */
export const ownColumns = ["id", "createdAt", "updatedAt"] as const;

/** Of one row, as JSON text. */
export const ROW_BYTES_MAX = 65_536;
const PROBLEMS_MAX = 100;

/** What a row is changed to: values by column id, and columns that become empty. */
export type Change = { set: JsonObject; unset: string[] };

/** Checks values given by column name. `isNew`: what is required must be there. Problems are added to `problems`. */
export function changeOf(
  columns: readonly Column[],
  given: JsonObject,
  about: { isNew: boolean; at: string; problems: Problem[] },
): Change {
  const change: Change = { set: {}, unset: [] };
  const say = (problem: Omit<Problem, "path"> & { field: string }) => {
    if (about.problems.length < PROBLEMS_MAX)
      about.problems.push({ ...problem, path: `${about.at}/${pointer(problem.field)}` });
  };
  for (const name of Object.keys(given)) {
    if (!columns.some((column) => column.name === name)) say(unknownColumn(name, columns));
  }
  for (const column of columns) {
    const value = Object.hasOwn(given, column.name) ? given[column.name] : undefined;
    if (value === undefined && !about.isNew) continue;
    if (value === undefined || value === null) {
      if (column.required) say(missing(column));
      else change.unset.push(column.id);
      continue;
    }
    const read = readValue(column, value);
    if ("wrong" in read) say({ ...read.wrong, field: column.name });
    else change.set[column.id] = read.value;
  }
  if (Buffer.byteLength(JSON.stringify(change.set)) > ROW_BYTES_MAX)
    say({
      code: "ROW_TOO_LARGE",
      message: `A row has at most ${ROW_BYTES_MAX / 1024} KB.`,
      remedy: "Keep large things in files, and their reference in the row.",
      field: "",
    });
  return change;
}

/** A value in the form in which it is kept, or what is wrong with it. */
export function readValue(
  { name, type }: Column,
  value: Json,
): { value: Json } | { wrong: { code: string; message: string; remedy: string } } {
  const wrong = (what: string, remedy: string) => ({
    wrong: { code: "VALUE_INVALID", message: `"${name}" ${what}`, remedy },
  });
  if (type === "json" || type === "text") {
    if (type === "text" && typeof value !== "string")
      return wrong(`must be text, not ${kind(value)}.`, "Send text.");
    return isStorable(value)
      ? { value }
      : wrong("has a character that cannot be stored.", "Leave out U+0000 and halves of surrogate pairs.");
  }
  if (type === "time") {
    const time = typeof value === "string" ? readTime(value) : undefined;
    return time === undefined
      ? wrong(
          `must be a time, not ${kind(value)}.`,
          "Send ISO 8601, such as 2026-03-01 or 2026-03-01T09:00:00Z.",
        )
      : { value: time };
  }
  if (typeof value === type) return { value };
  return wrong(
    `must be ${type === "number" ? "a number" : "true or false"}, not ${kind(value)}.`,
    "Convert it first; nothing is guessed here.",
  );
}

/** A cell of a CSV file. Empty is no value. */
export function readCell(column: Column, text: string): Json | undefined {
  if (text === "") return null;
  if (column.type === "number") {
    const number = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
    return Number.isFinite(number) ? number : undefined;
  }
  if (column.type === "boolean") {
    const word = text.trim().toLowerCase();
    return word === "true" || word === "1" ? true : word === "false" || word === "0" ? false : undefined;
  }
  if (column.type === "json") {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return undefined;
    }
  }
  return text;
}

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** ISO 8601 as UTC with milliseconds, so that texts sort like times; a time without zone counts as UTC. */
function readTime(text: string): string | undefined {
  const found = isoTime.exec(text);
  if (!found) return undefined;
  const ms = Date.parse(found[1] !== undefined && found[4] === undefined ? `${text}Z` : text);
  if (Number.isNaN(ms)) return undefined;
  const read = new Date(ms).toISOString();
  // 2026-02-30 would quietly become the second of March.
  const isThatDay =
    found[4] !== undefined && found[4] !== "Z" ? true : read.slice(0, 10) === text.slice(0, 10);
  return isThatDay ? read : undefined;
}

/** What PostgreSQL's jsonb takes. */
function isStorable(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (Array.isArray(value)) return value.every(isStorable);
  if (!isObject(value)) return true;
  return Object.entries(value).every(([name, inner]) => isStorable(name) && isStorable(inner));
}

export function unknownColumn(name: string, columns: readonly Column[]) {
  const own = (ownColumns as readonly string[]).includes(name);
  return {
    code: "COLUMN_UNKNOWN",
    message: own ? `"${name}" is set by the table itself.` : `There is no column "${name}".`,
    remedy: own ? "Leave it out." : `Known: ${columns.map((column) => column.name).join(", ")}.`,
    field: name,
  };
}

function missing({ name }: Column) {
  return {
    code: "VALUE_MISSING",
    message: `"${name}" is missing.`,
    remedy: "Every row needs it.",
    field: name,
  };
}

function kind(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `${typeof value} ${JSON.stringify(value).slice(0, 40)}`;
}

function pointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
