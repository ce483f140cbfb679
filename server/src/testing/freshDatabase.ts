// A database of its own for a test or a test file, on a real PostgreSQL.
//
//   import { after, test } from "node:test";
//   import { freshDatabase } from "../testing/freshDatabase.ts";
//   import { migrate } from "../migrations/migrate.ts";
//
//   const database = await freshDatabase({ after }, migrate);       // one for the file, or
//   test("...", async (t) => {
//     const database = await freshDatabase(t, migrate);             // one for the test
//     const pool = new pg.Pool({ connectionString: database.url });
//     t.after(() => pool.end());
//   });
//
// With `migrate` it is a copy of a template that is migrated once and kept for later runs (a copy takes some 30 ms);
// without, it is empty. It is dropped at the end, and a connection that is still open then fails the test: close
// pools in `after` hooks, before or after calling freshDatabase, both are fine. Nothing has to be started: the first
// test starts the server, it ends after the last. `npm test` and `node --test one.db.test.ts` work the same.
// DATABASE_URL_TEST=postgresql://... uses that server instead (it must allow CREATE DATABASE).
import { createHash, randomBytes } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { testServerUrl } from "./testServer.ts";

export type FreshDatabase = { url: string; name: string };

/** A test context, or `{ after }` of node:test for a database that lasts for the whole file. */
export type Scope = { after(action: () => void | Promise<void>): void };

/** Must leave no connection open. Is run again for a new template when it or a file in migrations/ changes. */
export type Migrate = (url: string) => Promise<unknown>;

const LEAK_GRACE_MS = 15_000;
const migrations = join(dirname(dirname(fileURLToPath(import.meta.url))), "migrations");

export async function freshDatabase(scope: Scope, migrate?: Migrate): Promise<FreshDatabase> {
  const serverUrl = await testServerUrl();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await withServer(serverUrl, async (server) => {
    const template = migrate ? await migratedTemplate(server, serverUrl, migrate) : "template0";
    await server.query(`create database "${name}" template "${template}"`);
  });
  // Hooks run first come, first served. Registered from within the first round, ours comes after the test's own.
  scope.after(() => scope.after(() => dropDatabase(serverUrl, name)));
  return { url: withDatabase(serverUrl, name), name };
}

async function migratedTemplate(server: pg.Client, serverUrl: string, migrate: Migrate): Promise<string> {
  const name = `template_${fingerprint(migrate)}`;
  const isThere = async () =>
    (await server.query("select 1 from pg_database where datname = $1", [name])).rowCount === 1;
  if (await isThere()) return name;

  // Several test files start at the same moment; one builds, the others wait and find it built.
  await server.query("select pg_advisory_lock(hashtext('auraos test template'))");
  try {
    if (await isThere()) return name;
    const draft = `draft_${randomBytes(6).toString("hex")}`;
    await server.query(`create database "${draft}" template template0`);
    try {
      await migrate(withDatabase(serverUrl, draft));
      await failOnLeaks(server, draft, "migrate");
      await server.query(`alter database "${draft}" rename to "${name}"`);
    } catch (error) {
      await server.query(`drop database if exists "${draft}" with (force)`);
      throw error;
    }
    return name;
  } finally {
    await server.query("select pg_advisory_unlock(hashtext('auraos test template'))");
  }
}

async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await withServer(serverUrl, async (server) => {
    try {
      await failOnLeaks(server, name, "the test");
    } finally {
      await server.query(`drop database if exists "${name}" with (force)`);
    }
  });
}

async function failOnLeaks(server: pg.Client, name: string, who: string): Promise<void> {
  const deadline = performance.now() + LEAK_GRACE_MS;
  for (;;) {
    const open = await server.query<{ application_name: string; state: string; query: string }>(
      "select application_name, state, query from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
      [name],
    );
    if (open.rows.length === 0) return;
    if (performance.now() < deadline) {
      await delay(25);
      continue;
    }
    const list = open.rows.map(
      (row) => `  ${row.application_name || "?"} (${row.state}): ${row.query.slice(0, 200)}`,
    );
    throw new Error(
      `${who} left ${list.length} database connection(s) open. Close every pool and client, last query of each:\n${list.join("\n")}`,
    );
  }
}

async function withServer<T>(url: string, action: (server: pg.Client) => Promise<T>): Promise<T> {
  const server = new pg.Client({ connectionString: url, application_name: "test harness" });
  server.on("error", () => {
    // The query under way reports it.
  });
  await server.connect();
  try {
    return await action(server);
  } finally {
    await server.end();
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function fingerprint(migrate: Migrate): string {
  const hash = createHash("sha256").update(migrate.toString());
  const files = existsSync(migrations) ? globSync("**/*.{sql,ts}", { cwd: migrations }).sort() : [];
  for (const file of files) {
    if (!file.endsWith(".test.ts")) hash.update(`\0${file}\0`).update(readFileSync(join(migrations, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
