// Brings the schema to this release, or back. Path: main.ts and the tests -> migrate(url).
//
//   * One at a time, by an advisory lock; each step and its line in schema_migrations are one transaction.
//   * An applied step never changes: its checksum is compared each time.
//   * A schema newer than this release is refused: an old release must not write into it.
//   * Leaves no connection open.
import pg from "pg";
import { ensurePartitions } from "../retention/partitions.ts";
import { type Migration, readMigrations } from "./files.ts";
import { MigrationError } from "./migrationError.ts";
import { ensureRoles } from "./roles.ts";

export type MigrationResult = { from: number; to: number };
type Applied = { number: number; name: string; checksum: string };

const OLDEST_SERVER = 150_000;

/** Up to the newest step, or to step `to`; never down. */
export async function migrate(url: string, options: { to?: number } = {}): Promise<MigrationResult> {
  return withSchema(url, async (client, migrations, applied) => {
    const to = targetOf(migrations, options.to ?? migrations.length);
    for (const migration of migrations.slice(applied.length, Math.max(to, applied.length))) {
      await step(client, migration, migration.up, {
        text: "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
        values: [migration.number, migration.name, migration.checksum],
      });
    }
    const reached = Math.max(to, applied.length);
    if (reached >= 3) await ensurePartitions(client, Date.now());
    return { from: applied.length, to: reached };
  });
}

/** Down to step `to` (0 = everything), and with it the data of what is dropped. */
export async function rollback(url: string, options: { to: number }): Promise<MigrationResult> {
  return withSchema(url, async (client, migrations, applied) => {
    const to = targetOf(migrations, options.to);
    for (const migration of migrations.slice(to, applied.length).toReversed()) {
      await step(client, migration, migration.down, {
        text: "DELETE FROM schema_migrations WHERE number = $1",
        values: [migration.number],
      });
    }
    return { from: applied.length, to: Math.min(to, applied.length) };
  });
}

async function withSchema<T>(
  url: string,
  action: (client: pg.Client, migrations: Migration[], applied: Applied[]) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "auraos migrations" });
  // The query under way reports it.
  client.on("error", () => {});
  await client.connect();
  try {
    await refuseOldServer(client);
    // Held until the connection ends.
    await client.query("SELECT pg_advisory_lock(hashtext('auraos migrations'))");
    await ensureRoles(client);
    await client.query("SET ROLE auraos_owner");
    // Rows of other steps may be read by running processes; a migration does not queue behind a long one for ever.
    await client.query("SET lock_timeout = '30s'");
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
      number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await client.query<Applied>(
      "SELECT number, name, checksum FROM schema_migrations ORDER BY number",
    );
    const migrations = readMigrations();
    refuseStrangeSchema(migrations, rows);
    return await action(client, migrations, rows);
  } finally {
    await client.end();
  }
}

async function step(
  client: pg.Client,
  migration: Migration,
  sql: string,
  note: { text: string; values: unknown[] },
): Promise<void> {
  try {
    await client.query("BEGIN");
    await client.query(sql);
    await client.query(note);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw new MigrationError("MIGRATION_FAILED", `${migration.name}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function refuseStrangeSchema(migrations: Migration[], applied: Applied[]): void {
  const newest = applied.at(-1);
  if (newest && newest.number > migrations.length) {
    throw new MigrationError(
      "SCHEMA_NEWER",
      `The database was made by a newer AuraOS: it is at step ${newest.name}, this release knows ` +
        `${migrations.length} steps. Start the newer release, or roll back with it to step ${migrations.length} first.`,
    );
  }
  for (const [index, row] of applied.entries()) {
    const migration = migrations[index];
    if (row.number !== index + 1 || migration?.name !== row.name) {
      throw new MigrationError(
        "SCHEMA_UNKNOWN_STEP",
        `The database has step ${row.name} where this release has ${migration?.name ?? "none"}: it belongs to another branch of AuraOS.`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new MigrationError(
        "MIGRATION_CHANGED",
        `${row.name} was changed after it had been applied to this database. Restore the file and write a new step.`,
      );
    }
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version",
  );
  if (rows[0].number >= OLDEST_SERVER) return;
  throw new MigrationError(
    "SERVER_TOO_OLD",
    `This is PostgreSQL ${rows[0].version}; AuraOS needs 15 or newer. Upgrade the server, or leave out DATABASE_URL ` +
      "and AuraOS starts its own.",
  );
}

function targetOf(migrations: Migration[], to: number): number {
  if (Number.isInteger(to) && to >= 0 && to <= migrations.length) return to;
  throw new MigrationError(
    "MIGRATION_TARGET_UNKNOWN",
    `There is no step ${to}; steps are 0 to ${migrations.length}.`,
  );
}
