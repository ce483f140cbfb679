// What cannot be done with a data table, said once for the API and the nodes.
import type { Problem } from "@auraos/kernel";
import { notFound, type Refusal, refuse } from "../platform/errors.ts";
import type { TableRow } from "./store.ts";

export function noTable(name?: string): Refusal {
  const what = name === undefined ? "data table with this id" : `data table named "${name}"`;
  return notFound(what, "GET /api/v1/tables lists those there are.");
}

export function invalidRows(problems: readonly Problem[]): Refusal {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return refuse(
    422,
    "ROWS_INVALID",
    `${first?.message ?? "The rows are wrong."}${more}`,
    "Correct what `problems` lists.",
    {
      problems,
    },
  );
}

export function invalidTable(problems: readonly Problem[]): Refusal {
  return refuse(
    422,
    "TABLE_INVALID",
    problems[0]?.message ?? "The table is wrong.",
    "Correct what `problems` lists.",
    {
      problems,
    },
  );
}

export function valueTaken(table: TableRow, taken: { columnId: string; value: unknown }): Refusal {
  const column = table.columns.find(({ id }) => id === taken.columnId)?.name ?? taken.columnId;
  const value = JSON.stringify(taken.value).slice(0, 100);
  return refuse(
    409,
    "VALUE_TAKEN",
    `"${column}" is unique, and another row of "${table.name}" has ${value}.`,
    "Change that row instead (match), or use another value.",
  );
}

export function tableFull(table: TableRow, rowsMax: number): Refusal {
  return refuse(
    409,
    "TABLE_FULL",
    `"${table.name}" has ${table.rowCount} rows, and a table has at most ${rowsMax}.`,
    "Delete rows that are not needed, or use a database of your own.",
  );
}
