// Statistics as deltas of exactly the turns of one flush, so that they can never drift from the history: adding up
// all deltas gives what recountStats computes from the stored turns.
//
//   [{org, workflow, node, worker, minute, count, failures, hist: {bucket: n}}]
//
// Rows with a node count node runs that finished or failed, from first scheduling to settling; rows with node null
// count executions that ended. Buckets are logarithmic: 2 % wide, so a percentile read from them is within 1 %.
import type { Fact } from "@auraos/kernel";
import type { RunStart } from "./execution.ts";

/** One thing counted in one turn. */
export type Count = {
  node: string | null;
  worker: string | null;
  minute: number;
  ms: number;
  isFailure: boolean;
};

export type StatRow = {
  org: string;
  workflow: string;
  node: string | null;
  worker: string | null;
  minute: number;
  count: number;
  failures: number;
  hist: Record<number, number>;
};

/** Rows by workflow, then by what is counted: most turns count several nodes of one workflow. */
export type StatTable = Map<string, Map<string, StatRow>>;

export function bucketOf(ms: number): number {
  return SHORT[ms] ?? computeBucket(ms);
}

function computeBucket(ms: number): number {
  return Math.floor(Math.log(ms + 1) / Math.log(1.02));
}

/** Nearly all durations are short ones. */
const SHORT = Array.from({ length: 1_000 }, (_, ms) => computeBucket(ms));

/** Lower end of a bucket, in ms. */
export function bucketMs(bucket: number): number {
  return 1.02 ** bucket - 1;
}

/** Notes what one fact starts and counts what it ends. `started` holds the open node runs of the execution. */
export function countFact(
  fact: Fact,
  at: number,
  startedMs: number,
  worker: string,
  started: Map<string, RunStart>,
  counts: Count[],
): void {
  switch (fact.t) {
    case "ActivityScheduled":
    case "ChildScheduled":
    case "ItemsStarted":
    case "BlockStarted":
    case "WaitOpened": {
      const isActivity = fact.t === "ActivityScheduled";
      const run = started.get(fact.run);
      if (run === undefined) started.set(fact.run, { at, isActivity });
      else if (isActivity) run.isActivity = true;
      return;
    }
    case "NodeFinished":
    case "NodeFailed": {
      const run = started.get(fact.run);
      started.delete(fact.run);
      counts.push({
        node: fact.run.slice(fact.run.lastIndexOf("/") + 1),
        worker: run?.isActivity === true ? worker : null,
        minute: Math.floor(at / 60_000),
        ms: Math.max(0, at - (run?.at ?? at)),
        isFailure: fact.t === "NodeFailed",
      });
      return;
    }
    case "NodeDead":
    case "NodeCancelled":
      started.delete(fact.run);
      return;
    case "ExecutionFinished":
      counts.push({
        node: null,
        worker: null,
        minute: Math.floor(at / 60_000),
        ms: Math.max(0, at - startedMs),
        isFailure: fact.status === "failed",
      });
  }
}

export function addCounts(table: StatTable, org: string, workflow: string, counts: readonly Count[]): void {
  if (counts.length === 0) return;
  const rows = rowsOf(table, org, workflow);
  for (const { node, worker, minute, ms, isFailure } of counts) {
    const key = keyOf(node, worker, minute);
    let row = rows.get(key);
    if (row === undefined) {
      row = { org, workflow, node, worker, minute, count: 0, failures: 0, hist: {} };
      rows.set(key, row);
    }
    const bucket = bucketOf(ms);
    row.count++;
    if (isFailure) row.failures++;
    row.hist[bucket] = (row.hist[bucket] ?? 0) + 1;
  }
}

function rowsOf(table: StatTable, org: string, workflow: string): Map<string, StatRow> {
  const key = org + workflow;
  let rows = table.get(key);
  if (rows === undefined) {
    rows = new Map();
    table.set(key, rows);
  }
  return rows;
}

function keyOf(node: string | null, worker: string | null, minute: number): string {
  return `${node ?? ""}\n${worker ?? ""}\n${minute}`;
}

function allRows(table: StatTable): StatRow[] {
  return [...table.values()].flatMap((rows) => [...rows.values()]);
}

export function statsBody(table: StatTable): Uint8Array | null {
  return table.size === 0 ? null : Buffer.from(JSON.stringify(allRows(table)));
}

/** The same from stored turns; turns of one execution in order, executions in any. */
export function recountStats(
  turns: Iterable<{ orgId: string; workflowId: string; executionId: string; facts: readonly Fact[] }>,
  worker: string,
): StatRow[] {
  const table: StatTable = new Map();
  const open = new Map<string, { startedMs: number; started: Map<string, RunStart> }>();
  for (const turn of turns) {
    let execution = open.get(turn.executionId);
    const counts: Count[] = [];
    let at = 0;
    for (const fact of turn.facts) {
      if (fact.t === "Now") at = fact.at;
      if (execution === undefined) {
        execution = { startedMs: at, started: new Map() };
        open.set(turn.executionId, execution);
      }
      if (fact.t === "ExecutionStarted") execution.startedMs = at;
      countFact(fact, at, execution.startedMs, worker, execution.started, counts);
    }
    addCounts(table, turn.orgId, turn.workflowId, counts);
  }
  return allRows(table);
}

/** Adds up the deltas of many flushes. */
export function sumStats(deltas: Iterable<readonly StatRow[]>): StatRow[] {
  const table: StatTable = new Map();
  for (const rows of deltas) {
    for (const row of rows) {
      const sums = rowsOf(table, row.org, row.workflow);
      const key = keyOf(row.node, row.worker, row.minute);
      const sum = sums.get(key);
      if (sum === undefined) {
        sums.set(key, { ...row, hist: { ...row.hist } });
        continue;
      }
      sum.count += row.count;
      sum.failures += row.failures;
      for (const [bucket, count] of Object.entries(row.hist)) {
        sum.hist[Number(bucket)] = (sum.hist[Number(bucket)] ?? 0) + count;
      }
    }
  }
  return allRows(table);
}
