// Routes of events.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { hiddenEvent, hiddenMessage } from "../executions/hiddenFields.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { type Answer, type Caller, type Route, route } from "../platform/http.ts";
import { nameAfter, pageOf, placeAfter } from "../platform/page.ts";
import type { NewEvent, SubscriptionSpec } from "./bus.types.ts";
import { keyOfLane, reasonOf } from "./heldReason.ts";
import { completeEvents } from "./publishEvents.ts";
import {
  boundsOf,
  type DeadRow,
  deleteDead,
  findSubscription,
  type HeldListRow,
  insertReplay,
  listDead,
  listEvents,
  listHeld,
  listSubscriptions,
  reviveDead,
  type SubscriptionListRow,
  setSubscriptionPaused,
  touchSubscription,
} from "./store.ts";

export function eventRoutes(deps: Deps): Route[] {
  return [...streamRoutes(deps), ...subscriptionRoutes(deps), ...deadRoutes(deps)];
}

function streamRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.publishEvents, async ({ body, caller }) => {
      const given = Array.isArray(body) ? body : [body];
      const events = completeEvents(given, { source: "/api", nowMs: deps.nowMs, newId: deps.newId });
      if (events.length === 0) return { json: { items: [] } };
      const placed = await deps.events.publish(caller.orgId, events);
      const items = events.map(({ id, source }, index) => ({
        id,
        source,
        position: placed[index]?.position ?? 0,
        duplicate: placed[index]?.isNew === false,
      }));
      return { json: { items } };
    }),
    route(endpoints.listEvents, async ({ query, caller }) => {
      const before = placeAfter(query.after);
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listEvents(tx, {
          orgId: caller.orgId,
          type: query.type ?? null,
          source: query.source ?? null,
          before: before === null ? null : Number(before),
          limit: query.limit + 1,
        }),
      );
      return {
        json: pageOf(
          rows,
          query.limit,
          (row) => String(row.position),
          ({ position, receivedAt, body }) => ({
            position,
            receivedAt: receivedAt.toISOString(),
            event: hiddenEvent(deps, caller, JSON.parse(body)),
          }),
        ),
      };
    }),
  ];
}

function subscriptionRoutes(deps: Deps): Route[] {
  const pausing = (paused: boolean) => async (caller: Caller, id: string) => {
    const answer = await withTenant(deps.api, caller.orgId, async (tx) => {
      await setSubscriptionPaused(tx, caller.orgId, id, paused);
      return show(await findSubscription(tx, caller.orgId, id));
    });
    await deps.events.sync();
    return answer;
  };
  return [
    route(endpoints.listEventSubscriptions, async ({ query, caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listSubscriptions(tx, {
          orgId: caller.orgId,
          workflow: query.workflow ?? null,
          before: placeAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      return { json: pageOf(rows, query.limit, (row) => row.id, subscriptionView) };
    }),
    route(endpoints.listHeldEvents, async ({ params, query, caller }) => {
      const { orgId } = caller;
      const after = heldAfter(query.after);
      const found = await withTenant(deps.api, orgId, async (tx) => {
        const subscription = await findSubscription(tx, orgId, params.id);
        if (!subscription) throw noSubscription();
        const limit = query.limit + 1;
        return { subscription, rows: await listHeld(tx, { orgId, subscription: params.id, after, limit }) };
      });
      const { subscription, rows } = found;
      const view = (row: HeldListRow) => heldView(deps, caller, subscription, row);
      return { json: pageOf(rows, query.limit, ({ position, run }) => `${position} ${run}`, view) };
    }),
    route(endpoints.pauseEventSubscription, ({ caller, params }) => pausing(true)(caller, params.id)),
    route(endpoints.resumeEventSubscription, ({ caller, params }) => pausing(false)(caller, params.id)),
    route(endpoints.replayEvents, async ({ caller, params, body }) => {
      const { orgId, actor } = caller;
      const replay = await withTenant(deps.api, orgId, async (tx) => {
        if (!(await findSubscription(tx, orgId, params.id))) throw noSubscription();
        const fromMs = typeof body.from === "string" ? Date.parse(body.from) : null;
        if (Number.isNaN(fromMs))
          throw refuse(400, "TIME_INVALID", "`from` is no time.", "Write ISO 8601, or a position.");
        const bounds = await boundsOf(tx, orgId, fromMs);
        const from = Math.max(typeof body.from === "number" ? body.from : 0, bounds?.first ?? 0);
        const to = Math.min(body.to ?? Number.MAX_SAFE_INTEGER, bounds?.last ?? 0);
        if (bounds === undefined || from > to)
          throw refuse(
            409,
            "EVENTS_NONE",
            "There is no event in this range.",
            "GET /api/v1/events lists what there is.",
          );
        const id = deps.newId();
        await insertReplay(tx, { id, orgId, subscriptionId: params.id, from, to, actor });
        return { id, from, to };
      });
      await deps.events.sync();
      return { json: replay };
    }),
  ];
}

function deadRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listDeadEvents, async ({ query, caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listDead(tx, {
          orgId: caller.orgId,
          subscription: query.subscription ?? null,
          before: placeAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      return {
        json: pageOf(
          rows,
          query.limit,
          (row) => row.id,
          (row) => deadView(deps, caller, row),
        ),
      };
    }),
    route(endpoints.redeliverEvent, async ({ params, caller }) => {
      await withTenant(deps.api, caller.orgId, async (tx) => {
        await touchSubscription(tx, caller.orgId, params.id);
        if (!(await reviveDead(tx, caller.orgId, params.id))) throw notFound("dead letter with this id");
      });
      await deps.events.sync();
      return { empty: true };
    }),
    route(endpoints.deleteDeadEvent, async ({ params, caller }) => {
      const isGone = await withTenant(deps.api, caller.orgId, (tx) =>
        deleteDead(tx, caller.orgId, params.id),
      );
      if (!isGone) throw notFound("dead letter with this id");
      return { empty: true };
    }),
  ];
}

function show(row: SubscriptionListRow | undefined): Answer {
  if (!row) throw noSubscription();
  return { json: subscriptionView(row) };
}

function noSubscription() {
  return notFound("subscription with this id", "GET /api/v1/events/subscriptions lists those there are.");
}

function subscriptionView({ spec: text, lastEventAt, ...row }: SubscriptionListRow) {
  const { types, source, filter, key, flow } = JSON.parse(text) as SubscriptionSpec;
  const more = { ...(source && { source }), ...(filter && { filter }), ...(key && { key }) };
  return { ...row, types, ...more, flow, lastEventAt: lastEventAt?.toISOString() ?? null };
}

function heldAfter(after: string | undefined): { position: number; run: string } | null {
  const place = nameAfter(after);
  if (place === null) return null;
  const [, position, run] = /^(\d{1,15}) (.{0,100})$/.exec(place) ?? [];
  if (position === undefined || run === undefined)
    throw refuse(
      400,
      "CURSOR_INVALID",
      "`after` is no place in this list.",
      "Use `next` of the page before.",
    );
  return { position: Number(position), run };
}

/** Words that quote a refusal are hidden as messages of the workflow are. */
function heldView(deps: Deps, caller: Caller, subscription: SubscriptionListRow, row: HeldListRow) {
  const shown = (text: string | null) =>
    text === null ? null : hiddenMessage(deps, caller, subscription.workflowId, text);
  const place = { ...row, refusal: shown(row.refusal), headRefusal: shown(row.headRefusal) };
  const spec = JSON.parse(subscription.spec) as SubscriptionSpec;
  const { untilMs, ...reason } = reasonOf(spec, subscription.paused, place, deps.nowMs());
  const { id = null, source = null } = row.body === null ? {} : (JSON.parse(row.body) as Partial<NewEvent>);
  return {
    ...{ position: row.position, type: row.type, id, source },
    receivedAt: new Date(row.receivedMs).toISOString(),
    key: keyOfLane(row.lane),
    // Dead letters that are tried again have a run of their own, which is no replay.
    replay: row.run === "" || row.run.includes("/") ? null : row.run,
    ...reason,
    until: untilMs === null ? null : new Date(untilMs).toISOString(),
    attempts: row.attempts,
    refusal: row.refusalCode === null ? null : { code: row.refusalCode, message: place.refusal ?? "" },
  };
}

function deadView(deps: Deps, caller: Caller, { body, at, ...row }: DeadRow) {
  const event = body === null ? null : hiddenEvent(deps, caller, JSON.parse(body));
  return { ...row, at: at.toISOString(), event };
}
