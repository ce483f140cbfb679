// The harness itself: databases are apart, templates are built once, leaks are found.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { freshDatabase } from "./freshDatabase.ts";

const forTheFile = await freshDatabase({ after });

test("a database for the whole file is there and empty", async () => {
  const rows = await query(
    forTheFile.url,
    "select count(*)::int as n from information_schema.tables where table_schema = 'public'",
  );
  assert.deepEqual(rows, [{ n: 0 }]);
});

test("two tests do not see each other's rows", async (t) => {
  const one = await freshDatabase(t, migrate);
  const two = await freshDatabase(t, migrate);
  await query(one.url, "insert into things values ('mine')");
  assert.deepEqual(await query(two.url, "select * from things"), []);
});

test("migrations run once for a template, however many databases are made at once", async (t) => {
  let runs = 0;
  const counted = async (url: string) => {
    runs += 1;
    await query(url, `create table things_${process.pid} (name text)`);
  };
  await Promise.all(Array.from({ length: 4 }, () => freshDatabase(t, counted)));
  assert.ok(runs <= 1, `${runs} runs`);
});

test("a pool closed in a hook that was registered later is not a leak", async (t) => {
  const { url } = await freshDatabase(t);
  const pool = new pg.Pool({ connectionString: url });
  t.after(() => pool.end());
  assert.equal((await pool.query("select 1 as one")).rows[0].one, 1);
});

test("a connection left open fails the test with its last query, and the database is dropped all the same", async () => {
  const hooks: (() => void | Promise<void>)[] = [];
  const { url, name } = await freshDatabase({ after: (action) => void hooks.push(action) });
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  await client.query("select 'forgotten'");
  const failures: unknown[] = [];
  for (const hook of hooks) await Promise.resolve(hook()).catch((error: unknown) => failures.push(error));
  assert.match(String(failures[0]), /1 database connection\(s\) open[\s\S]*select 'forgotten'/);
  assert.deepEqual(await query(forTheFile.url, `select 1 from pg_database where datname = '${name}'`), []);
  await client.end().catch(() => {});
});

async function migrate(url: string): Promise<void> {
  await query(url, "create table things (name text)");
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
