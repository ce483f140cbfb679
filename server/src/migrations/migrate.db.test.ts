// Forward, back and forward again, on a database with data in it; and every reason to refuse.
import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { batchOf, holderNamed, newId, startOf, turnOf } from "../engine/postgres/batches.ts";
import { openPostgresStore } from "../engine/postgres/store.ts";
import { freshDatabase, type Scope } from "../testing/freshDatabase.ts";
import { readMigrations } from "./files.ts";
import { migrate, rollback } from "./migrate.ts";
import { MigrationError, type MigrationErrorCode } from "./migrationError.ts";

const numbers = readMigrations().map(({ number }) => number);
const newest = numbers.at(-1) ?? 0;

test("up, down and up again on a filled database; each step alone leaves what the step before left", async (t) => {
  const { url } = await freshDatabase(t);
  assert.deepEqual(await migrate(url), { from: 0, to: newest });
  const schema = await schemaOf(url);
  await fill(url);

  for (const [index, to] of [0, ...numbers.slice(0, -1)].entries().toArray().toReversed()) {
    const before = await catalogueOf(t, to);
    assert.deepEqual(await rollback(url, { to }), { from: numbers[index], to });
    assert.deepEqual(await schemaOf(url), before, `after the way down to ${to}`);
  }
  assert.deepEqual(await migrate(url), { from: 0, to: newest });
  assert.deepEqual(await schemaOf(url), schema);
  await fill(url);
});

test("a step forward or back keeps the data of the steps before it", async (t) => {
  const { url } = await freshDatabase(t);
  assert.deepEqual(await migrate(url, { to: 3 }), { from: 0, to: 3 });
  await query(
    url,
    `INSERT INTO turns (execution_id, seq, org_id, at, body) VALUES ('${newId()}', 1, '${newId()}', now(), '\\x00ff');
      INSERT INTO organizations (id, name) VALUES ('${newId()}', 'kept')`,
  );
  const kept = "SELECT body, name FROM turns, organizations";
  const rows = await query(url, kept);
  assert.equal(rows.length, 1);
  assert.deepEqual(await migrate(url), { from: 3, to: newest });
  assert.deepEqual(await migrate(url), { from: newest, to: newest });
  assert.deepEqual(await query(url, kept), rows);
  await rollback(url, { to: 3 });
  assert.deepEqual(await query(url, kept), rows);
});

test("several processes that start at once migrate once", async (t) => {
  const { url } = await freshDatabase(t);
  const results = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  assert.deepEqual(results.map((result) => result.from).sort(), [0, newest, newest]);
});

test("a newer, a changed and a strange schema are refused, in words", async (t) => {
  const { url } = await freshDatabase(t, migrate);
  await query(url, "UPDATE schema_migrations SET checksum = 'other' WHERE number = 2");
  await refuses("MIGRATION_CHANGED", migrate(url));
  await query(url, "UPDATE schema_migrations SET name = '0002_other' WHERE number = 2");
  await refuses("SCHEMA_UNKNOWN_STEP", rollback(url, { to: 0 }));
  await query(
    url,
    `INSERT INTO schema_migrations (number, name, checksum) VALUES (${newest + 1}, '0099_future', 'x')`,
  );
  const error = await refuses("SCHEMA_NEWER", migrate(url));
  assert.match(error.message, /0099_future.*newer release/s);
  await refuses("MIGRATION_TARGET_UNKNOWN", freshMigrate(t, { to: newest + 1 }));
});

test("a step that fails leaves nothing behind", async (t) => {
  const { url } = await freshDatabase(t);
  await migrate(url, { to: 1 });
  await query(url, "CREATE TABLE workflow_versions (mine int)");
  const error = await refuses("MIGRATION_FAILED", migrate(url));
  assert.match(error.message, /0002_workflows.*already exists/);
  assert.deepEqual(
    await query(url, "SELECT to_regclass('workflows') AS oid, count(*)::int AS n FROM schema_migrations"),
    [{ oid: null, n: 1 }],
  );
  await query(url, "DROP TABLE workflow_versions");
  await migrate(url);
});

test("a login that owns the database and may make roles is enough", async (t) => {
  const { url, name } = await freshDatabase(t);
  const login = await makeLogin(t, url, "CREATEROLE");
  await query(url, `ALTER DATABASE ${name} OWNER TO ${login.name}`);
  // The roles are there already on this server, made by somebody else: membership is what a new one would have.
  await query(
    url,
    `GRANT auraos_owner, auraos_engine, auraos_api, auraos_identity TO ${login.name} WITH ADMIN OPTION`,
  );
  await migrate(login.url);
  await fill(login.url);
});

test("a login without rights is told what to run", async (t) => {
  const { url } = await freshDatabase(t);
  const login = await makeLogin(t, url, "");
  const error = await refuses("ROLES_NOT_ALLOWED", migrate(login.url));
  assert.match(
    error.message,
    new RegExp(`GRANT auraos_owner, auraos_engine, auraos_api, auraos_identity TO ${login.name};`),
  );
  // What it says helps.
  await query(
    url,
    `GRANT auraos_owner, auraos_engine, auraos_api, auraos_identity TO ${login.name};
    GRANT CREATE ON SCHEMA public TO auraos_owner; CREATE SCHEMA auth AUTHORIZATION auraos_owner;
    GRANT USAGE ON SCHEMA public TO auraos_owner, auraos_engine, auraos_api, auraos_identity`,
  );
  await migrate(login.url);
  await fill(login.url);
});

async function fill(url: string): Promise<void> {
  const store = openPostgresStore(url);
  try {
    const { epoch } = (await store.acquire(holderNamed("one"), { leaseMs: 60_000 })) as { epoch: number };
    const [org, id] = [newId(), newId()];
    const stats = Buffer.from("[]");
    const outcome = await store.flush(
      epoch,
      batchOf({ starts: [startOf(id, org)], turns: [turnOf(id, org, 1)], stats }),
    );
    assert.equal(outcome, "committed");
  } finally {
    await store.close();
  }
  await query(
    url,
    `SET ROLE auraos_owner;
      WITH o AS (INSERT INTO organizations (id, name) VALUES (gen_random_uuid(), 'o') RETURNING id)
      INSERT INTO workflows (id, org_id, name, definition) SELECT gen_random_uuid(), id, 'w', '{}' FROM o;
      WITH v AS (INSERT INTO workflow_versions (id, workflow_id, org_id, version, kind, definition, hash)
        SELECT gen_random_uuid(), id, org_id, 1, 'published', '{}', sha256('{}') FROM workflows
        WHERE published_version_id IS NULL RETURNING id, workflow_id)
      UPDATE workflows SET published_version_id = v.id FROM v WHERE workflows.id = v.workflow_id`,
  );
}

/** The catalogue of a database that never was beyond step `to`. */
async function catalogueOf(t: Scope, to: number): Promise<unknown[]> {
  const { url } = await freshDatabase(t);
  await migrate(url, { to });
  return schemaOf(url);
}

/** Tables with columns, indexes, constraints, policies, functions and rights; the months aside. */
async function schemaOf(url: string): Promise<unknown[]> {
  return query(
    url,
    `SELECT 'relation' AS kind, relname::text AS name, concat(relkind, relrowsecurity, relforcerowsecurity, relacl, reloptions) AS text
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ '_[0-9]{4}_[0-9]{2}(_|$)'
      UNION ALL SELECT 'column', concat(attrelid::regclass, '.', attname), concat(format_type(atttypid, atttypmod), attnotnull)
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped AND relname !~ '_[0-9]{4}_[0-9]{2}(_|$)'
      UNION ALL SELECT 'constraint', concat(conrelid::regclass, ' ', conname), pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text !~ '_[0-9]{4}_[0-9]{2}$'
      UNION ALL SELECT 'policy', concat(tablename, ' ', policyname), concat(roles, cmd, qual, with_check)
        FROM pg_policies WHERE schemaname = 'public' AND tablename !~ '_[0-9]{4}_[0-9]{2}$'
      UNION ALL SELECT 'function', oid::regprocedure::text, concat(prosrc, proacl)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      ORDER BY 1, 2, 3`,
  );
}

async function freshMigrate(t: Scope, options: { to: number }): Promise<unknown> {
  const { url } = await freshDatabase(t);
  return migrate(url, options);
}

async function makeLogin(t: Scope, url: string, attributes: string): Promise<{ name: string; url: string }> {
  const name = `login_${newId().slice(-12)}`;
  await query(url, `CREATE ROLE ${name} LOGIN PASSWORD 'secret' ${attributes}`);
  const own = new URL(url);
  own.username = name;
  own.password = "secret";
  t.after(() => t.after(() => t.after(() => dropLogin(url, name))));
  return { name, url: own.href };
}

/** After the database is gone, and from another one. */
async function dropLogin(url: string, name: string): Promise<void> {
  const server = new URL(url);
  server.pathname = "/postgres";
  await query(server.href, `DROP ROLE IF EXISTS ${name}`);
}

async function refuses(code: MigrationErrorCode, action: Promise<unknown>): Promise<MigrationError> {
  const error = await action.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof MigrationError, String(error));
  assert.equal(error.code, code, error.message);
  return error;
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
