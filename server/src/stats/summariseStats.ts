// Rows of minutes, summed up per workflow, node or worker. Percentiles come from buckets that are 2 % wide, so they
// are within 1 % of the truth.
import { bucketMs } from "../engine/stats.ts";

export type Minute = {
  workflow: string;
  node: string | null;
  worker: string | null;
  count: number;
  failures: number;
  hist: Record<string, number>;
};

export type StatsBy = "workflow" | "node" | "worker";

export type Step = { fromMs: number; toMs: number; stepMs: number };

export type StatsSum = {
  key: string;
  workflowId: string | null;
  count: number;
  failures: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
};

type Sum = { workflowId: string | null; count: number; failures: number; hist: Map<number, number> };

export function summariseStats(minutes: readonly Minute[], by: StatsBy): StatsSum[] {
  const sums = new Map<string, Sum>();
  for (const minute of minutes) {
    const key = keyOf(minute, by);
    if (key === undefined) continue;
    const sum = sums.get(key) ?? emptySum(by === "worker" ? null : minute.workflow);
    sums.set(key, sum);
    add(sum, minute);
  }
  return [...sums]
    .map(([key, sum]) => summed(by === "node" ? key.slice(key.indexOf("/") + 1) : key, sum))
    .sort((a, b) => b.count - a.count || a.key.localeCompare(b.key));
}

/** Executions that ended, step by step; steps in which nothing ended are there too, so that a chart has no holes. */
export function summariseTime(
  minutes: readonly (Minute & { minute: number })[],
  { fromMs, toMs, stepMs }: Step,
): StatsSum[] {
  const sums = Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, () => emptySum(null));
  for (const minute of minutes) {
    const sum = sums[Math.floor((minute.minute * 60_000 - fromMs) / stepMs)];
    if (minute.node === null && sum) add(sum, minute);
  }
  return sums.map((sum, index) => summed(new Date(fromMs + index * stepMs).toISOString(), sum));
}

function emptySum(workflowId: string | null): Sum {
  return { workflowId, count: 0, failures: 0, hist: new Map() };
}

function add(sum: Sum, minute: Minute): void {
  sum.count += minute.count;
  sum.failures += minute.failures;
  for (const [bucket, count] of Object.entries(minute.hist))
    sum.hist.set(Number(bucket), (sum.hist.get(Number(bucket)) ?? 0) + count);
}

function summed(key: string, { workflowId, count, failures, hist }: Sum): StatsSum {
  const [p50 = null, p95 = null, p99 = null] = percentiles(hist, [0.5, 0.95, 0.99]);
  return { key, workflowId, count, failures, p50, p95, p99 };
}

/** Rows without a node count whole executions; rows with one count node runs. */
function keyOf(minute: Minute, by: StatsBy): string | undefined {
  if (by === "workflow") return minute.node === null ? minute.workflow : undefined;
  if (minute.node === null) return undefined;
  return by === "node" ? `${minute.workflow}/${minute.node}` : (minute.worker ?? undefined);
}

function percentiles(hist: Map<number, number>, shares: readonly number[]): (number | null)[] {
  const buckets = [...hist].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  return shares.map((share) => {
    let left = Math.max(1, Math.ceil(share * total));
    for (const [bucket, count] of buckets) {
      left -= count;
      if (left <= 0) return Math.round(((bucketMs(bucket) + bucketMs(bucket + 1)) / 2) * 100) / 100;
    }
    return null;
  });
}
