// Data tables as nodes use them. A write and the note that it was made are one transaction, so that a repeated attempt
// after a crash gets the first result and changes nothing.
import type { Json, JsonObject } from "@auraos/kernel";
import { ActivityError, type DataTables, type TableChange, type TableWritten } from "@auraos/nodes";
import { classifyDatabaseError, type Pool, type Transaction, withTenant } from "../platform/db.ts";
import { asRefusal, type Refusal } from "../platform/errors.ts";
import { WRITE_ROWS_MAX } from "./limits.ts";
import { countWhere, readRows } from "./readRows.ts";
import { noTable } from "./refusals.ts";
import { findTable, findWrite, insertTable, noteWrite, type TableRow } from "./store.ts";
import { deleteByIds, idsWhere, lockTable, updateWhere, writeRows } from "./writeRows.ts";

const PAGE = 1000;

export function tableStoreOf(pool: Pool, orgId: string, newId: () => string): DataTables {
  return {
    find: (name, { where, any, sort, limit }) =>
      asActivity(() =>
        withTenant(pool, orgId, async (tx) => {
          const table = await namedTable(tx, orgId, name);
          const rows: JsonObject[] = [];
          let after: string | undefined;
          do {
            const page = await readRows(tx, orgId, table, {
              ...{ where, any, sort, after },
              limit: Math.min(PAGE, limit - rows.length),
            });
            rows.push(...page.items);
            after = page.next;
          } while (after !== undefined && rows.length < limit);
          return rows;
        }),
      ),
    count: (name, filter) =>
      asActivity(() =>
        withTenant(pool, orgId, async (tx) =>
          countWhere(tx, orgId, await namedTable(tx, orgId, name), filter),
        ),
      ),
    ensure: (name, columns) =>
      asActivity(() =>
        withTenant(pool, orgId, async (tx) => {
          if (await findTable(tx, orgId, { name })) return;
          const made = columns.map(({ name: title, type, required = false, unique = false }, index) => ({
            ...{ id: `c${index + 1}`, name: title, type, required, unique },
          }));
          // Somebody else may make it at this moment, which is as good.
          await insertTable(tx, {
            ...{ id: newId(), orgId, name, description: null, columns: made, nextColumn: made.length + 1 },
            actor: "workflow",
          });
        }),
      ),
    write: (name, change, key) =>
      asActivity(() =>
        withTenant(pool, orgId, async (tx) => {
          const table = await lockTable(tx, orgId, { name });
          const known = await findWrite(tx, orgId, table.id, `node/${key}`);
          if (known !== undefined) return JSON.parse(known) as TableWritten;
          const written = await write(tx, orgId, table, change);
          await noteWrite(tx, orgId, table.id, { key: `node/${key}`, result: JSON.stringify(written) });
          return written;
        }),
      ),
  };
}

async function namedTable(tx: Transaction, orgId: string, name: string): Promise<TableRow> {
  const table = await findTable(tx, orgId, { name });
  if (!table) throw noTable(name);
  return table;
}

async function write(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  change: TableChange,
): Promise<TableWritten> {
  const nothing = { inserted: 0, updated: 0, deleted: 0, rows: [] };
  if (change.kind === "delete")
    return {
      ...nothing,
      deleted: await deleteByIds(tx, orgId, table, await idsWhere(tx, orgId, table, change.filter)),
    };
  if (change.kind === "update") {
    const ids = await idsWhere(tx, orgId, table, change.filter);
    return {
      ...nothing,
      updated: await updateWhere(tx, orgId, table, { values: change.values, ids, at: "/values" }),
    };
  }
  const { rows, match } = change;
  if (rows.length === 0) return nothing;
  if (rows.length > WRITE_ROWS_MAX) throw tooMany(rows.length);
  const { inserted, updated, ids } = await writeRows(tx, orgId, table, { rows, match, at: "/rows" });
  if (rows.length > 1) return { ...nothing, inserted, updated };
  const where = [{ column: "id", operator: "equals", value: ids[0] as Json }];
  const { items } = await readRows(tx, orgId, table, { where, any: false, sort: [], limit: 1 });
  return { ...nothing, inserted, updated, rows: items };
}

function tooMany(count: number): ActivityError {
  return new ActivityError({
    code: "ROWS_BOUND",
    class: "limit",
    message: `${count} rows are too many for one write.`,
    remedy: `Write at most ${WRITE_ROWS_MAX} at once; "Batches" makes smaller lists.`,
    certainty: "notDone",
    field: "rows",
  });
}

/** Refusals and trouble of the database as failures; the transaction was given up, so nothing was changed. */
async function asActivity<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ActivityError) throw error;
    const refusal = asRefusal(error);
    if (refusal && refusal.status < 500) throw refused(refusal);
    const trouble = classifyDatabaseError(error);
    if (trouble === "other") throw error;
    throw new ActivityError({
      code: "TABLE_DATABASE",
      class: "server",
      message: refusal?.message ?? "The database did not answer as it should.",
      remedy: "The next attempt may succeed; the write is made once, however often it is tried.",
      retryable: trouble !== "data",
      // Even a lost answer is no trouble: the key tells whether it was written.
      certainty: "notDone",
    });
  }
}

function refused({ code, message, remedy, problems }: Refusal): ActivityError {
  const [first] = problems ?? [];
  const field = first?.path.startsWith("/rows") === true ? "rows" : first?.field;
  return new ActivityError({
    code: code === "NOT_FOUND" ? "TABLE_UNKNOWN" : code,
    class: "data",
    message,
    remedy: first?.remedy ?? remedy,
    certainty: "notDone",
    ...(code === "NOT_FOUND" ? { field: "table" } : field === undefined ? {} : { field }),
    ...(problems && problems.length > 1 ? { detail: problems.slice(0, 20) as unknown as Json } : {}),
  });
}
