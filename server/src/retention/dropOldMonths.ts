// Drops the partitions of months that ended before a moment. One transaction a month: lock, move what stays to the
// default partitions, drop. Locks are taken all at once or not at all (NOWAIT): a flush takes locks on the same
// tables in an order of its own, and queueing for them one by one would deadlock with it.
import { setTimeout as delay } from "node:timers/promises";
import { type Pool, sqlState, type Transaction, transaction } from "../platform/db.ts";
import { type Month, monthOf } from "./months.ts";
import { PARTITIONED } from "./partitions.ts";

const LOCK_TRIES = 100;
const LOCK_PAUSE_MS = 20;

export async function dropOldMonths(
  pool: Pool,
  beforeMs: number,
): Promise<{ dropped: string[]; moved: number }> {
  const dropped: string[] = [];
  let moved = 0;
  for (const month of await monthsBefore(pool, beforeMs)) {
    moved += await patiently(() => transaction(pool, (tx) => dropMonth(tx, month, beforeMs)));
    dropped.push(month.name);
  }
  return { dropped, moved };
}

async function monthsBefore(pool: Pool, beforeMs: number): Promise<Month[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'workflow_executions'::regclass AND c.relname ~ '_[0-9]{4}_[0-9]{2}$' ORDER BY 1`,
  );
  return rows
    .map(({ name }) => {
      const [year, month] = name.split("_").slice(-2).map(Number) as [number, number];
      return monthOf(Date.UTC(year, month - 1));
    })
    .filter((month) => month.endMs <= beforeMs);
}

async function dropMonth(tx: Transaction, month: Month, beforeMs: number): Promise<number> {
  const partitions = PARTITIONED.map((parent) => ({ ...parent, partition: `${parent.table}_${month.name}` }));
  const names = partitions.flatMap(({ table, partition }) => [`ONLY ${table}`, partition]);
  await tx.query(`LOCK TABLE ${names.join(", ")} IN ACCESS EXCLUSIVE MODE NOWAIT`);

  const { rows } = await tx.query<{ id: string }>(
    `SELECT e.id FROM workflow_executions_${month.name} e
      WHERE e.completed_at IS NULL OR e.completed_at >= to_timestamp($1::float8 / 1000)
        OR EXISTS (SELECT 1 FROM open_executions o WHERE o.execution_id IN (e.id, e.parent_id))
        OR (EXISTS (SELECT 1 FROM legal_holds h WHERE h.org_id = e.org_id AND h.released_at IS NULL)
          AND is_held(e.id, e.workflow_id, e.parent_id))`,
    [beforeMs],
  );
  const stay = rows.map((row) => row.id);
  await tx.query(
    "DELETE FROM waits WHERE execution_id >= $1 AND execution_id < $2 AND execution_id <> ALL ($3)",
    [month.from, month.to, stay],
  );
  for (const { table, key, partition } of partitions) {
    await tx.query(`ALTER TABLE ${table} DETACH PARTITION ${partition}`);
    // Through the parent, which has no partition for this time any more but the default one.
    await tx.query(`INSERT INTO ${table} SELECT * FROM ${partition} WHERE ${key} = ANY ($1)`, [stay]);
    await tx.query(`DROP TABLE ${partition}`);
  }
  return stay.length;
}

async function patiently<T>(action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (sqlState(error) !== "55P03" || attempt === LOCK_TRIES) throw error;
      await delay(LOCK_PAUSE_MS * Math.random());
    }
  }
}
