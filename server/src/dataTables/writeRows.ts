// Writes rows of a data table. All or none, and one writer of a table at a time: the row of the table is locked first.
import type { Json, JsonObject, Problem } from "@auraos/kernel";
import type { Transaction } from "../platform/db.ts";
import { type Change, changeOf } from "./columns.ts";
import { type Condition, parameters, whereOf } from "./conditions.ts";
import { ROWS_MAX } from "./limits.ts";
import { invalidRows, noTable, tableFull, valueTaken } from "./refusals.ts";
import {
  claimKeys,
  countUp,
  deleteRows,
  findTable,
  insertRows,
  matchingRows,
  selectIds,
  type TableRow,
  updateRows,
} from "./store.ts";

export type Written = { inserted: number; updated: number; ids: number[] };

/** The table, locked until the end of the transaction. */
export async function lockTable(
  tx: Transaction,
  orgId: string,
  by: { id: string } | { name: string },
): Promise<TableRow> {
  const table = await findTable(tx, orgId, by, { lock: true });
  if (!table) throw noTable("name" in by ? by.name : undefined);
  return table;
}

/** Inserts rows; with `match` those that are there already are changed instead. `at`: where the rows stand, for problems. */
export async function writeRows(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  write: { rows: readonly JsonObject[]; match?: readonly string[] | undefined; at: string },
): Promise<Written> {
  const problems: Problem[] = [];
  if (write.match === undefined) {
    const changes = write.rows.map((given, index) =>
      changeOf(table.columns, given, { isNew: true, at: `${write.at}/${index}`, problems }),
    );
    if (problems.length > 0) throw invalidRows(problems);
    return insert(tx, orgId, table, changes);
  }
  return upsert(tx, orgId, table, { ...write, match: write.match }, problems);
}

async function insert(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  changes: readonly Change[],
): Promise<Written> {
  if (table.rowCount + changes.length > ROWS_MAX) throw tableFull(table, ROWS_MAX);
  const rows = changes.map(({ set }, index) => ({ id: table.nextRow + index, data: set }));
  const ids = rows.map(({ id }) => id);
  await insertRows(tx, orgId, table.id, rows);
  await claim(tx, orgId, table, { rowIds: ids, areNew: true, columnIds: uniqueIds(table) });
  await countUp(tx, orgId, table.id, { inserted: rows.length, deleted: 0 });
  return { inserted: rows.length, updated: 0, ids };
}

/** Rows that are given twice become one: the later values win, as if they had come one after the other. */
async function upsert(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  write: { rows: readonly JsonObject[]; match: readonly string[]; at: string },
  problems: Problem[],
): Promise<Written> {
  const match = matchColumns(table, write.match, problems);
  const read = write.rows.map((given, index) => {
    const change = changeOf(table.columns, given, { isNew: false, at: `${write.at}/${index}`, problems });
    for (const { id, name } of match) {
      if (change.set[id] === undefined && problems.length < 100)
        problems.push({
          code: "VALUE_MISSING",
          message: `"${name}" is missing, and rows are matched by it.`,
          remedy: "Give it a value.",
          path: `${write.at}/${index}/${name}`,
          field: name,
        });
    }
    return { given, index, key: JSON.stringify(match.map(({ id }) => change.set[id])) };
  });
  if (problems.length > 0) throw invalidRows(problems);

  const wanted = new Map<string, { given: JsonObject; index: number }>();
  for (const { given, index, key } of read)
    wanted.set(key, { given: { ...wanted.get(key)?.given, ...given }, index });
  const columnIds = match.map(({ id }) => id);
  const isUnique = match.length === 1 && match[0]?.unique === true;
  const found = await matchingRows(tx, orgId, table.id, {
    columnIds,
    values: [...wanted.keys()],
    unique: isUnique,
  });
  const there = Map.groupBy(found, ({ values }) => values);

  const fresh: { key: string; change: Change }[] = [];
  const changed: ({ id: number; key: string } & Change)[] = [];
  for (const [key, { given, index }] of wanted) {
    const rows = there.get(key);
    const about = { isNew: rows === undefined, at: `${write.at}/${index}`, problems };
    const change = changeOf(table.columns, given, about);
    if (rows === undefined) fresh.push({ key, change });
    else for (const { id } of rows) changed.push({ id, key, ...change });
  }
  if (problems.length > 0) throw invalidRows(problems);
  if (changed.length > 0) await change(tx, orgId, table, changed);
  const inserted =
    fresh.length > 0
      ? await insert(
          tx,
          orgId,
          table,
          fresh.map((one) => one.change),
        )
      : { inserted: 0, updated: 0, ids: [] };
  const idOf = new Map([
    ...changed.map(({ key, id }) => [key, id] as const),
    ...fresh.map(({ key }, index) => [key, inserted.ids[index] as number] as const),
  ]);
  return {
    inserted: fresh.length,
    updated: changed.length,
    ids: read.map(({ key }) => idOf.get(key) as number),
  };
}

function matchColumns(table: TableRow, names: readonly string[], problems: Problem[]) {
  return names.flatMap((name, index) => {
    const column = table.columns.find((one) => one.name === name);
    if (column && column.type !== "json") return [column];
    problems.push({
      code: column ? "MATCH_INVALID" : "COLUMN_UNKNOWN",
      message: column
        ? `Rows cannot be matched by "${name}", which holds any value.`
        : `There is no column "${name}".`,
      remedy: `Match by one of: ${table.columns.flatMap((one) => (one.type === "json" ? [] : [one.name])).join(", ")}.`,
      path: `/match/${index}`,
      field: `match.${index}`,
    });
    return [];
  });
}

async function change(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  changes: readonly ({ id: number } & Change)[],
): Promise<void> {
  await updateRows(tx, orgId, table.id, changes);
  const touched = new Set(changes.flatMap(({ set, unset }) => [...Object.keys(set), ...unset]));
  const columnIds = uniqueIds(table).filter((id) => touched.has(id));
  await claim(tx, orgId, table, { columnIds, rowIds: changes.map(({ id }) => id), areNew: false });
}

/** Changes columns of rows; gives how many. */
export async function updateWhere(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  update: { values: JsonObject; ids: readonly number[]; at: string },
): Promise<number> {
  const problems: Problem[] = [];
  const wanted = changeOf(table.columns, update.values, { isNew: false, at: update.at, problems });
  if (problems.length > 0) throw invalidRows(problems);
  if (update.ids.length === 0 || (Object.keys(wanted.set).length === 0 && wanted.unset.length === 0))
    return 0;
  await change(
    tx,
    orgId,
    table,
    update.ids.map((id) => ({ id, ...wanted })),
  );
  return update.ids.length;
}

export async function deleteByIds(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  ids: readonly number[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const deleted = await deleteRows(tx, orgId, table.id, ids);
  await countUp(tx, orgId, table.id, { inserted: 0, deleted });
  return deleted;
}

export async function idsWhere(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  filter: { where: readonly Condition[]; any: boolean },
): Promise<number[]> {
  const problems: Problem[] = [];
  const to = parameters(table.id, orgId);
  const where = whereOf(table.columns, filter.where, { any: filter.any, to, problems });
  if (problems.length > 0) throw invalidRows(problems);
  return selectIds(tx, to, where);
}

function uniqueIds(table: TableRow): string[] {
  return table.columns.filter(({ unique }) => unique).map(({ id }) => id);
}

async function claim(
  tx: Transaction,
  orgId: string,
  table: TableRow,
  keys: Parameters<typeof claimKeys>[3],
): Promise<void> {
  const taken = await claimKeys(tx, orgId, table.id, keys);
  if (taken) throw valueTaken(table, taken as { columnId: string; value: Json });
}
