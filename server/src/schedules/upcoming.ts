// What all schedules of an organization will fire in a range: the calendar of a person who looks ahead. Computed from
// the rules when it is asked; nothing of it is stored, so it is never out of date.
//
// Of many schedules those that are due first are looked at. Their fires are walked side by side, earliest first, and
// only as far as they are shown, so that what is asked for costs what is shown of it and not what the rules could say.
import { setImmediate } from "node:timers/promises";
import type { UpcomingFires } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { createHeap } from "../engine/heap.ts";
import { withTenant } from "../platform/db.ts";
import { listCalendars } from "./fireStore.ts";
import { type Moment, moments } from "./fires.ts";
import { type Calendars, type CompiledSpec, compileSpec, type ScheduleSpec } from "./spec.ts";
import { type DueRow, listDue } from "./store.ts";
import { invalidTime, noteView } from "./view.ts";

const DAY_MS = 86_400_000;
const DAYS_MAX = 62;
const SCHEDULES_MAX = 500;
const SHOWN_MAX = 5_000;
/** More than these within a day are counted: a list of them would say less than the rule does. */
const LISTED_PER_DAY_MAX = 12;
/** What fires more often than this on a day is counted by how close these are. */
const COUNTED_MAX = 150;
/** Rules that are read in one go, before others on this thread have their turn. */
const AT_ONCE = 50;

type Item = UpcomingFires["items"][number];
type Dense = UpcomingFires["dense"][number];

export async function upcomingFires(
  deps: Pick<Deps, "api" | "nowMs">,
  orgId: string,
  fromMs: number,
  toMs: number,
): Promise<UpcomingFires> {
  if (toMs < fromMs || toMs - fromMs > DAYS_MAX * DAY_MS)
    throw invalidTime("to", `The range is not between 0 and ${DAYS_MAX} days.`, "Ask for a shorter one.");
  // A schedule whose next fire comes later has none in the range; of the past it says nothing.
  const dueByMs = fromMs < deps.nowMs() ? null : toMs;
  const { rows, calendars } = await withTenant(deps.api, orgId, async (tx) => ({
    rows: await listDue(tx, { orgId, dueByMs, limit: SCHEDULES_MAX + 1 }),
    calendars: new Map((await listCalendars(tx, orgId)).map(({ name, dates }) => [name, dates])),
  }));
  const read = await readRules(rows.slice(0, SCHEDULES_MAX), calendars, { fromMs, toMs });
  const { items, areAll } = inOrder(read.sparse);
  // Those that were not looked at have no fire before this: up to here the list has everything.
  const leftOut = rows[SCHEDULES_MAX]?.nextDue.getTime();
  const isCut = leftOut !== undefined && dueByMs !== null && leftOut > fromMs;
  return {
    items: isCut ? items.filter(({ at }) => Date.parse(at) <= leftOut) : items,
    dense: read.dense,
    isComplete: areAll && leftOut === undefined,
  };
}

type Sparse = { row: DueRow; fires: Iterator<Moment> };

async function readRules(
  rows: readonly DueRow[],
  calendars: Calendars,
  range: { fromMs: number; toMs: number },
): Promise<{ sparse: Sparse[]; dense: Dense[] }> {
  const sparse: Sparse[] = [];
  const dense: Dense[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await setImmediate();
    const compiled = compileSpec(JSON.parse(row.spec) as ScheduleSpec, row.id, calendars);
    if (!compiled.ok) continue;
    const perDay = densityOf(compiled.spec, range);
    if (perDay === undefined) sparse.push({ row, fires: firesIn(compiled.spec, range) });
    else dense.push({ scheduleId: row.id, name: row.name, ...perDay });
  }
  return { sparse, dense };
}

/** Of one that fires too often within the first day on which it does; undefined = it does not. */
function densityOf(
  spec: CompiledSpec,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Pick<Dense, "perDay" | "firstAt"> | undefined {
  const day: number[] = [];
  let endMs = toMs + 1;
  for (const { atMs, kind } of moments(spec, fromMs)) {
    if (atMs >= endMs || day.length === COUNTED_MAX) break;
    if (kind !== "fire") continue;
    // The day is counted to its end, also behind the range.
    if (day.length === 0) endMs = atMs + DAY_MS;
    day.push(atMs);
  }
  if (day.filter((atMs) => atMs <= toMs).length <= LISTED_PER_DAY_MAX) return undefined;
  const [first = 0, last = 0] = [day[0], day.at(-1)];
  const isWhole = day.length < COUNTED_MAX;
  const perDay = isWhole ? day.length : Math.round(((day.length - 1) * DAY_MS) / (last - first));
  return { perDay, firstAt: new Date(first).toISOString() };
}

function* firesIn(spec: CompiledSpec, { fromMs, toMs }: { fromMs: number; toMs: number }): Generator<Moment> {
  for (const moment of moments(spec, fromMs)) {
    if (moment.atMs > toMs) return;
    if (moment.kind === "fire") yield moment;
  }
}

/** The earliest of all, as many as are shown. */
function inOrder(sparse: readonly Sparse[]): { items: Item[]; areAll: boolean } {
  const heap = createHeap<{ from: Sparse; moment: Moment }>();
  const goOn = (from: Sparse) => {
    const { done, value } = from.fires.next();
    if (done !== true) heap.push(value.atMs, { from, moment: value });
  };
  for (const one of sparse) goOn(one);
  const items: Item[] = [];
  while (items.length < SHOWN_MAX) {
    const next = heap.pop()?.value;
    if (next === undefined) return { items, areAll: true };
    items.push(shown(next.from.row, next.moment));
    goOn(next.from);
  }
  return { items, areAll: heap.size() === 0 };
}

function shown(row: DueRow, { atMs, local, note }: Moment): Item {
  const about = { scheduleId: row.id, name: row.name, at: new Date(atMs).toISOString(), local };
  return { ...about, ...noteView(note) };
}
