// One statement in a transaction of its own: read only unless it may write, bounded in time and rows. The connection
// is cleaned before anyone else gets it.
import type { Json, JsonObject } from "@auraos/kernel";
import pg from "pg";
import { ActivityError } from "../defineNode.ts";
import { databaseFailure } from "./failure.ts";
import { toJson, toParameter } from "./values.ts";

export type Statement = {
  sql: string;
  parameters: Json[];
  isReadOnly: boolean;
  timeoutMs: number;
  rowsMax: number;
  cut: boolean;
};
export type Answer = { rows: JsonObject[]; count: number; command: string; isCut: boolean };

/** How the statement left its connection: finished, refused by the database, or nobody knows. */
type End = "done" | "refused" | "busy";

export async function runStatement(
  pool: pg.Pool,
  statement: Statement,
  signal: AbortSignal,
): Promise<Answer> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw databaseFailure(error, false);
  }
  let isOpen = false;
  let end: End = "busy";
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  const stop = () => stopped.reject(cancelled());
  // An error outside of a query would end the process.
  const onError = () => {};
  client.on("error", onError);
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (signal.aborted) throw cancelled();
    const work = async (): Promise<Answer> => {
      await client.query(statement.isReadOnly ? "BEGIN READ ONLY" : "BEGIN");
      await client.query(`SET LOCAL statement_timeout = ${Math.ceil(statement.timeoutMs)}`);
      const answer = await query(client, statement);
      isOpen = !statement.isReadOnly;
      await client.query("COMMIT");
      isOpen = false;
      end = "done";
      return answer;
    };
    return await Promise.race([work(), stopped.promise]);
  } catch (error) {
    if (error instanceof pg.DatabaseError && !isOpen) end = "refused";
    throw databaseFailure(error, isOpen);
  } finally {
    signal.removeEventListener("abort", stop);
    if (end === "busy") endWork(pool, client);
    void giveBack(client, end).finally(() => client.off("error", onError));
  }
}

/** Closing a connection does not end what it was doing; the database would find out only when it answers. */
function endWork(pool: pg.Pool, client: pg.PoolClient): void {
  const { processID } = client as pg.PoolClient & { processID: number | null };
  if (processID !== null) pool.query("select pg_cancel_backend($1)", [processID]).catch(() => {});
}

/** Settings, roles, locks and temporary tables do not pass on; a connection in doubt is closed. */
async function giveBack(client: pg.PoolClient, end: End): Promise<void> {
  if (end === "busy") return client.release(true);
  try {
    if (end === "refused") await client.query("ROLLBACK");
    await client.query("DISCARD ALL");
    client.release();
  } catch {
    client.release(true);
  }
}

function query(client: pg.PoolClient, { sql, parameters, rowsMax, cut }: Statement): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const rows: JsonObject[] = [];
    let isCut = false;
    let names: string[] | undefined;
    // The extended protocol takes one statement only.
    const running = client.query(
      new pg.Query({
        text: sql,
        values: parameters.map(toParameter),
        rowMode: "array",
        queryMode: "extended",
      } as pg.QueryArrayConfig),
    );
    running.on("row", (row: unknown, result) => {
      if (rows.length >= rowsMax) {
        isCut = true;
        if (!cut) reject(tooMany(rowsMax));
        return;
      }
      names ??= columnNames((result as pg.QueryArrayResult).fields.map(({ name }) => name));
      const json: JsonObject = {};
      (row as unknown[]).forEach((value, place) => {
        json[names?.[place] ?? `column${place + 1}`] = toJson(value);
      });
      rows.push(json);
    });
    running.on("error", reject);
    running.on("end", (result) =>
      resolve({ rows, count: result.rowCount ?? rows.length, command: result.command, isCut }),
    );
  });
}

function columnNames(given: readonly string[]): string[] {
  const names: string[] = [];
  for (const [index, text] of given.entries()) {
    const name = text === "__proto__" || text === "?column?" ? `column${index + 1}` : text;
    let unique = name;
    for (let again = 2; names.includes(unique); again++) unique = `${name}_${again}`;
    names.push(unique);
  }
  return names;
}

function tooMany(rowsMax: number): ActivityError {
  return new ActivityError({
    code: "ROWS_BOUND",
    class: "limit",
    message: `The statement gives more than ${rowsMax} rows. Nothing was changed.`,
    remedy: 'Add a LIMIT, raise "rowsMax", or set "whenMore" to "cut".',
    field: "rowsMax",
    certainty: "notDone",
  });
}

function cancelled(): ActivityError {
  return new ActivityError({
    code: "CANCELLED",
    class: "cancelled",
    message: "The statement was stopped.",
    certainty: "unknown",
  });
}
