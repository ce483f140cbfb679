// Fires that were started and not written down: whoever started them died, or never heard the answer. Looked for whenever
// a schedule is read, before anything else is decided about it: what has begun is not skipped, not given up and not
// replaced, it is open, and it stands in the history also while the schedule is paused.
//
// Only the leader starts, and it has the lease before it reads: what is not found here does not begin behind our back.
import { startKeyName } from "../engine/startKeys.ts";
import type { Buffered, Entry } from "./entry.ts";
import { nextFire } from "./fires.ts";
import type { SchedulerReign } from "./scheduler.types.ts";
import { findBegun, findBegunLongAgo, type OpenFire } from "./schedulerStore.ts";
import { dueKey, KEY_TTL_MS } from "./startFire.ts";

type Candidate = { entry: Entry; fire: Pick<Buffered, "id" | "key" | "kind" | "dueMs"> };

export type Begun = Candidate & {
  execution: Pick<OpenFire, "status" | "errorCode" | "errorMessage" | "isGone">;
} & {
  executionId: string;
  startedMs: number | null;
};

/** Of the fire that is due next and of those that wait. */
export async function loadBegun(reign: SchedulerReign, entries: readonly Entry[]): Promise<Begun[]> {
  const candidates = entries.flatMap((entry) => candidatesOf(reign, entry));
  const byKey = await findBegun(reign.parts.pool, candidates.map(startKeyOf));
  const begun = byKey.map(({ number, ...found }) => ({ ...(candidates[number - 1] as Candidate), ...found }));
  const known = new Set(begun.map(({ entry, fire }) => causeOf(entry, fire.key)));
  // A start key lives for a week; what is older than half of that is looked for in the history as well.
  const isOld = ({ fire }: Candidate) => reign.parts.nowMs() - fire.dueMs > KEY_TTL_MS / 2;
  const old = candidates.filter((one) => isOld(one) && !known.has(causeOf(one.entry, one.fire.key)));
  for (const [entry, own] of Map.groupBy(old, (one) => one.entry)) {
    const byCause = new Map(own.map((one) => [causeOf(entry, one.fire.key), one]));
    const sinceMs = Math.min(...own.map(({ fire }) => fire.dueMs));
    const about = { workflowId: entry.row.workflowId, sinceMs, causes: [...byCause.keys()] };
    for (const { cause, ...found } of await findBegunLongAgo(reign.parts.pool, about))
      begun.push({ ...(byCause.get(cause) as Candidate), ...found });
  }
  return begun;
}

/** One that waits may be the one that is due: a backfill takes its key. */
function candidatesOf(reign: SchedulerReign, entry: Entry): Candidate[] {
  const waiting = entry.buffer.map((fire) => ({ entry, fire }));
  if (entry.dueMs === null || entry.buffer.some(({ key }) => key === dueKey(entry.dueMs ?? 0)))
    return waiting;
  const fire = {
    id: reign.parts.newId(),
    key: dueKey(entry.dueMs),
    kind: "schedule",
    dueMs: entry.dueMs,
  } as const;
  return [{ entry, fire }, ...waiting];
}

export function causeOf(entry: Entry, key: string): string {
  return `schedule/${entry.id}/${key}`;
}

function startKeyOf({ entry, fire }: Candidate) {
  const { orgId, envId, workflowId } = entry.row;
  const key = causeOf(entry, fire.key);
  return {
    orgId,
    envId,
    workflowId,
    key,
    inboxKey: startKeyName({ orgId, envId, workflowId, key: { key } }),
  };
}

/** Open from now on; the fires as they stand once they are written. */
export function openBegun(begun: readonly Begun[]): OpenFire[] {
  return begun.map(({ entry, fire, executionId, execution }) => {
    entry.open.add(executionId);
    entry.buffer = entry.buffer.filter(({ key }) => key !== fire.key);
    const { id, key, kind, dueMs } = fire;
    return {
      ...{ id, scheduleId: entry.id, key, kind, due: new Date(dueMs), outcome: "started", overlap: null },
      ...{ executionId, ...execution },
    };
  });
}

/** The cursor moves on when the fire that is due is among them. */
export async function writeBegun(
  reign: SchedulerReign,
  entry: Entry,
  begun: readonly Begun[],
): Promise<void> {
  if (begun.length === 0) return;
  const { row, spec, dueMs } = entry;
  const fires = begun.map(({ fire, executionId, startedMs }) => ({
    ...{ ...fire, scheduleId: entry.id, firedMs: startedMs ?? reign.parts.nowMs() },
    ...{ outcome: "started" as const, count: 1, reason: null, executionId },
  }));
  const isDue = dueMs !== null && begun.some(({ fire }) => fire.key === dueKey(dueMs));
  if (!isDue || spec === undefined) {
    await reign.writes.put({ fires, advance: undefined });
    return;
  }
  const nextDueMs = nextFire(spec, dueMs)?.atMs ?? null;
  const nextFireMs = nextDueMs === null ? null : nextDueMs + spec.jitterMs(nextDueMs);
  const advance = { scheduleId: entry.id, mark: row.mark, dueMs, nextDueMs, nextFireMs };
  const moved = await reign.writes.put({ fires, advance });
  if (moved.has(entry.id)) Object.assign(entry, { dueMs: nextDueMs, fireMs: nextFireMs });
  else entry.isStale = true;
}
