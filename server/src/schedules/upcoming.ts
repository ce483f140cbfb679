// What all schedules of an organization will fire in a range: the calendar of a person who looks ahead. Computed from
// the rules when it is asked; nothing of it is stored, so it is never out of date.
import type { UpcomingFires } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { listCalendars } from "./fireStore.ts";
import { type Moment, moments } from "./fires.ts";
import { compileSpec, type ScheduleSpec } from "./spec.ts";
import { listSchedules, type ScheduleRow } from "./store.ts";
import { invalidTime } from "./view.ts";

const DAY_MS = 86_400_000;
const DAYS_MAX = 62;
const SCHEDULES_MAX = 500;
const SHOWN_MAX = 5_000;
/** More than these a day are counted: a list of them would say less than the rule does. */
const LISTED_PER_DAY_MAX = 12;

export async function upcomingFires(
  deps: Pick<Deps, "api">,
  orgId: string,
  fromMs: number,
  toMs: number,
): Promise<UpcomingFires> {
  if (toMs < fromMs || toMs - fromMs > DAYS_MAX * DAY_MS)
    throw invalidTime("to", `The range is not between 0 and ${DAYS_MAX} days.`, "Ask for a shorter one.");
  const { rows, calendars } = await withTenant(deps.api, orgId, async (tx) => ({
    rows: await listSchedules(tx, {
      ...{ orgId, workflow: null, status: "active", before: null, limit: SCHEDULES_MAX + 1 },
    }),
    calendars: new Map((await listCalendars(tx, orgId)).map(({ name, dates }) => [name, dates])),
  }));
  const days = Math.max(1, (toMs - fromMs) / DAY_MS);
  const items: UpcomingFires["items"] = [];
  const dense: UpcomingFires["dense"] = [];
  for (const row of rows.slice(0, SCHEDULES_MAX)) {
    const compiled = compileSpec(JSON.parse(row.spec) as ScheduleSpec, row.id, calendars);
    if (!compiled.ok) continue;
    const listed = Math.ceil(days * LISTED_PER_DAY_MAX);
    const found = within(moments(compiled.spec, fromMs), toMs, listed + 1);
    if (found.length > listed) dense.push(counted(row, found));
    else items.push(...found.map((fire) => shown(row, fire)));
  }
  items.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    items: items.slice(0, SHOWN_MAX),
    dense,
    isComplete: rows.length <= SCHEDULES_MAX && items.length <= SHOWN_MAX,
  };
}

function within(all: Generator<Moment>, toMs: number, max: number): Moment[] {
  const found: Moment[] = [];
  for (const moment of all) {
    if (moment.atMs > toMs || found.length >= max) break;
    if (moment.kind === "fire") found.push(moment);
  }
  return found;
}

/** By the density of those that were looked at: the rest was not walked. */
function counted(row: ScheduleRow, found: readonly Moment[]): UpcomingFires["dense"][number] {
  const [first, last] = [found[0]?.atMs ?? 0, found.at(-1)?.atMs ?? 0];
  const perDay = Math.round(((found.length - 1) * DAY_MS) / Math.max(1, last - first));
  return { scheduleId: row.id, name: row.name, perDay, firstAt: new Date(first).toISOString() };
}

function shown(row: ScheduleRow, { atMs, local, note }: Moment): UpcomingFires["items"][number] {
  const about = { scheduleId: row.id, name: row.name, at: new Date(atMs).toISOString(), local };
  return note === undefined ? about : { ...about, note };
}
