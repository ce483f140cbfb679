// The engine's storage on PostgreSQL (../store.ts has the contract and its invariants).
//
//   flush lane     one connection, one flush under way: the order of the calls is the order of the commits (A1)
//   control lane   lease and notifications, so that a renewal never waits behind a load
//   pool           reads, inbox, snapshots
// What became of a flush whose connection broke is for the engine to find out: acquire() waits until the old
// backend is done, then lastSeqs() tells (A3).
import type pg from "pg";
import { clientConfig, openPool } from "../../platform/db.ts";
import type { BodyCipher } from "../engine.types.ts";
import type { Store } from "../store.ts";
import { flushError, readError } from "./errors.ts";
import { flushQuery } from "./flush.ts";
import { findInbox, putInbox, readInbox } from "./inbox.ts";
import { openLane } from "./lane.ts";
import { acquireLease, leaseHolder, releaseLease, renewLease } from "./lease.ts";
import { lastSeqsOf, loadExecutions } from "./load.ts";
import { dueExecutions, nextWake, openCount, openExecutions, runningExecutions } from "./open.ts";
import { orgsOf } from "./sealed.ts";
import { putSnapshot } from "./snapshots.ts";
import { findStartKeys } from "./startKeys.ts";

export type PostgresStoreOptions = {
  /** Longest silence of the server before its connection is given up. */
  timeoutMs?: number;
  poolMax?: number;
  /** Absent: bodies are stored as they are. */
  cipher?: BodyCipher;
};

export function openPostgresStore(url: string, options: PostgresStoreOptions = {}): Store {
  const { timeoutMs = 30_000, cipher } = options;
  const config = (name: string) => ({
    ...clientConfig(url, { role: "auraos_engine", name }),
    query_timeout: timeoutMs,
  });
  const pool = openPool(url, { role: "auraos_engine", name: "engine reads", max: options.poolMax ?? 4 });
  const flushLane = openLane(config("flush"), { setup: prepareFlushes });
  const watchers = new Set<() => void>();
  const tellWatchers = (): void => {
    for (const onNews of watchers) onNews();
  };
  const control = openLane(config("lease"), {
    setup: async (client) => {
      // Given up by the server before we give up: a takeover that goes on after its caller has left would depose the
      // next one.
      await client.query("SELECT set_config('lock_timeout', $1, false)", [String(Math.ceil(timeoutMs / 2))]);
      client.on("notification", tellWatchers);
      await client.query("LISTEN auraos_inbox");
      tellWatchers();
    },
    // Without a connection nobody tells us; the lane waits longer after each failure.
    onEnd: () => watchers.size > 0 && listen(),
  });
  const listen = () => void control.connect().catch(() => !isClosed && listen());
  let isClosed = false;
  let isFlushing = false;

  return {
    acquire: (holder, asked) => reading(acquireLease(control, holder, asked)),
    renew: (epoch, leaseMs) => reading(renewLease(control, epoch, leaseMs)),
    release: (epoch) => reading(releaseLease(control, epoch)),
    holder: () => reading(leaseHolder(control)),
    async flush(epoch, batch) {
      if (isFlushing) throw new Error("two flushes at once: the lane is ordered, await the first");
      isFlushing = true;
      try {
        // Fails before anything is written.
        const keys = cipher?.prepare(orgsOf(batch));
        if (keys) await keys;
        const { rows } = await flushLane.run(flushQuery(epoch, batch, cipher));
        return rows.length === 1 ? "committed" : "deposed";
      } catch (error) {
        throw flushError(error);
      } finally {
        isFlushing = false;
      }
    },
    lastSeqs: (ids) => reading(lastSeqsOf(pool, ids)),
    load: (ids, asked) => reading(loadExecutions(pool, ids, { whole: asked?.whole ?? false, cipher })),
    dueExecutions: (nowMs, limit, after) => reading(dueExecutions(pool, nowMs, limit, after)),
    runningExecutions: (after, limit) => reading(runningExecutions(pool, after, limit)),
    nextWake: (nowMs) => reading(nextWake(pool, nowMs)),
    findStartKeys: (keys) => reading(findStartKeys(pool, keys)),
    inbox: (limit) => reading(readInbox(pool, limit, cipher)),
    watchInbox(onNews) {
      watchers.add(onNews);
      listen();
      return () => watchers.delete(onNews);
    },
    findInbox: (orgId, dedupeKey) => reading(findInbox(pool, orgId, dedupeKey, cipher)),
    putInbox: (row) => reading(putInbox(pool, row, cipher)),
    putSnapshot: (epoch, row) => reading(putSnapshot(pool, epoch, row, cipher)),
    openCount: (orgId) => reading(openCount(pool, orgId)),
    openExecutions: (orgId, workflowId, key) => reading(openExecutions(pool, orgId, workflowId, key)),
    async close() {
      isClosed = true;
      await Promise.all([flushLane.close(), control.close(), pool.end()]);
    },
  };
}

async function reading<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw readError(error);
  }
}

async function prepareFlushes(client: pg.Client): Promise<void> {
  // An acknowledged turn is on disk, whatever the server's default is; a stricter one (remote_apply) stays.
  await client.query(`SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local')`);
  // pglz is ten times slower; not every build has lz4.
  await client.query(`SELECT set_config('default_toast_compression', 'lz4', false) FROM pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)`);
  // Plans are made once, for any number of rows, and go by index: made for an empty table they must still be right
  // at a million executions.
  await client.query(`SET plan_cache_mode = force_generic_plan; SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET enable_seqscan = off; SET enable_bitmapscan = off`);
}
