// Reads rows of a data table, in pages that go on behind the last row whatever the order is.
import type { Json, JsonObject, Problem } from "@auraos/kernel";
import type { Transaction } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { cursorOf } from "../platform/page.ts";
import { type Condition, type Order, orderOf, parameters, whereOf } from "./conditions.ts";
import { invalidRows } from "./refusals.ts";
import { countRows, selectRows, type TableRow } from "./store.ts";
import { rowView } from "./view.ts";

export type RowQuery = {
  where: readonly Condition[];
  any: boolean;
  sort: readonly Order[];
  limit: number;
  after?: string | undefined;
};

export async function readRows(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  query: RowQuery,
): Promise<{ items: JsonObject[]; next?: string }> {
  const problems: Problem[] = [];
  const to = parameters(table.id, orgId);
  const where = whereOf(table.columns, query.where, { any: query.any, to, problems });
  const behind = placeBehind(query.after, query.sort.length + 1);
  const order = orderOf(table.columns, query.sort, { behind, to, problems });
  if (problems.length > 0) throw invalidRows(problems);
  const rows = await selectRows(tx, to, { ...order, where, limit: query.limit + 1 });
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => rowView(table.columns, row)),
    ...(rows.length > query.limit && last ? { next: cursorOf(JSON.stringify(last.keys)) } : {}),
  };
}

export async function countWhere(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  filter: Pick<RowQuery, "where" | "any">,
): Promise<number> {
  const problems: Problem[] = [];
  const to = parameters(table.id, orgId);
  const where = whereOf(table.columns, filter.where, { any: filter.any, to, problems });
  if (problems.length > 0) throw invalidRows(problems);
  return countRows(tx, to, where);
}

/** `-createdAt`: from the largest. */
export function orderFrom(sort: string | undefined): Order[] {
  if (sort === undefined || sort === "") return [];
  return [
    sort.startsWith("-") ? { column: sort.slice(1), descending: true } : { column: sort, descending: false },
  ];
}

function placeBehind(after: string | undefined, length: number): Json[] | undefined {
  if (after === undefined) return undefined;
  try {
    const keys: unknown = JSON.parse(Buffer.from(after, "base64url").toString());
    const isPlace = Array.isArray(keys) && keys.length === length && typeof keys.at(-1) === "number";
    if (isPlace && !JSON.stringify(keys).includes("\\u0000")) return keys as Json[];
  } catch {
    // Said below.
  }
  throw refuse(400, "CURSOR_INVALID", "`after` is no place in this list.", "Use `next` of the page before.");
}
