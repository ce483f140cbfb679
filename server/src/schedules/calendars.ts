// Named calendars: days on which the schedules that exclude them do not fire.
import type { Problem } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { compiled, invalidSchedule, nextOf } from "./compile.ts";
import {
  type CalendarRow,
  deleteCalendar as deleteRow,
  listCalendars,
  putCalendar as putRow,
  schedulesMentioning,
} from "./fireStore.ts";
import { isExcludableDate, type ScheduleSpec } from "./spec.ts";
import { setNext } from "./store.ts";

export async function putCalendar(
  deps: Deps,
  caller: Caller,
  name: string,
  dates: readonly string[],
): Promise<CalendarRow> {
  const problems = dates.flatMap((date, index): Problem[] =>
    isExcludableDate(date)
      ? []
      : [
          {
            code: "DATE_INVALID",
            message: `"${date}" is no date.`,
            remedy: "Write 2026-12-25, or 12-25 for every year.",
            path: `/dates/${index}`,
            field: "dates",
          },
        ],
  );
  if (problems.length > 0) throw invalidSchedule(problems);
  const { orgId } = caller;
  const row = await withTenant(deps.api, orgId, async (tx) => {
    await putRow(tx, orgId, name, [...new Set(dates)].sort());
    await follow(tx, orgId, name, deps.nowMs());
    return (await listCalendars(tx, orgId)).find((one) => one.name === name);
  });
  await deps.schedules.sync();
  if (!row) throw notFound("calendar with this name");
  return row;
}

export async function deleteCalendar(deps: Deps, caller: Caller, name: string): Promise<void> {
  const { orgId } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const [user] = await schedulesMentioning(tx, orgId, name);
    if (user)
      throw refuse(
        409,
        "CALENDAR_IN_USE",
        `The schedule "${user.name}" excludes this calendar.`,
        "Take it out of the schedule first.",
      );
    if (!(await deleteRow(tx, orgId, name))) throw notFound("calendar with this name");
  });
}

/** The next fire may be on a day that is excluded now, or no longer; what is overdue already stays due. */
async function follow(tx: Transaction, orgId: string, name: string, nowMs: number): Promise<void> {
  for (const { id, spec, nextDue } of await schedulesMentioning(tx, orgId, name)) {
    if (nextDue !== null && nextDue.getTime() <= nowMs) continue;
    const rule = await compiled(tx, orgId, JSON.parse(spec) as ScheduleSpec, id);
    await setNext(tx, { orgId, id, ...nextOf(rule, nowMs) });
  }
}
