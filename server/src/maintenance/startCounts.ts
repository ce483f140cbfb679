// How often each workflow with limits was started: within its stretch of the rate, and on this day of its organization. Kept
// in the process that leads, read from the table when it begins. A clock that is set back gives no budget twice: the day is
// counted anew from the table, and starts that stand in the future count as of now.
import type { Pool } from "../platform/db.ts";
import { type Day, dayAt } from "./day.ts";
import { type LimitRow, loadStarts } from "./guardStore.ts";

export type Counts = {
  /** Milliseconds, oldest first; those of the rate's stretch. */
  starts: number[];
  day: Day;
  today: number;
};

export type StartCounts = {
  /** As of now; the caller adds its own start to it, and takes it out again when it comes to nothing. */
  of(limit: LimitRow, nowMs: number): Promise<Counts>;
  /** A person changed its limits. */
  forget(workflowId: string): void;
};

export function createStartCounts(pool: Pool, epochNow: () => number | null): StartCounts {
  const counts = new Map<string, Promise<Counts>>();
  let epoch: number | null = null;
  return { of, forget: (workflowId) => counts.delete(workflowId) };

  async function of(limit: LimitRow, nowMs: number): Promise<Counts> {
    // Another led in between: what it started is in the table.
    if (epochNow() !== epoch) {
      counts.clear();
      epoch = epochNow();
    }
    const known = counts.get(limit.workflowId) ?? read(limit, nowMs);
    let seen = await known;
    if (nowMs < seen.day.fromMs) {
      // Of several that notice, one reads: they have to count together.
      const now = counts.get(limit.workflowId);
      seen = await (now === undefined || now === known ? read(limit, nowMs) : now);
    }
    if (nowMs >= seen.day.untilMs) Object.assign(seen, { day: dayAt(nowMs, limit.timezone), today: 0 });
    const { starts } = seen;
    for (let at = starts.length - 1; at >= 0 && (starts[at] ?? 0) > nowMs; at -= 1) starts[at] = nowMs;
    const since = nowMs - (limit.rateSeconds ?? 0) * 1000;
    while (starts.length > 0 && (starts[0] ?? 0) <= since) starts.shift();
    return seen;
  }

  function read(limit: LimitRow, nowMs: number): Promise<Counts> {
    const { workflowId } = limit;
    const day = dayAt(nowMs, limit.timezone);
    const reading = loadStarts(pool, { ...limit, day }, nowMs).then((found) => ({ ...found, day }));
    counts.set(workflowId, reading);
    reading.catch(() => {
      if (counts.get(workflowId) === reading) counts.delete(workflowId);
    });
    return reading;
  }
}
