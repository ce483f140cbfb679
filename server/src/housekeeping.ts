// What has to be done from time to time: statistics are rolled up, partitions made ahead, addresses that another
// process published are noticed, what is older than its retention goes. A failure is said and tried again with the next round.
import pg from "pg";
import { type LeaveParts, leaveOldEntries } from "./audit/leaveOldEntries.ts";
import type { Blobs } from "./blobs/blobs.types.ts";
import { rollUpStats } from "./engine/postgres/stats.ts";
import { clientConfig, openPool, type Pool } from "./platform/db.ts";
import type { Log } from "./platform/log.ts";
import { ensurePartitions } from "./retention/partitions.ts";
import { type Swept, sweepStorage } from "./retention/sweepStorage.ts";
import type { HookTable } from "./webhooks/hookTable.ts";

const ROLL_UP_MS = 5_000;
const HOOKS_MS = 10_000;
const PARTITIONS_MS = 12 * 60 * 60 * 1000;
const RETENTION_MS = 6 * 60 * 60 * 1000;

export function housekeeping(parts: {
  databaseUrl: string;
  journal: Pool;
  hooks: HookTable;
  blobs: Pick<Blobs, "folders" | "deleteExecution">;
  retentionDays: number;
  /** Of what leaves the audit log. */
  leaving: LeaveParts;
  onSwept: (swept: Swept) => void;
  /** Only the leader removes anything. */
  isLeading: () => boolean;
  log: Log;
}): () => Promise<void> {
  const rounds = [
    every(ROLL_UP_MS, "statistics", parts.log, () => rollUpStats(parts.journal)),
    every(HOOKS_MS, "webhooks", parts.log, () => parts.hooks.reload()),
    every(RETENTION_MS, "retention", parts.log, () => sweep(parts)),
    every(PARTITIONS_MS, "partitions", parts.log, () => makePartitions(parts.databaseUrl)),
  ];
  return async () => {
    await Promise.all(rounds.map((end) => end()));
  };
}

/** The next round begins after the last one has ended. */
function every(delayMs: number, what: string, log: Log, work: () => Promise<unknown>): () => Promise<void> {
  let isOver = false;
  let busy: Promise<void> = Promise.resolve();
  let timer = setTimeout(round, delayMs).unref();
  function round(): void {
    busy = work()
      .then(
        () => {},
        (error: unknown) => log("warn", `housekeeping failed: ${what}`, { error }),
      )
      .then(() => {
        if (!isOver) timer = setTimeout(round, delayMs).unref();
      });
  }
  return () => {
    isOver = true;
    clearTimeout(timer);
    return busy;
  };
}

async function sweep(parts: Parameters<typeof housekeeping>[0]): Promise<void> {
  if (!parts.isLeading()) return;
  const pool = openPool(parts.databaseUrl, { role: "auraos_owner", name: "retention", max: 1 });
  try {
    const nowMs = Date.now();
    const swept = await sweepStorage(pool, parts.blobs, { nowMs, days: parts.retentionDays });
    const left = await leaveOldEntries(parts.leaving, pool, nowMs);
    if (left > 0) swept.rows.audit_entries = left;
    parts.onSwept(swept);
    parts.log("info", "retention", swept);
  } finally {
    await pool.end();
  }
}

async function makePartitions(databaseUrl: string): Promise<void> {
  const client = new pg.Client(clientConfig(databaseUrl, { role: "auraos_owner", name: "partitions" }));
  client.on("error", () => {});
  await client.connect();
  try {
    await ensurePartitions(client, Date.now());
  } finally {
    await client.end();
  }
}
