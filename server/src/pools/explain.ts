// Why something waits for places. Of runs of tasks the table is asked, so that it is right on every server; of executions
// the book of the leader (gate.ts). An action file.
import type { Transaction } from "../platform/db.ts";
import type { WaitingStart } from "./gate.ts";
import { countBefore, listPools, type PoolRow } from "./store.ts";

type Standing = Pick<
  PoolRow,
  "name" | "slots" | "used" | "paused" | "rateCount" | "rateSeconds" | "starts" | "blockingStart"
>;

/** More than these are not counted one by one. */
const COUNTED_MAX = 100;

export type Queued = { id: string; resources: string };

export async function explainQueued(
  tx: Transaction,
  about: { orgId: string; nowMs: number },
  runs: readonly Queued[],
): Promise<Map<string, string>> {
  const places = new Map(runs.map((run) => [run.id, JSON.parse(run.resources) as Record<string, number>]));
  const names = [...new Set([...places.values()].flatMap((one) => Object.keys(one)))];
  const pools = new Map(
    (await listPools(tx, about.orgId, names, about.nowMs)).map((pool) => [pool.name, pool]),
  );
  const before = await countBefore(
    tx,
    about.orgId,
    runs.slice(0, COUNTED_MAX).map(({ id }) => id),
  );
  return new Map(
    runs.map(({ id }) => [id, reasonOf(places.get(id) ?? {}, pools, before.get(id) ?? 0)] as const),
  );
}

export function reasonOf(
  places: Readonly<Record<string, number>>,
  pools: ReadonlyMap<string, Standing>,
  before: number,
): string {
  const reasons = Object.entries(places).flatMap(([name, count]) => {
    const pool = pools.get(name);
    const reason = pool ? ofPool(pool, count) : `There is no pool "${name}": make it, and it goes on.`;
    return reason === undefined ? [] : [reason];
  });
  const first = before > 0 ? [`${before} ${before === 1 ? "comes" : "come"} first.`] : [];
  if (reasons.length === 0 && first.length === 0) return "It is about to start.";
  return [...reasons, ...first].join(" ");
}

/** Of an execution that waits at the gate. */
export function explainStart({ places, standings, before }: WaitingStart): string {
  const pools = new Map<string, Standing>();
  for (const [name, { limits, used, starts, freeAtMs }] of standings) {
    const { slots, rate, isPaused } = limits;
    const blockingStart = rate === null || !Number.isFinite(freeAtMs) ? null : new Date(freeAtMs - rate.ms);
    const rates = { rateCount: rate?.count ?? null, rateSeconds: rate === null ? null : rate.ms / 1000 };
    pools.set(name, { name, slots, used, paused: isPaused, ...rates, starts, blockingStart });
  }
  return reasonOf(places, pools, before);
}

function ofPool(pool: Standing, count: number): string | undefined {
  const { name, slots, used } = pool;
  if (pool.paused) return `The pool "${name}" is paused.`;
  if (slots !== null && count > slots)
    return `It needs ${count} places of "${name}", which has ${slots}: raise them.`;
  if (slots !== null && used + count > slots)
    return `${used} of ${slots} places of "${name}" are taken, and it needs ${count}.`;
  if (pool.rateCount !== null && pool.starts >= pool.rateCount && pool.blockingStart !== null) {
    const at = new Date(pool.blockingStart.getTime() + (pool.rateSeconds ?? 0) * 1000).toISOString();
    return `"${name}" starts ${pool.rateCount} in ${pool.rateSeconds} s, and has; the next one at ${at}.`;
  }
  return undefined;
}
