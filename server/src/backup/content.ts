// What a database holds, table by table: number of rows and a hash of their content that does not depend on their order.
// Recorded at the moment of a backup and compared after it was restored.
import type pg from "pg";

export type TableContent = { table: string; rows: number; hash: string };

const SESSION = [
  "SET LOCAL timezone = 'UTC'",
  "SET LOCAL datestyle = 'ISO, YMD'",
  "SET LOCAL intervalstyle = 'postgres'",
  "SET LOCAL bytea_output = 'hex'",
  "SET LOCAL extra_float_digits = 1",
];

/**
 * In a transaction of REPEATABLE READ: one picture of all tables. By default each table that has rows of its own, partitions
 * among them; of those named in `only`, the rows of their partitions as well.
 */
export async function readContent(client: pg.ClientBase, only?: readonly string[]): Promise<TableContent[]> {
  await fixSession(client);
  const content: TableContent[] = [];
  const own = only === undefined ? "ONLY " : "";
  for (const table of only ?? (await listTables(client))) {
    // Two sums over halves of each row's hash: no order, and two rows that swap a value are still noticed.
    const { rows } = await client.query<{ rows: string; one: string; two: string }>(
      `SELECT count(*) AS rows, coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0)::text AS one,
         coalesce(sum(('x' || right(h, 16))::bit(64)::bigint::numeric), 0)::text AS two
       FROM (SELECT md5(ROW(r.*)::text) AS h FROM ${own}${table} r) hashed`,
    );
    const [sums] = rows;
    if (!sums) continue;
    content.push({ table, rows: Number(sums.rows), hash: `${sums.one}/${sums.two}` });
  }
  return content;
}

/** For the transaction: values have the same text, whatever the server and the session are set to. */
export async function fixSession(client: pg.ClientBase): Promise<void> {
  for (const setting of SESSION) await client.query(setting);
}

/** As SQL names, quoted where needed; without those of the system and of extensions. */
export async function listTables(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Tables that differ, in words. */
export function differences(expected: readonly TableContent[], found: readonly TableContent[]): string[] {
  const there = new Map(found.map((one) => [one.table, one]));
  const known = new Set(expected.map(({ table }) => table));
  const wrong = expected.flatMap(({ table, rows, hash }) => {
    const other = there.get(table);
    if (!other) return [`${table} is missing`];
    if (other.rows !== rows) return [`${table} has ${other.rows} rows instead of ${rows}`];
    return other.hash === hash ? [] : [`${table} has other content in its ${rows} rows`];
  });
  return [...wrong, ...found.flatMap(({ table }) => (known.has(table) ? [] : [`${table} is too many`]))];
}
