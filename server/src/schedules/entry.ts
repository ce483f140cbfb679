// A schedule as the scheduler holds it: compiled, with what is open and what waits. Made from rows, never written back
// as a whole.
import type { OverlapPolicy } from "@auraos/contract";
import type { MissedPolicy } from "./catchUp.ts";
import type { OpenFire, StoredSchedule } from "./schedulerStore.ts";
import { type Calendars, type CompiledSpec, compileSpec, type ScheduleSpec } from "./spec.ts";

export type Policy = MissedPolicy & { overlap: OverlapPolicy; pauseAfterFailures?: number };

export type Buffered = {
  id: string;
  key: string;
  kind: OpenFire["kind"];
  dueMs: number;
  overlap: OverlapPolicy;
};

export type Entry = {
  id: string;
  row: StoredSchedule;
  /** Undefined = the rule cannot be compiled any more: it does not fire, and says so in the log. */
  spec: CompiledSpec | undefined;
  policy: Policy;
  dueMs: number | null;
  fireMs: number | null;
  failures: number;
  open: Set<string>;
  buffer: Buffered[];
  /** Of the downtime that is being caught up with. */
  catchingUp: { cutoffMs: number; fromMs: number } | undefined;
  /** Is to be read again before anything else. */
  isStale: boolean;
  isBusy: boolean;
  isAskedAgain: boolean;
  /** Not before this, after trouble. */
  retryMs: number;
  troubles: number;
  /** Of its place in the heap; older places are void. */
  place: number;
};

export function placeholder(id: string): Entry {
  return {
    id,
    row: {} as StoredSchedule,
    spec: undefined,
    policy: { overlap: "skip", missed: "last" },
    dueMs: null,
    fireMs: null,
    failures: 0,
    open: new Set(),
    buffer: [],
    catchingUp: undefined,
    isStale: true,
    isBusy: false,
    isAskedAgain: false,
    retryMs: 0,
    troubles: 0,
    place: 0,
  };
}

export function fill(
  entry: Entry,
  row: StoredSchedule,
  fires: readonly OpenFire[],
  calendars: Calendars,
): string | undefined {
  const compiled = compileSpec(JSON.parse(row.spec) as ScheduleSpec, row.id, calendars);
  entry.row = row;
  entry.spec = compiled.ok ? compiled.spec : undefined;
  entry.policy = JSON.parse(row.policy) as Policy;
  entry.dueMs = row.nextDue?.getTime() ?? null;
  entry.fireMs = row.nextFireAt?.getTime() ?? null;
  entry.failures = row.failures;
  entry.open = new Set(fires.map(({ executionId }) => executionId).filter((id) => id !== null));
  entry.buffer = fires
    .filter(({ outcome }) => outcome === "buffered")
    .map(({ id, key, kind, due, overlap }) => ({
      id,
      key,
      kind,
      dueMs: due.getTime(),
      overlap: (overlap as OverlapPolicy | null) ?? entry.policy.overlap,
    }));
  entry.catchingUp = undefined;
  entry.isStale = false;
  return compiled.ok ? undefined : compiled.problems[0]?.message;
}

/** When it has something to do by the clock; nothing = only when something else happens. */
export function wakeAt(entry: Entry): number | undefined {
  if (entry.isStale || entry.retryMs > 0) return entry.retryMs;
  if (entry.row.paused || entry.fireMs === null || entry.spec === undefined) return undefined;
  return entry.fireMs;
}
