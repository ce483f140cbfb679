// Routes of schedules.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Answer, type Caller, type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { backfillSchedule } from "./backfillSchedule.ts";
import { deleteCalendar, putCalendar } from "./calendars.ts";
import { compiled, specOf } from "./compile.ts";
import { deleteSchedule, pauseSchedule, resumeSchedule, triggerSchedule } from "./controlSchedule.ts";
import { type CalendarRow, listCalendars, listFires } from "./fireStore.ts";
import { createSchedule, replaceSchedule } from "./saveSchedule.ts";
import { findSchedule, listSchedules, type ScheduleRow } from "./store.ts";
import { upcomingFires } from "./upcoming.ts";
import { fireView, previewOf, readInstant, scheduleView } from "./view.ts";

export function scheduleRoutes(deps: Deps): Route[] {
  return [...ruleRoutes(deps), ...calendarRoutes(deps), ...changeRoutes(deps), ...readRoutes(deps)];
}

function ruleRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.previewSchedule, async ({ body, caller }) => {
      const { count, from } = body;
      const spec = await withTenant(deps.api, caller.orgId, (tx) => compiled(tx, caller.orgId, specOf(body)));
      return { json: previewOf(spec, fromOf(deps, from), count) };
    }),
    route(endpoints.listUpcomingFires, async ({ query, caller }) => ({
      json: await upcomingFires(deps, caller.orgId, fromOf(deps, query.from), readInstant("to", query.to)),
    })),
    route(endpoints.previewStoredSchedule, async ({ params, query, caller }) => {
      const spec = await withTenant(deps.api, caller.orgId, async (tx) => {
        const row = await findSchedule(tx, caller.orgId, params.id);
        if (!row) throw notFound("schedule with this id");
        return compiled(tx, caller.orgId, specOf(JSON.parse(row.spec)), row.id);
      });
      return { json: previewOf(spec, fromOf(deps, query.from), query.count) };
    }),
  ];
}

function calendarRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listCalendars, async ({ caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) => listCalendars(tx, caller.orgId));
      return { json: { items: rows.map(calendarView) } };
    }),
    route(endpoints.putCalendar, async ({ params, body, caller }) => ({
      json: calendarView(await putCalendar(deps, caller, params.name, body.dates)),
    })),
    route(endpoints.deleteCalendar, async ({ params, caller }) => {
      await deleteCalendar(deps, caller, params.name);
      return { empty: true };
    }),
  ];
}

function changeRoutes(deps: Deps): Route[] {
  const shown = (caller: Caller, id: string) => show(deps, caller, id);
  return [
    route(endpoints.createSchedule, async ({ body, caller }) => {
      const id = await createSchedule(deps, caller, body);
      return shown(caller, id);
    }),
    route(endpoints.updateSchedule, async ({ params, body, caller, header }) => {
      await replaceSchedule(deps, caller, { id: params.id, body, ifMatch: header("if-match") });
      return shown(caller, params.id);
    }),
    route(endpoints.deleteSchedule, async ({ params, caller }) => {
      await deleteSchedule(deps, caller, params.id);
      return { empty: true };
    }),
    route(endpoints.pauseSchedule, async ({ params, body, caller }) => {
      await pauseSchedule(deps, caller, params.id, body?.reason);
      return shown(caller, params.id);
    }),
    route(endpoints.resumeSchedule, async ({ params, caller }) => {
      await resumeSchedule(deps, caller, params.id);
      return shown(caller, params.id);
    }),
    route(endpoints.triggerSchedule, async ({ params, caller, header }) => {
      const executionId = await triggerSchedule(deps, caller, params.id, header("idempotency-key"));
      const url = `/api/v1/executions/${executionId}`;
      return { json: { executionId, url }, headers: { location: url } };
    }),
    route(endpoints.backfillSchedule, async ({ params, body, caller }) => ({
      json: await backfillSchedule(deps, caller, params.id, body),
    })),
  ];
}

function readRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listSchedules, async ({ query, caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listSchedules(tx, {
          orgId: caller.orgId,
          search: query.search ?? null,
          workflow: query.workflow ?? null,
          status: query.status ?? null,
          before: placeAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      return { json: pageOf(rows, query.limit, (row) => row.id, scheduleView) };
    }),
    route(endpoints.getSchedule, ({ params, caller }) => show(deps, caller, params.id)),
    route(endpoints.listScheduleFires, async ({ params, query, caller }) => {
      const { orgId } = caller;
      const rows = await withTenant(deps.api, orgId, async (tx) => {
        if (!(await findSchedule(tx, orgId, params.id))) throw notFound("schedule with this id");
        return listFires(tx, {
          orgId,
          scheduleId: params.id,
          outcome: query.outcome ?? null,
          before: placeAfter(query.after),
          limit: query.limit + 1,
        });
      });
      return { json: pageOf(rows, query.limit, (row) => row.id, fireView) };
    }),
  ];
}

async function show(deps: Deps, caller: Caller, id: string): Promise<Answer> {
  const row: ScheduleRow | undefined = await withTenant(deps.api, caller.orgId, (tx) =>
    findSchedule(tx, caller.orgId, id),
  );
  if (!row) throw notFound("schedule with this id", "GET /api/v1/schedules lists those there are.");
  const json = scheduleView(row);
  return { json, headers: { etag: json.etag } };
}

function fromOf(deps: Deps, from: string | undefined): number {
  return from === undefined ? deps.nowMs() : readInstant("from", from);
}

function calendarView({ name, dates, updatedAt }: CalendarRow) {
  return { name, dates, updatedAt: updatedAt.toISOString() };
}
