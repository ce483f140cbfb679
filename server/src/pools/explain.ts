// Why something waits for places. Of runs of tasks the table is asked, so that it is right on every server; of executions
// the book of the leader (gate.ts). An action file.
import type { Transaction } from "../platform/db.ts";
import { type Said, say, sayAll } from "../platform/say.ts";
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
): Promise<Map<string, Said>> {
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
): Said {
  const reasons = Object.entries(places).flatMap(([name, count]) => {
    const pool = pools.get(name);
    const reason = pool ? ofPool(pool, count) : say("pool.missing", { pool: name });
    return reason === undefined ? [] : [reason];
  });
  const first = before > 0 ? [say("pool.before", { count: before })] : [];
  if (reasons.length === 0 && first.length === 0) return say("pool.soon", {});
  return sayAll([...reasons, ...first]);
}

/** Of an execution that waits at the gate. */
export function explainStart({ places, standings, before }: WaitingStart): Said {
  const pools = new Map<string, Standing>();
  for (const [name, { limits, used, starts, freeAtMs }] of standings) {
    const { slots, rate, isPaused } = limits;
    const blockingStart = rate === null || !Number.isFinite(freeAtMs) ? null : new Date(freeAtMs - rate.ms);
    const rates = { rateCount: rate?.count ?? null, rateSeconds: rate === null ? null : rate.ms / 1000 };
    pools.set(name, { name, slots, used, paused: isPaused, ...rates, starts, blockingStart });
  }
  return reasonOf(places, pools, before);
}

function ofPool(pool: Standing, needed: number): Said | undefined {
  const { name, slots, used } = pool;
  if (pool.paused) return say("pool.paused", { pool: name });
  if (slots !== null && needed > slots) return say("pool.tooSmall", { pool: name, needed, slots });
  if (slots !== null && used + needed > slots) return say("pool.taken", { pool: name, used, slots, needed });
  if (pool.rateCount !== null && pool.starts >= pool.rateCount && pool.blockingStart !== null) {
    const at = new Date(pool.blockingStart.getTime() + (pool.rateSeconds ?? 0) * 1000).toISOString();
    return say("pool.rate", { pool: name, starts: pool.rateCount, seconds: pool.rateSeconds ?? 0, at });
  }
  return undefined;
}
