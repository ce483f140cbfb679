// The router: gives every event to every subscription and every waiting execution, in order, page by page.
//
//   page of events -> who wants it -> started at once, held in a lane, dropped or a dead letter
//                  -> one transaction writes what is held and moves the cursor
//
// Invariants:
//   1. The cursor moves only after what it passes is durable: a start, a row, or a count.
//   2. Routing a page again changes nothing: start keys name positions, rows are keyed by them, and rates are counted
//      by the time at which events were received, from gates of the page's own beginning (they and the cursor are
//      written together, so gates that were read before the cursor was still there are of that place; nobody else
//      moves them: a replay counts by gates of its own).
import { pause, systemTimers } from "../platform/timers.ts";
import type { Flow, StoredEvent } from "./bus.types.ts";
import {
  type Dead,
  deleteReplay,
  type Gate,
  type Held,
  isAt,
  type Replay,
  readEvents,
  readGates,
  replayLanes,
  type Stream,
  type Tally,
  writeRouted,
} from "./busStore.ts";
import { laneId, laneOf, pokeLane } from "./lanes.ts";
import { passBucket, type Rate } from "./rate.ts";
import type { BusReign } from "./reign.ts";
import { startForEvents } from "./startForEvents.ts";
import { isDirect, type Subscription } from "./subscription.ts";
import { offerToWaits } from "./waits.ts";

const PAGE = 500;
const BUSY_MS = 50;
const BUSY_TRIES = 40;
/** The longest that a commit without an answer may still be under way. */
const UNSURE_MS = 60_000;
/** Events that waits are told of late may still be found here. */
const RECENT_MAX = 1_000;

export async function routeStream(reign: BusReign, stream: Stream): Promise<void> {
  const { orgId, lastPosition } = stream;
  let from = stream.routed;
  while (!reign.isOver && from < lastPosition) {
    const subscriptions = reign.byOrg.get(orgId) ?? [];
    const events = await readEvents(reign.parts.pool, { orgId, after: from, to: lastPosition, limit: PAGE });
    const to = events.length < PAGE ? lastPosition : (events.at(-1)?.position ?? lastPosition);
    if (reign.isOver) return;
    await offerToWaits(reign, orgId, events);
    remember(reign, orgId, events);
    if (!(await routePage(reign, { orgId, run: "", from, to, events, subscriptions }))) return;
    from = to;
  }
}

export async function routeReplay(reign: BusReign, replay: Replay): Promise<void> {
  const { orgId, id, to: last } = replay;
  let from = replay.next - 1;
  while (!reign.isOver && from < last) {
    const subscription = reign.subscriptions.get(replay.subscriptionId);
    if (!subscription) return;
    const events = await readEvents(reign.parts.pool, { orgId, after: from, to: last, limit: PAGE });
    const to = events.length < PAGE ? last : (events.at(-1)?.position ?? last);
    if (!(await routePage(reign, { orgId, run: id, from, to, events, subscriptions: [subscription] })))
      return;
    from = to;
  }
  await deleteReplay(reign.parts.pool, replay);
}

type Page = {
  orgId: string;
  run: string;
  from: number;
  to: number;
  events: readonly StoredEvent[];
  subscriptions: readonly Subscription[];
};

type Plan = {
  held: Map<string, Held>;
  dead: Dead[];
  direct: { subscription: Subscription; event: StoredEvent }[];
  gates: Map<string, Gate>;
  tallies: Map<string, Tally>;
};

async function routePage(reign: BusReign, page: Page): Promise<boolean> {
  const plan = await planOf(reign, page);
  if (plan.gates.size > 0 && !(await isAt(reign.parts.pool, page))) return false;
  await startAll(reign, page, plan);
  if (reign.isOver) return false;
  const { parts, epoch } = reign;
  let isWritten = false;
  try {
    isWritten = await writeRouted(parts.pool, {
      ...{ epoch, orgId: page.orgId, run: page.run, from: page.from, to: page.to },
      ...{ held: [...plan.held.values()], dead: plan.dead },
      ...{ gates: [...plan.gates.values()], tallies: [...plan.tallies.values()] },
    });
    return isWritten;
  } catch (error) {
    // Perhaps it is written, or will be in a moment; then the cursor is past this page, and nobody routes it again.
    reign.unsureUntilMs = (parts.timers ?? systemTimers).monotonic() + UNSURE_MS;
    throw error;
  } finally {
    // Also when there was no answer, or another wrote it: what is not there is not found.
    for (const { subscriptionId, lane } of plan.held.values())
      pokeLane(reign, laneOf(reign, subscriptionId, lane, isWritten));
  }
}

async function planOf(reign: BusReign, page: Page): Promise<Plan> {
  const plan: Plan = { held: new Map(), dead: [], direct: [], gates: new Map(), tallies: new Map() };
  const wanted: { subscription: Subscription; event: StoredEvent; key: string }[] = [];
  for (const event of page.events)
    for (const subscription of page.subscriptions) {
      // A replay is asked for: it also gives what came before the subscription.
      if (page.run === "" && event.position <= subscription.row.since) continue;
      const answer = subscription.wants(event);
      if ("code" in answer) {
        const { code, reason } = answer;
        const id = reign.parts.newId();
        plan.dead.push({ id, subscriptionId: subscription.row.id, position: event.position, code, reason });
      } else if (answer.wanted) wanted.push({ subscription, event, key: answer.key });
    }
  await loadGates(reign, page, plan, wanted);
  for (const { subscription, event, key } of wanted) place(reign, page, plan, subscription, event, key);
  return plan;
}

async function loadGates(
  reign: BusReign,
  { run }: Page,
  plan: Plan,
  wanted: readonly { subscription: Subscription; key: string }[],
): Promise<void> {
  const limited = wanted.filter(({ subscription }) => subscription.spec.flow === "rateLimit");
  if (limited.length === 0) return;
  const keys = new Map(
    limited.map(({ subscription: { row }, key }) => [
      laneId(row.id, rateOf(run, key)),
      { subscriptionId: row.id, lane: rateOf(run, key) },
    ]),
  );
  for (const gate of await readGates(reign.parts.pool, [...keys.values()]))
    plan.gates.set(laneId(gate.subscriptionId, gate.lane), gate);
}

function place(
  reign: BusReign,
  page: Page,
  plan: Plan,
  subscription: Subscription,
  event: StoredEvent,
  key: string,
): void {
  const { row, spec } = subscription;
  const tally = tallyOf(plan, row.id);
  tally.matched += 1;
  if (spec.flow === "rateLimit" && !passes(plan, row.id, rateOf(page.run, key), spec, event.receivedMs)) {
    tally.dropped += 1;
    return;
  }
  if (isDirect(spec)) {
    if (row.paused) hold(plan, row.id, event, `retry/${page.run}${event.position}`);
    else plan.direct.push({ subscription, event });
    return;
  }
  const lane = laneNameOf(spec, page.run, key);
  if (spec.flow === "singleton" && isTaken(reign, plan, row.id, lane)) {
    tally.dropped += 1;
    return;
  }
  hold(plan, row.id, event, lane, spec.flow === "debounce");
}

/**
 * What joins looks at every upstream workflow: one lane for all. What gathers events gathers those of a replay apart, or
 * it would give an event twice at once; the others share order, gate and the one that is open.
 */
function laneNameOf({ flow }: Flow, run: string, key: string): string {
  const own = flow === "join" ? "" : key;
  const gathers = flow === "batch" || flow === "debounce" || flow === "join";
  return run !== "" && gathers ? `${replayLanes(run)}${own}` : `key/${own}`;
}

/** Not by what this page itself may have left there at an earlier try, or its event would be dropped behind nothing. */
function isTaken(reign: BusReign, plan: Plan, subscriptionId: string, lane: string): boolean {
  if (reign.lanes.get(laneId(subscriptionId, lane))?.isHeld) return true;
  return [...plan.held.values()].some((one) => one.subscriptionId === subscriptionId && one.lane === lane);
}

function hold(plan: Plan, subscriptionId: string, event: StoredEvent, lane: string, replaces = false): void {
  const { position, receivedMs } = event;
  const id = replaces ? laneId(subscriptionId, lane) : `${subscriptionId} ${position}`;
  const before = plan.held.get(id);
  if (before !== undefined && replaces) tallyOf(plan, subscriptionId).dropped += 1;
  const firstMs = before?.firstMs ?? receivedMs;
  plan.held.set(id, { subscriptionId, position, lane, receivedMs, firstMs, dueMs: null, replaces });
}

/** Of the past a replay counts what it gives itself: the rate of what comes is no affair of it. */
function rateOf(run: string, key: string): string {
  return run === "" ? `rate/${key}` : `${replayLanes(run)}rate/${key}`;
}

/** Its rate, with the gate that follows when it does. */
function passes(plan: Plan, subscriptionId: string, lane: string, rate: Rate, receivedMs: number): boolean {
  const id = laneId(subscriptionId, lane);
  const atMs = passBucket(rate, plan.gates.get(id)?.atMs, receivedMs);
  if (atMs === undefined) return false;
  plan.gates.set(id, { subscriptionId, lane, atMs });
  return true;
}

function tallyOf(plan: Plan, subscriptionId: string): Tally {
  let tally = plan.tallies.get(subscriptionId);
  if (!tally) {
    tally = { subscriptionId, matched: 0, dropped: 0 };
    plan.tallies.set(subscriptionId, tally);
  }
  return tally;
}

async function startAll(reign: BusReign, page: Page, plan: Plan): Promise<void> {
  await Promise.all(
    plan.direct.map(async ({ subscription, event }) => {
      const about = { run: page.run, release: event.position };
      for (let attempt = 1; !reign.isOver; attempt += 1) {
        const started = await startForEvents(reign, subscription, [event], about);
        if (started.kind === "started") return;
        if (started.kind === "skipped") {
          tallyOf(plan, subscription.row.id).dropped += 1;
          return;
        }
        // While the organization or the engine has enough to do, the backlog stays where it is: in the stream.
        if (started.kind === "later" && started.isOrg) {
          if (attempt >= BUSY_TRIES || ["MAINTENANCE", "DISK_LIMIT"].includes(started.code))
            throw new Error(`events stay in the stream: ${started.reason}`);
          await pause(reign.parts.timers ?? systemTimers, BUSY_MS * Math.min(attempt, 20));
          continue;
        }
        hold(plan, subscription.row.id, event, `retry/${page.run}${event.position}`);
        return;
      }
    }),
  );
}

function remember(reign: BusReign, orgId: string, events: readonly StoredEvent[]): void {
  const recent = reign.recent.get(orgId) ?? [];
  recent.push(...events);
  if (recent.length > 2 * RECENT_MAX) recent.splice(0, recent.length - RECENT_MAX);
  reign.recent.set(orgId, recent);
}
