// The data map and the schema are the same: a table or column that is added without being classified fails here, and so
// does an entry for something that is gone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import pg from "pg";
import { migrate } from "../../migrations/migrate.ts";
import { freshDatabase } from "../../testing/freshDatabase.ts";
import { dataMap, dataMapView } from "./dataMap.ts";
import { docsFile, withMap } from "./describeMap.ts";

after(() => client.end());
const { url } = await freshDatabase({ after }, migrate);
const client = new pg.Client({ connectionString: url });
await client.connect();

type Column = { table: string; column: string; type: string };

async function catalogue(): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS table, a.attname AS column,
       format_type(a.atttypid, NULL) AS type
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'p')
       AND NOT c.relispartition`,
  );
  return rows;
}

test("every column of every table is classified, and nothing else is", async () => {
  const real = (await catalogue()).map(({ table, column }) => `${table}.${column}`).sort();
  const mapped = Object.entries(dataMap)
    .flatMap(([table, { columns }]) => Object.keys(columns).map((column) => `${table}.${column}`))
    .sort();
  const missing = real.filter((one) => !mapped.includes(one));
  const gone = mapped.filter((one) => !real.includes(one));
  assert.deepEqual(
    { missing, gone },
    { missing: [], gone: [] },
    "say in dataProtection/map what these columns hold",
  );
});

test("a column that is added without a word is noticed", async () => {
  await client.query("BEGIN");
  await client.query("ALTER TABLE alerts ADD COLUMN shoe_size integer");
  const real = (await catalogue()).map(({ table, column }) => `${table}.${column}`);
  await client.query("ROLLBACK");
  assert.ok(real.includes("alerts.shoe_size") && dataMap.alerts?.columns.shoe_size === undefined);
});

test("what people may write freely is never called technical", async () => {
  // jsonb and bytea hold anything; where they are technical, that is said here, with the reason.
  const known = new Set([
    // Limits and weights, as numbers.
    "organizations.limits",
    // Counts by bucket.
    "stat_minutes.histogram",
    "stat_deltas.body",
    // Sizes and counts of backups and drills.
    "backup_runs.report",
    // Hashes of the chain.
    "audit_entries.hash",
    "audit_heads.hash",
    "audit_bases.hash",
    // Where a box is drawn.
    "workflow_nodes.position",
  ]);
  const wrong = (await catalogue())
    .filter(({ type }) => type === "jsonb" || type === "bytea")
    .filter(({ table, column }) => dataMap[table]?.columns[column] === "technical")
    .map(({ table, column }) => `${table}.${column}`)
    .filter((one) => !known.has(one));
  assert.deepEqual(wrong, []);
});

test("the view has every table once, with its purpose and keeping", () => {
  const { tables } = dataMapView();
  assert.equal(new Set(tables.map(({ table }) => table)).size, Object.keys(dataMap).length);
  const turns = tables.find(({ table }) => table === "turns");
  assert.deepEqual(
    turns?.columns.find(({ column }) => column === "body"),
    { column: "body", kind: "content", personal: true, encryption: "payloadKey" },
  );
  for (const { table, purpose, keeping } of tables) assert.ok(purpose !== "" && keeping !== "", table);
});

test("the page of the docs has the map as it is", () => {
  const page = readFileSync(docsFile, "utf8");
  assert.ok(page === withMap(page), "run: node server/src/dataProtection/map/describeMap.ts");
});
