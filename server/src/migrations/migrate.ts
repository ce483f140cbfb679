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
    const from = applied.at(-1)?.number ?? 0;
    const to = targetOf(migrations, options.to ?? migrations.at(-1)?.number ?? 0);
    const isApplied = (number: number) => applied.some((row) => row.number === number);
    for (const migration of migrations) {
      if (migration.number > to || isApplied(migration.number)) continue;
      await step(client, migration, migration.up, {
        text: "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
        values: [migration.number, migration.name, migration.checksum],
      });
    }
    const reached = Math.max(to, from);
    if (reached >= 3) await ensurePartitions(client, Date.now());
    return { from, to: reached };
  });
}

/** Down to step `to` (0 = everything), and with it the data of what is dropped. */
export async function rollback(url: string, options: { to: number }): Promise<MigrationResult> {
  return withSchema(url, async (client, migrations, applied) => {
    const from = applied.at(-1)?.number ?? 0;
    const to = targetOf(migrations, options.to);
    for (const { number } of applied.toReversed()) {
      const migration = migrations.find((one) => one.number === number);
      if (number <= to || migration === undefined) continue;
      await step(client, migration, migration.down, {
        text: "DELETE FROM schema_migrations WHERE number = $1",
        values: [migration.number],
      });
    }
    return { from, to: Math.min(to, from) };
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
  const known = migrations.at(-1)?.number ?? 0;
  if (newest && newest.number > known) {
    throw new MigrationError(
      "SCHEMA_NEWER",
      `The database was made by a newer AuraOS: it is at step ${newest.name}, this release knows ` +
        `steps up to ${known}. Start the newer release, or roll back with it to step ${known} first.`,
    );
  }
  for (const row of applied) {
    const migration = migrations.find(({ number }) => number === row.number);
    if (migration?.name !== row.name) {
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
  if (to === 0 || migrations.some(({ number }) => number === to)) return to;
  throw new MigrationError(
    "MIGRATION_TARGET_UNKNOWN",
    `There is no step ${to}; steps are 0 to ${migrations.at(-1)?.number ?? 0}.`,
  );
}
