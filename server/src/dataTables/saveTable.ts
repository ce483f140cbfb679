// Creates, changes and deletes data tables. Columns keep their values by their ids; a rule that the rows there are do
// not keep (required, unique) is refused with what stands in the way.
import type { DataTableBody } from "@auraos/contract";
import type { Problem } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { isMeant } from "../platform/etag.ts";
import type { Caller } from "../platform/http.ts";
import { type Column, ownColumns } from "./columns.ts";
import { TABLES_MAX } from "./limits.ts";
import { invalidTable, noTable } from "./refusals.ts";
import {
  claimKeys,
  countMissing,
  countTables,
  deleteTable as deleteRow,
  dropColumns,
  dropKeys,
  findTable,
  insertTable,
  type TableRow,
  updateTable,
} from "./store.ts";

export async function createTable(deps: Deps, caller: Caller, body: DataTableBody): Promise<TableRow> {
  const { orgId, actor } = caller;
  const { columns, nextColumn } = columnsOf(body, [], 1);
  return withTenant(deps.api, orgId, async (tx) => {
    if ((await countTables(tx, orgId)) >= TABLES_MAX)
      throw refuse(
        409,
        "TABLES_MAX",
        `There are ${TABLES_MAX} data tables already.`,
        "Delete one that is not needed.",
      );
    const id = deps.newId();
    const { name, description = null } = body;
    if (!(await insertTable(tx, { id, orgId, name, description, columns, nextColumn, actor })))
      throw nameTaken(name);
    return await readTable(tx, orgId, id);
  });
}

export async function replaceTable(
  deps: Deps,
  caller: Caller,
  request: { id: string; body: DataTableBody; ifMatch: string | undefined },
): Promise<TableRow> {
  const { id, body } = request;
  const { orgId } = caller;
  return withTenant(deps.api, orgId, async (tx) => {
    const table = await findTable(tx, orgId, { id }, { lock: true });
    if (!table) throw noTable();
    refuseStale(request.ifMatch, table);
    const { columns, nextColumn } = columnsOf(body, table.columns, table.nextColumn);
    const { name, description = null } = body;
    if (name !== table.name && (await findTable(tx, orgId, { name }))) throw nameTaken(name);
    await followColumns(tx, orgId, table, columns);
    await updateTable(tx, { id, orgId, name, description, columns, nextColumn });
    return await readTable(tx, orgId, id);
  });
}

export async function deleteTable(deps: Deps, caller: Caller, id: string): Promise<void> {
  const { orgId } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    if (!(await deleteRow(tx, orgId, id))) throw noTable();
  });
}

async function readTable(tx: Transaction, orgId: string, id: string): Promise<TableRow> {
  const table = await findTable(tx, orgId, { id });
  if (!table) throw noTable();
  return table;
}

/** The columns of a body with their ids; new ones get the next. */
function columnsOf(
  body: DataTableBody,
  before: readonly Column[],
  next: number,
): { columns: Column[]; nextColumn: number } {
  let nextColumn = next;
  const problems: Problem[] = [];
  const say = (index: number, field: string, code: string, message: string, remedy: string) =>
    problems.push({
      code,
      message,
      remedy,
      path: `/columns/${index}/${field}`,
      field: `columns.${index}.${field}`,
    });
  const columns = body.columns.map(({ id, ...fields }, index): Column => {
    const { name } = fields;
    if ((ownColumns as readonly string[]).includes(name))
      say(index, "name", "COLUMN_RESERVED", `Every row has "${name}" already.`, "Choose another name.");
    if (body.columns.findIndex((one) => one.name === name) < index)
      say(index, "name", "COLUMN_TWICE", `There are two columns "${name}".`, "Choose another name.");
    if (fields.unique && fields.type === "json")
      say(
        index,
        "unique",
        "COLUMN_UNIQUE",
        "A column of any value cannot be unique.",
        "Use text, number or time.",
      );
    if (id === undefined) return { id: `c${nextColumn++}`, ...fields };
    const old = before.find((column) => column.id === id);
    if (!old)
      say(
        index,
        "id",
        "COLUMN_UNKNOWN",
        `There is no column with the id "${id}".`,
        "Leave id out for a new one.",
      );
    else if (old.type !== fields.type)
      say(
        index,
        "type",
        "COLUMN_TYPE",
        `"${old.name}" holds ${old.type}.`,
        "Add a column, and delete the old one.",
      );
    if (body.columns.findIndex((one) => one.id === id) < index)
      say(index, "id", "COLUMN_TWICE", `The column "${id}" is there twice.`, "Keep one of them.");
    return { id, ...fields };
  });
  if (problems.length > 0) throw invalidTable(problems);
  return { columns, nextColumn };
}

/** Brings the rows along: deleted columns, columns that become or stop being unique, columns that become required. */
async function followColumns(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  columns: readonly Column[],
): Promise<void> {
  const before = new Map(table.columns.map((column) => [column.id, column]));
  const gone = table.columns
    .filter(({ id }) => !columns.some((column) => column.id === id))
    .map(({ id }) => id);
  if (gone.length > 0) await dropColumns(tx, orgId, table.id, gone);
  const noLonger = columns
    .filter(({ id, unique }) => !unique && before.get(id)?.unique === true)
    .map(({ id }) => id);
  if (noLonger.length > 0) await dropKeys(tx, orgId, table.id, noLonger);
  for (const column of columns) {
    const old = before.get(column.id);
    if (column.required && old?.required !== true && table.rowCount > 0)
      await refuseMissing(tx, orgId, table, column);
    if (!column.unique || !old || old.unique) continue;
    const taken = await claimKeys(tx, orgId, table.id, {
      columnIds: [column.id],
      rowIds: null,
      areNew: true,
    });
    if (taken)
      throw refuse(
        409,
        "COLUMN_NOT_UNIQUE",
        `"${column.name}" cannot be unique: two rows have ${JSON.stringify(taken.value).slice(0, 100)}.`,
        "Change one of them first.",
      );
  }
}

async function refuseMissing(tx: Transaction, orgId: string, table: TableRow, column: Column): Promise<void> {
  const count = await countMissing(tx, orgId, table.id, column.id);
  if (count === 0) return;
  throw refuse(
    409,
    "COLUMN_MISSING",
    `"${column.name}" cannot be required: ${count} rows have no value.`,
    "Give them one first.",
  );
}

function nameTaken(name: string) {
  return refuse(409, "TABLE_EXISTS", `There is a data table "${name}" already.`, "Choose another name.");
}

function refuseStale(ifMatch: string | undefined, { revision }: TableRow): void {
  if (isMeant(ifMatch, revision)) return;
  throw refuse(
    409,
    "TABLE_CHANGED",
    `The table was changed in the meantime: it is at "${revision}".`,
    "Read it again, and store with the new etag.",
    { headers: { etag: `"${revision}"` } },
  );
}
