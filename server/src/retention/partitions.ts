// The monthly partitions of everything that is keyed by execution id. Called at each migration and once a day;
// months are made ahead, so the flush lane never waits for one. Ids of other times go to the default partition.
// Runs as auraos_owner.
import type { ClientBase } from "pg";
import { type Month, monthOf } from "./months.ts";

/** Parents, and the id that splits them. Rows that are updated leave room on their page. */
export const PARTITIONED = [
  { table: "workflow_executions", key: "id", options: "WITH (fillfactor = 80)" },
  { table: "turns", key: "execution_id", options: "" },
  { table: "snapshots", key: "execution_id", options: "" },
  { table: "effects", key: "execution_id", options: "WITH (fillfactor = 80)" },
] as const;

const MONTHS_AHEAD = 2;

/** This month and the next ones; returns the names of the partitions made. */
export async function ensurePartitions(client: ClientBase, nowMs: number): Promise<string[]> {
  const made: string[] = [];
  let month = monthOf(nowMs);
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
    for (const parent of PARTITIONED) {
      const name = `${parent.table}_${month.name}`;
      if (await relationExists(client, name)) continue;
      await makePartition(client, parent, name, month);
      made.push(name);
    }
    month = monthOf(month.endMs);
  }
  return made;
}

/**
 * Made beside the parent and attached, so that rows which already went to the default partition can move first:
 * PostgreSQL refuses a partition whose rows the default one holds.
 */
async function makePartition(
  client: ClientBase,
  parent: (typeof PARTITIONED)[number],
  name: string,
  month: Month,
): Promise<void> {
  const { table, key, options } = parent;
  const range = `${key} >= '${month.from}' AND ${key} < '${month.to}'`;
  await client.query("BEGIN");
  try {
    // Two processes may have the same idea.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('auraos partitions'))");
    if (await relationExists(client, name)) {
      await client.query("ROLLBACK");
      return;
    }
    // A flush waits behind us for this lock, so we do not wait long for ours.
    await client.query("SET LOCAL lock_timeout = '2s'");
    await client.query(
      `CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) ${options}`,
    );
    await client.query(`LOCK TABLE ${table}_default IN ACCESS EXCLUSIVE MODE`);
    await client.query(
      `WITH moved AS (DELETE FROM ${table}_default WHERE ${range} RETURNING *) INSERT INTO ${name} SELECT * FROM moved`,
    );
    await client.query(
      `ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${month.from}') TO ('${month.to}')`,
    );
    await closePartition(client, name);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

/** Rows are reached through the parent, whose policies count; directly only the owner gets in. */
async function closePartition(client: ClientBase, name: string): Promise<void> {
  await client.query(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
  await client.query(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
  await client.query(`CREATE POLICY owner ON ${name} TO auraos_owner USING (true) WITH CHECK (true)`);
}

/** Not to_regclass: it answers from a cache that does not hear of another connection's commit while we wait for a lock. */
async function relationExists(client: ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT 1 FROM pg_class WHERE relname = $1 AND relnamespace = 'public'::regnamespace",
    [name],
  );
  return rowCount === 1;
}
