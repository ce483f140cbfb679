// Listens to a PostgreSQL database: LISTEN on a channel, or looks for new rows of a table.
//
// Rows: identities are given before their transaction commits, so a row may appear behind one that was seen already.
// Every look therefore begins at what was seen `lookBackSeconds` ago; rows known by their value are not taken again.
import { randomUUID } from "node:crypto";
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import pg from "pg";
import { postgresTarget } from "../../credentials/services.ts";
import type { ListenContext, TakenMessage } from "../../defineNode.ts";
import { databaseFailure } from "../../postgres/failure.ts";
import { type Target, targetOf } from "../../postgres/target.ts";
import { parserOf } from "../../postgres/values.ts";
import { readConfig, wrongParameter } from "../../readConfig.ts";
import type { z } from "../../schema.ts";
import { schema } from "./schema.ts";

const PAGE = 500;
const MARKS_MAX = 200;
const CURSOR = "auraos_cursor";

export async function listen(given: JsonObject, context: ListenContext): Promise<void> {
  const config = readConfig(schema, given);
  const { target, ca } = await databaseOf(config, context);
  const client = clientOf(target, await context.addressOf(target.host, target.port), ca);
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  client.on("error", (error) => lost.reject(error));
  client.on("end", () => lost.reject(new Error("The database ended the connection.")));
  const end = () => lost.reject(new Error("ended"));
  context.signal.addEventListener("abort", end, { once: true });
  try {
    await client.connect();
    const work =
      config.kind === "listen"
        ? hear(client, config.channel ?? "", context, lost.reject)
        : lookForRows(client, { ...config, table: config.table ?? "", column: config.column ?? "" }, context);
    await Promise.race([work, lost.promise]);
  } catch (error) {
    if (!context.signal.aborted) throw databaseFailure(error, false);
  } finally {
    context.signal.removeEventListener("abort", end);
    await client.end().catch(() => {});
  }
}

async function databaseOf(
  { credential, connection, encryption, ca }: z.output<typeof schema>,
  context: ListenContext,
): Promise<{ target: Target; ca: string | undefined }> {
  if (credential !== undefined) return postgresTarget((await context.credential()).values);
  if (connection === undefined) throw wrongParameter("connection", "is missing.", "Choose a connection.");
  return { target: targetOf(connection, encryption), ca };
}

function clientOf(target: Target, address: string, ca: string | undefined): pg.Client {
  const { host, port, user, password, database, encryption } = target;
  return new pg.Client({
    ...{ host: address, port, user, password, database },
    connectionTimeoutMillis: 15_000,
    // A connection that hangs would be a trigger that is silent for ever.
    query_timeout: 60_000,
    keepAlive: true,
    application_name: "auraos trigger",
    types: { getTypeParser: parserOf },
    ssl:
      encryption === "none"
        ? false
        : {
            rejectUnauthorized: encryption === "verify",
            ...(address === host ? {} : { servername: host }),
            ...(ca === undefined ? {} : { ca }),
          },
  });
}

async function hear(
  client: pg.Client,
  channel: string,
  context: ListenContext,
  fail: (error: unknown) => void,
): Promise<void> {
  let taking = Promise.resolve();
  client.on("notification", ({ payload = "" }) => {
    const message = { id: randomUUID(), data: { channel, payload, ...parsed(payload) } };
    taking = taking.then(() => context.take([message]));
    taking.catch(fail);
  });
  await client.query(`LISTEN ${quoted(channel)}`);
  await context.listening();
  // A connection that died silently is noticed by asking.
  while (await context.pause(10_000)) await client.query("SELECT 1");
}

type Mark = [atMs: number, value: string | null];

type Rows = { table: string; column: string; from: string; everySeconds: number; lookBackSeconds: number };

async function lookForRows(client: pg.Client, config: Rows, context: ListenContext): Promise<void> {
  const table = config.table.split(".").map(quoted).join(".");
  const column = quoted(config.column);
  let marks = isObject(context.cursor) ? (context.cursor.marks as Mark[]) : undefined;
  if (marks === undefined) {
    marks = [[0, config.from === "new" ? await newest(client, table, column) : null]];
    await context.take([], { marks });
  }
  await context.listening();
  const known = new Set<string>();
  do {
    const nowMs = context.nowMs();
    // The newest mark that is old enough is where to begin; those before it are over.
    const begin = marks.findLastIndex(([atMs]) => atMs <= nowMs - config.lookBackSeconds * 1000);
    marks = marks.slice(Math.max(0, begin));
    const before = marks.length;
    marks = await takeFrom(client, { table, column, from: marks[0]?.[1] ?? null, known }, marks, context);
    if (marks.length > before && marks.length > MARKS_MAX) marks = thinned(marks);
  } while (await context.pause(config.everySeconds * 1000));
}

type Look = { table: string; column: string; from: string | null; known: Set<string> };

async function takeFrom(
  client: pg.Client,
  look: Look,
  marks: Mark[],
  context: ListenContext,
): Promise<Mark[]> {
  let result = marks;
  for (let from = look.from; !context.signal.aborted; ) {
    const rows = await page(client, { ...look, from });
    const fresh = rows.filter((row) => !look.known.has(row[CURSOR] as string));
    const last = rows.at(-1)?.[CURSOR] as string | undefined;
    if (fresh.length > 0) {
      if (last !== undefined && last !== result.at(-1)?.[1]) result = [...result, [context.nowMs(), last]];
      await context.take(fresh.map(messageOf), { marks: result });
      for (const row of fresh) remember(look.known, row[CURSOR] as string);
    }
    if (rows.length < PAGE || last === undefined) return result;
    from = last;
  }
  return result;
}

async function page(client: pg.Client, { table, column, from }: Look): Promise<JsonObject[]> {
  const where = from === null ? "" : `WHERE t.${column} > $1`;
  const text = `SELECT t.*, t.${column}::text AS ${CURSOR} FROM ${table} t ${where} ORDER BY t.${column} LIMIT ${PAGE}`;
  const { rows } = await client.query<JsonObject>({ text, values: from === null ? [] : [from] });
  return rows;
}

async function newest(client: pg.Client, table: string, column: string): Promise<string | null> {
  const { rows } = await client.query<{ value: string | null }>(
    `SELECT max(t.${column})::text AS value FROM ${table} t`,
  );
  return rows[0]?.value ?? null;
}

function messageOf({ [CURSOR]: value, ...row }: JsonObject): TakenMessage {
  return { id: `row/${String(value)}`, data: row };
}

function remember(known: Set<string>, value: string): void {
  known.add(value);
  if (known.size <= 50_000) return;
  const [oldest] = known;
  if (oldest !== undefined) known.delete(oldest);
}

/** Every second one in the middle: a little more is looked at again, nothing less. */
function thinned(marks: Mark[]): Mark[] {
  return marks.filter((_, at) => at === 0 || at === marks.length - 1 || at % 2 === 0);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function parsed(payload: string): { data?: Json } {
  if (!/^\s*[[{]/.test(payload)) return {};
  try {
    return { data: JSON.parse(payload) as Json };
  } catch {
    return {};
  }
}
