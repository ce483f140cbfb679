// The process that runs SQLite, one statement at a time. Apart from the engine, because a statement cannot be stopped
// from within: SQL that goes on for ever is ended by ending this process, and SQLite's journal undoes what it began.
//
// What SQL may not do here: reach other files (ATTACH, VACUUM INTO), load code, change how the database is kept
// (PRAGMA), hold a transaction open.
import { existsSync } from "node:fs";
import { constants, DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import type { Answer, Statement } from "./protocol.ts";

/** Of one value or row: the memory of a statement is a few of these, as sorting and temporary tables go to the disk. */
const VALUE_BYTES_MAX = 64 * 1024 * 1024;
/** Of an answer, which has to travel. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Of a database; 1 GB with pages of the usual size. */
const PAGES_MAX = 262_144;
const forbidden: readonly number[] = [
  constants.SQLITE_ATTACH,
  constants.SQLITE_DETACH,
  constants.SQLITE_TRANSACTION,
  constants.SQLITE_SAVEPOINT,
];
/** Those that only tell. */
const pragmas = [
  "table_info",
  "table_xinfo",
  "table_list",
  "index_list",
  "index_info",
  "foreign_key_list",
  "database_list",
];

process.on("message", (statement: Statement) => {
  process.send?.(run(statement));
});
process.on("disconnect", () => process.exit());

function run(statement: Statement): Answer {
  if (!statement.create && !existsSync(statement.file)) return { kind: "missing" };
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(statement.file, {
      readOnly: statement.isReadOnly,
      timeout: statement.waitMs,
      enableForeignKeyConstraints: true,
      allowExtension: false,
      limits: { length: VALUE_BYTES_MAX, likePatternLength: 1000 },
    });
    database.exec(`PRAGMA trusted_schema = OFF; PRAGMA max_page_count = ${PAGES_MAX}`);
    database.setAuthorizer(authorise);
    return execute(database, statement);
  } catch (error) {
    const { errcode = 0, message } = error as Error & { errcode?: number };
    return { kind: "error", code: errcode & 0xff, message };
  } finally {
    database?.close();
  }
}

function authorise(action: number, first: string | null): number {
  const isForbidden =
    forbidden.includes(action) || (action === constants.SQLITE_PRAGMA && !pragmas.includes(first ?? ""));
  return isForbidden ? constants.SQLITE_DENY : constants.SQLITE_OK;
}

function execute(database: DatabaseSync, { sql, parameters, rowsMax, cut }: Statement): Answer {
  const prepared = database.prepare(sql);
  // Only the first statement of a text is prepared; the rest would be passed over.
  if (!isEmpty(sql.slice(sql.indexOf(prepared.sourceSQL) + prepared.sourceSQL.length)))
    return { kind: "several" };
  prepared.setReadBigInts(true);
  const values = parameters.map(toParameter);
  const columns = columnNames(prepared.columns().map(({ name }) => name));
  if (columns.length === 0) {
    const { changes, lastInsertRowid } = prepared.run(...values);
    return { kind: "changed", changes: Number(changes), lastId: toNumber(BigInt(lastInsertRowid)) };
  }
  prepared.setReturnArrays(true);
  const rows: JsonObject[] = [];
  let bytes = 0;
  for (const row of prepared.iterate(...values) as Iterable<unknown> as Iterable<SQLOutputValue[]>) {
    if (rows.length >= rowsMax) {
      if (!cut) return { kind: "tooMany" };
      break;
    }
    const json: JsonObject = {};
    for (const [place, value] of row.entries()) {
      const plain = toJson(value);
      bytes += typeof plain === "string" ? plain.length : 8;
      json[columns[place] ?? `column${place + 1}`] = plain;
    }
    if (bytes > ANSWER_BYTES_MAX) return { kind: "tooLarge" };
    rows.push(json);
  }
  return { kind: "rows", rows };
}

/** Nothing but spaces, semicolons and comments. */
function isEmpty(rest: string): boolean {
  return rest.replaceAll(/--[^\n]*|\/\*[\s\S]*?(\*\/|$)/g, "").replaceAll(/[\s;]/g, "") === "";
}

function columnNames(given: readonly string[]): string[] {
  const names: string[] = [];
  for (const [index, text] of given.entries()) {
    const name = text === "__proto__" || text === "?" ? `column${index + 1}` : text;
    let unique = name;
    for (let again = 2; names.includes(unique); again++) unique = `${name}_${again}`;
    names.push(unique);
  }
  return names;
}

/** SQLite knows no booleans; objects and lists are kept as JSON. */
function toParameter(value: Json): SQLInputValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  return Array.isArray(value) || isObject(value) ? JSON.stringify(value) : (value as SQLInputValue);
}

function toJson(value: SQLOutputValue): Json {
  if (typeof value === "bigint") return toNumber(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  return value;
}

/** Numbers that data cannot hold exactly stay text. */
function toNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
