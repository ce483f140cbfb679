// The store of tests, simulation and dry runs: everything in one object, bodies kept as bytes.
// Several engines may share one (that is how a takeover is told); it keeps S1 to S4 of ../store.ts by being
// synchronous inside: nothing of a flush is seen before all of it is in.
import {
  type EffectRow,
  type ExecutionUpdate,
  type FlushBatch,
  type Holder,
  type InboxRow,
  type StartKeyRow,
  type StartRow,
  type Store,
  type StoredExecution,
  StoreError,
  type TurnRow,
  type WaitRow,
} from "../store.ts";

type Kept = {
  start: StartRow;
  status: StoredExecution["status"];
  wakeAtMs: number | null;
  update: ExecutionUpdate | null;
  snapshot: StoredExecution["snapshot"];
  turns: TurnRow[];
};

type Lease = { epoch: number; holder: Holder | null; untilMs: number };

export type MemoryTables = {
  executions: Map<string, Kept>;
  startKeys: Map<string, StartKeyRow>;
  effects: Map<string, EffectRow>;
  waits: Map<string, WaitRow>;
  inbox: Map<string, InboxRow & { dedupeKey: string | null }>;
  stats: Uint8Array[];
  lease: Lease;
  inboxWatchers: Set<() => void>;
};

export type MemoryStore = Store & { tables: MemoryTables };

const OPEN = new Set(["running", "waiting", "paused"]);

export function createMemoryStore(now: () => number): MemoryStore {
  const tables: MemoryTables = {
    executions: new Map(),
    startKeys: new Map(),
    effects: new Map(),
    waits: new Map(),
    inbox: new Map(),
    stats: [],
    lease: { epoch: 0, holder: null, untilMs: 0 },
    inboxWatchers: new Set(),
  };
  return {
    tables,
    ...leaseCalls(tables.lease, now),
    flush: async (epoch, batch) => {
      if (epoch !== tables.lease.epoch) return "deposed";
      check(tables, batch);
      write(tables, batch);
      return "committed";
    },
    putSnapshot: async (epoch, row) => {
      const kept = tables.executions.get(row.executionId);
      if (epoch !== tables.lease.epoch || kept === undefined) return;
      if (kept.snapshot === null || kept.snapshot.seq < row.seq) {
        kept.snapshot = { seq: row.seq, body: row.body.slice() };
      }
    },
    ...executionReads(tables),
    ...inboxCalls(tables),
    close: async () => {},
  };
}

function leaseCalls(
  lease: Lease,
  now: () => number,
): Pick<Store, "acquire" | "renew" | "release" | "holder"> {
  return {
    acquire: async (holder, options) => {
      const isOurs = lease.holder?.id === holder.id || lease.holder?.id === options.insteadOf;
      if (options.isOurs === true && lease.holder?.id !== holder.id) return null;
      if (!isOurs && lease.holder !== null && lease.untilMs > now()) return null;
      lease.epoch++;
      lease.holder = holder;
      lease.untilMs = now() + options.leaseMs;
      return { epoch: lease.epoch };
    },
    renew: async (epoch, leaseMs) => {
      if (epoch !== lease.epoch || lease.holder === null) return false;
      lease.untilMs = now() + leaseMs;
      return true;
    },
    release: async (epoch) => {
      if (epoch === lease.epoch) lease.holder = null;
    },
    holder: async () => {
      if (lease.holder === null) return null;
      return { ...lease.holder, epoch: lease.epoch, expiresInMs: lease.untilMs - now() };
    },
  };
}

/** Everything that can be wrong with a batch is noticed before anything is written (S1). */
function check(tables: MemoryTables, batch: FlushBatch): void {
  const born = new Set<string>();
  for (const start of batch.starts) {
    if (tables.executions.has(start.executionId) || born.has(start.executionId)) {
      throw new StoreError("data", `execution ${start.executionId} exists`);
    }
    born.add(start.executionId);
  }
  for (const row of batch.startKeys) {
    const taken = tables.startKeys.get(keyOf(row));
    if (taken === undefined || taken.executionId === row.executionId) continue;
    if (taken.expiresAtMs > startedAt(batch, row.executionId)) {
      throw new StoreError("data", `start key ${row.key} is taken`);
    }
  }
  const next = new Map<string, number>();
  for (const turn of batch.turns) {
    const kept = tables.executions.get(turn.executionId);
    if (kept === undefined && !born.has(turn.executionId)) {
      throw new StoreError("data", `execution ${turn.executionId} has no start`);
    }
    const expected = next.get(turn.executionId) ?? (kept?.turns.length ?? 0) + 1;
    if (turn.seq !== expected) {
      throw new StoreError("data", `turn ${turn.seq} of ${turn.executionId} where ${expected} was expected`);
    }
    next.set(turn.executionId, expected + 1);
  }
}

function write(tables: MemoryTables, batch: FlushBatch): void {
  for (const start of batch.starts) {
    tables.executions.set(start.executionId, {
      start,
      status: "running",
      wakeAtMs: null,
      update: null,
      snapshot: null,
      turns: [],
    });
  }
  for (const row of batch.startKeys) tables.startKeys.set(keyOf(row), row);
  for (const turn of batch.turns) tables.executions.get(turn.executionId)?.turns.push(turn);
  for (const update of batch.updates) {
    const kept = tables.executions.get(update.executionId);
    if (kept === undefined) continue;
    kept.update = update;
    kept.status = update.status;
    kept.wakeAtMs = update.wakeAtMs;
  }
  for (const row of batch.effects)
    tables.effects.set(`${row.executionId} ${row.command} ${row.attempt}`, row);
  for (const row of batch.waitsOpened) tables.waits.set(`${row.executionId} ${row.wait}`, row);
  for (const row of batch.waitsClosed) tables.waits.delete(`${row.executionId} ${row.wait}`);
  for (const id of batch.inboxDone) tables.inbox.delete(id);
  if (batch.stats !== null) tables.stats.push(batch.stats);
}

function startedAt(batch: FlushBatch, executionId: string): number {
  return batch.starts.find((start) => start.executionId === executionId)?.startedAtMs ?? 0;
}

type Reads =
  | "lastSeqs"
  | "load"
  | "dueExecutions"
  | "runningExecutions"
  | "nextWake"
  | "findStartKeys"
  | "openCount";

function executionReads(tables: MemoryTables): Pick<Store, Reads | "openExecutions"> {
  const { executions } = tables;
  return {
    lastSeqs: async (ids) => {
      const seqs = new Map<string, number>();
      for (const id of ids) {
        const count = executions.get(id)?.turns.length ?? 0;
        if (count > 0) seqs.set(id, count);
      }
      return seqs;
    },
    load: async (ids, options) => {
      const found = new Map<string, StoredExecution>();
      for (const id of ids) {
        const kept = executions.get(id);
        if (kept !== undefined) found.set(id, stored(kept, options?.whole === true));
      }
      return found;
    },
    dueExecutions: async (nowMs, limit, after) => {
      const due: { executionId: string; wakeAtMs: number | null }[] = [];
      for (const [executionId, kept] of executions) {
        const isDue = kept.wakeAtMs !== null && kept.wakeAtMs <= nowMs && OPEN.has(kept.status);
        if (isDue || kept.status === "running") due.push({ executionId, wakeAtMs: kept.wakeAtMs });
      }
      const inOrder = (a: (typeof due)[number], b: (typeof due)[number]): number =>
        a.wakeAtMs === b.wakeAtMs
          ? compare(a.executionId, b.executionId)
          : (a.wakeAtMs ?? Infinity) - (b.wakeAtMs ?? Infinity);
      const rest =
        after === undefined ? due : due.filter((row) => row.wakeAtMs !== null && inOrder(row, after) > 0);
      return rest.sort(inOrder).slice(0, limit);
    },
    runningExecutions: async (after, limit) => {
      const ids: string[] = [];
      for (const [id, kept] of executions) {
        if (kept.status === "running" && (after === null || id > after)) ids.push(id);
      }
      return ids.sort(compare).slice(0, limit);
    },
    nextWake: async (nowMs) => {
      let earliest: number | null = null;
      for (const kept of executions.values()) {
        if (kept.wakeAtMs === null || kept.wakeAtMs <= nowMs || !OPEN.has(kept.status)) continue;
        if (earliest === null || kept.wakeAtMs < earliest) earliest = kept.wakeAtMs;
      }
      return earliest;
    },
    findStartKeys: async (keys) => {
      const rows: StartKeyRow[] = [];
      for (const key of keys) {
        const row = tables.startKeys.get(keyOf(key));
        if (row !== undefined) rows.push(row);
      }
      return rows;
    },
    openCount: async (orgId) => {
      let count = 0;
      for (const kept of executions.values())
        if (kept.start.orgId === orgId && OPEN.has(kept.status)) count++;
      return count;
    },
    openExecutions: async (orgId, workflowId, concurrencyKey) => {
      const ids: string[] = [];
      for (const [id, { start, status }] of executions) {
        const isSame = start.orgId === orgId && start.workflowId === workflowId;
        if (isSame && start.concurrencyKey === concurrencyKey && OPEN.has(status)) ids.push(id);
      }
      return ids.sort(compare);
    },
  };
}

function stored(kept: Kept, whole: boolean): StoredExecution {
  const { input: _input, inputBlob: _inputBlob, ...start } = kept.start;
  const snapshot = whole ? null : kept.snapshot;
  const turns = kept.turns.slice(snapshot?.seq ?? 0).map(({ seq, atMs, body }) => ({ seq, atMs, body }));
  return { start, status: kept.status, wakeAtMs: kept.wakeAtMs, snapshot, turns };
}

function inboxCalls(tables: MemoryTables): Pick<Store, "inbox" | "watchInbox" | "putInbox" | "findInbox"> {
  const find = (orgId: string, dedupeKey: string) =>
    [...tables.inbox.values()].find((row) => row.orgId === orgId && row.dedupeKey === dedupeKey);
  return {
    inbox: async (limit) => [...tables.inbox.values()].slice(0, limit),
    watchInbox: (onNews) => {
      tables.inboxWatchers.add(onNews);
      return () => tables.inboxWatchers.delete(onNews);
    },
    findInbox: async (orgId, dedupeKey) => find(orgId, dedupeKey) ?? null,
    putInbox: async (row) => {
      if (row.dedupeKey !== null && find(row.orgId, row.dedupeKey)) return "repeated";
      tables.inbox.set(row.id, row);
      for (const onNews of tables.inboxWatchers) onNews();
      return "stored";
    },
  };
}

function keyOf(key: { orgId: string; workflowId: string; envId: string; key: string }): string {
  return JSON.stringify([key.orgId, key.workflowId, key.envId, key.key]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
