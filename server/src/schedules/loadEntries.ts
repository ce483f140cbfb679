// Reads schedules into memory, with what is open and what waits; what began or ended while nobody looked is caught up with.
import type { FinalStatus } from "@auraos/kernel";
import { type Begun, loadBegun, openBegun, writeBegun } from "./begun.ts";
import { type Entry, fill } from "./entry.ts";
import type { SchedulerReign } from "./scheduler.types.ts";
import { loadCalendars, loadOpenFires, loadSchedules, type OpenFire } from "./schedulerStore.ts";
import { type Ended, onEnded } from "./settle.ts";

const final = new Set(["succeeded", "failed", "cancelled", "terminated"]);

export async function loadEntries(reign: SchedulerReign, entries: readonly Entry[]): Promise<void> {
  const over = reign.early.watch(entries);
  try {
    const read = await readRows(reign, entries);
    const begun = Map.groupBy(
      await loadBegun(
        reign,
        read.map(([entry]) => entry),
      ),
      ({ entry }) => entry,
    );
    await Promise.all(read.map(([entry, fires]) => catchUpWith(reign, entry, fires, begun.get(entry) ?? [])));
  } finally {
    over();
  }
}

async function readRows(
  reign: SchedulerReign,
  entries: readonly Entry[],
): Promise<(readonly [Entry, OpenFire[]])[]> {
  const { pool, log } = reign.parts;
  const ids = entries.map(({ id }) => id);
  const rows = new Map((await loadSchedules(pool, ids)).map((row) => [row.id, row]));
  const orgIds = [...rows.values()].map(({ orgId }) => orgId);
  const calendars = await loadCalendars(pool, orgIds);
  const fires = Map.groupBy(await loadOpenFires(pool, ids), ({ scheduleId }) => scheduleId);
  return entries.flatMap((entry) => {
    const row = rows.get(entry.id);
    for (const id of entry.open) reign.openBy.delete(id);
    if (!row) {
      reign.entries.delete(entry.id);
      return [];
    }
    const own = fires.get(entry.id) ?? [];
    const problem = fill(entry, row, own, calendars.get(row.orgId) ?? new Map());
    if (problem !== undefined) log("error", "a schedule cannot fire", { schedule: entry.id, problem });
    return [[entry, own] as const];
  });
}

async function catchUpWith(
  reign: SchedulerReign,
  entry: Entry,
  fires: readonly OpenFire[],
  begun: readonly Begun[],
): Promise<void> {
  const opened = openBegun(begun);
  await writeBegun(reign, entry, begun);
  await endThoseOver(reign, entry, [...fires, ...opened]);
}

/** By their rows, and those that ended while the rows were read: each end counts once, told here or by the engine. */
async function endThoseOver(reign: SchedulerReign, entry: Entry, fires: readonly OpenFire[]): Promise<void> {
  for (const { executionId, status, isGone, errorCode, errorMessage } of fires) {
    if (executionId === null) continue;
    const isFinal = status !== null && final.has(status);
    const early = reign.early.take(executionId);
    if (!isFinal && !isGone && early === undefined) {
      reign.openBy.set(executionId, entry);
      continue;
    }
    const message = errorCode === null ? "" : `${errorMessage ?? ""} (${errorCode})`;
    const read: Ended = { status: isFinal ? (status as FinalStatus) : "unknown", message };
    await onEnded(reign, entry, executionId, early ?? read);
  }
}
