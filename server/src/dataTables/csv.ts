// Data tables as CSV files: in, all rows or none; out, page by page, so that size costs no memory.
import type { Json, JsonObject, Problem } from "@auraos/kernel";
import { formatCsv, parseCsv } from "@auraos/nodes/csv/text.ts";
import type { Deps } from "../deps.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { asRefusal, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { readCell } from "./columns.ts";
import { ROWS_MAX } from "./limits.ts";
import { type RowQuery, readRows } from "./readRows.ts";
import { invalidRows, noTable } from "./refusals.ts";
import { findTable, type TableRow } from "./store.ts";
import { lockTable, writeRows } from "./writeRows.ts";

const PAGE = 1000;

export async function importCsv(
  deps: Deps,
  caller: Caller,
  request: { id: string; text: string; delimiter: string; match: string[] | undefined },
): Promise<{ inserted: number; updated: number }> {
  const { orgId } = caller;
  const lines = linesOf(request.text, request.delimiter);
  return withTenant(deps.api, orgId, async (tx) => {
    const table = await lockTable(tx, orgId, { id: request.id });
    const rows = rowsOf(table, lines);
    const total = { inserted: 0, updated: 0 };
    for (let start = 0; start < rows.length; start += PAGE) {
      const page = rows.slice(start, start + PAGE);
      // The table as the page before left it.
      const now = start === 0 ? table : await again(tx, orgId, table);
      const written = await writePage(tx, orgId, now, { page, start, match: request.match });
      total.inserted += written.inserted;
      total.updated += written.updated;
    }
    return total;
  });
}

async function again(tx: Transaction, orgId: string, { id }: TableRow): Promise<TableRow> {
  const table = await findTable(tx, orgId, { id });
  if (!table) throw noTable();
  return table;
}

async function writePage(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  write: { page: JsonObject[]; start: number; match: string[] | undefined },
) {
  try {
    return await writeRows(tx, orgId, table, { rows: write.page, match: write.match, at: "" });
  } catch (error) {
    const refusal = asRefusal(error);
    if (refusal?.code !== "ROWS_INVALID" || !refusal.problems) throw error;
    // Places in the page become lines of the file.
    throw invalidRows(
      refusal.problems.map((problem) => {
        const [, place = "0", ...rest] = problem.path.split("/");
        const line = write.start + Number(place) + 2;
        return {
          ...problem,
          message: `Line ${line}: ${problem.message}`,
          path: `/${line}/${rest.join("/")}`,
        };
      }),
    );
  }
}

function linesOf(text: string, delimiter: string): JsonObject[] {
  let lines: JsonObject[];
  try {
    lines = parseCsv(text, { header: true, delimiter, relaxed: false });
  } catch (error) {
    const { message, remedy = "Check the file." } = (
      error as { failure?: { message: string; remedy?: string } }
    ).failure ?? {
      message: "The file is not well formed.",
    };
    throw refuse(422, "CSV_MALFORMED", message, remedy);
  }
  if (lines.length > ROWS_MAX)
    throw refuse(
      422,
      "TABLE_FULL",
      `The file has ${lines.length} rows; a table has at most ${ROWS_MAX}.`,
      "Send fewer.",
    );
  return lines;
}

/** Every text by the type of its column. What an export adds (id and times) is passed over. */
function rowsOf(table: TableRow, lines: readonly JsonObject[]): JsonObject[] {
  const problems: Problem[] = [];
  const rows = lines.map((line, index) => {
    const row: JsonObject = {};
    for (const [name, text] of Object.entries(line)) {
      if (name === "id" || name === "createdAt" || name === "updatedAt") continue;
      const column = table.columns.find((one) => one.name === name);
      const value: Json | undefined = column ? readCell(column, String(text)) : (text as Json);
      if (value !== undefined) row[name] = value;
      else if (problems.length < 100)
        problems.push({
          code: "VALUE_INVALID",
          message: `Line ${index + 2}: "${String(text).slice(0, 40)}" is no ${column?.type} ("${name}").`,
          remedy: "Correct the file.",
          path: `/${index + 2}/${name}`,
          field: name,
        });
    }
    return row;
  });
  if (problems.length > 0) throw invalidRows(problems);
  return rows;
}

/** The first page is read before anything is sent, so that a wrong filter is refused like any other request. */
export async function exportCsv(
  deps: Deps,
  caller: Caller,
  request: {
    id: string;
    query: Omit<RowQuery, "limit" | "after">;
    delimiter: string;
    escapeFormulas: boolean;
  },
): Promise<{ name: string; stream: AsyncIterable<Uint8Array> }> {
  const { orgId } = caller;
  const read = (after: string | undefined) =>
    withTenant(deps.api, orgId, async (tx) => {
      const table = await findTable(tx, orgId, { id: request.id });
      if (!table) throw noTable();
      return { table, ...(await readRows(tx, orgId, table, { ...request.query, limit: PAGE, after })) };
    });
  const first = await read(undefined);
  const columns = ["id", ...first.table.columns.map(({ name }) => name), "createdAt", "updatedAt"];
  const text = (items: JsonObject[], header: boolean) =>
    formatCsv(items, {
      header,
      columns,
      delimiter: request.delimiter,
      escapeFormulas: request.escapeFormulas,
    });
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text(first.items, true));
    for (let next = first.next; next !== undefined; ) {
      const page = await read(next);
      yield Buffer.from(text(page.items, false));
      next = page.next;
    }
  }
  return { name: first.table.name, stream: stream() };
}
