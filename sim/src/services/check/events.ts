// What the bus promises: what was acknowledged is there once, in the order of its positions; every subscription gets what
// it wants as its flow says, nothing twice; who waits for an event gets the first that fits.
import type { Execution } from "../engine.ts";
import type { SubscriptionPlan } from "../plan.ts";
import { hasClockSetBack, hasStalls, type ServiceEvidence } from "./all.ts";

type EventRow = {
  position: number;
  event_id: string;
  type: string;
  data: { n: number; key: string };
  receivedMs: number;
  /** When it was deleted because it was old, and whether somebody still needed it then. */
  sweptMs: number | null;
  wasNeeded: boolean | null;
};
type Group = { run: string; positions: number[]; execution: Execution };

const CALM_MS = 1_500;
/** Events are kept for a week; a story that is away for a month may outlive its own. */
const KEPT_MS = 7 * 86_400_000;

export async function checkEvents(evidence: ServiceEvidence): Promise<number> {
  const { database, verdict, plan, subscriptionIds } = evidence;
  const rows = await database.admin(
    `SELECT position, event_id, type, body, (extract(epoch FROM received_at) * 1000)::float8 AS received,
       (extract(epoch FROM swept_at) * 1000)::float8 AS swept, is_needed
     FROM (SELECT *, NULL::timestamptz AS swept_at, NULL::boolean AS is_needed FROM events UNION ALL SELECT * FROM sim.swept) e
     ORDER BY position`,
  );
  const events = rows.map((row): EventRow => {
    const { data } = JSON.parse(row.body as string) as { data: EventRow["data"] };
    return {
      position: row.position as number,
      event_id: row.event_id as string,
      type: row.type as string,
      data,
      receivedMs: row.received as number,
      sweptMs: row.swept as number | null,
      wasNeeded: row.is_needed as boolean | null,
    };
  });
  checkStream(evidence, events);
  checkSwept(evidence, events);
  const dead = await database.admin("SELECT subscription_id, position, code FROM event_dead");
  for (const row of dead)
    verdict.lost("dead-letter", `event ${row.position} became a dead letter: ${row.code}`);
  for (const [at, subscription] of plan.subscriptions.entries()) {
    const id = subscriptionIds[at] as string;
    checkSubscription(evidence, subscription, id, events);
  }
  checkWaits(evidence, events);
  return events.length;
}

/** Own events, that is; the platform tells what became of executions in the same stream. */
function checkStream({ verdict, people }: ServiceEvidence, events: readonly EventRow[]): void {
  const byId = Map.groupBy(events, ({ event_id }) => event_id);
  const seen = new Set<number>();
  for (const { position } of events) {
    if (seen.has(position)) verdict.duplicated("position-twice", `two events stand at ${position}`);
    seen.add(position);
  }
  for (const { id, positions, news } of people.publications) {
    const stored = byId.get(id) ?? [];
    // What is not kept any more is not known either.
    if (stored.some(({ sweptMs }) => sweptMs !== null)) continue;
    if (stored.length > 1)
      verdict.duplicated("event-twice", `${id} stands at ${stored.map(({ position }) => position).join()}`);
    if (positions.length > 0 && stored.length === 0)
      verdict.lost("event-lost", `${id} was acknowledged, and is not there`);
    if (news > 1) verdict.duplicated("new-twice", `${id} was said to be new ${news} times`);
    for (const position of positions)
      if (stored[0] && stored[0].position !== position)
        verdict.illegal("wrong-position", `${id} stands at ${stored[0].position}, and ${position} was said`);
  }
}

function checkSwept(evidence: ServiceEvidence, events: readonly EventRow[]): void {
  for (const { position, receivedMs, sweptMs, wasNeeded } of events) {
    if (sweptMs === null) continue;
    if (wasNeeded)
      evidence.verdict.lost("swept-needed", `event ${position} was deleted, and not given to everybody yet`);
    if (sweptMs - receivedMs < KEPT_MS && !hasClockSetBack(evidence))
      evidence.verdict.lost("swept-early", `event ${position} was deleted ${sweptMs - receivedMs} ms old`);
  }
}

function isWanted({ types, filter }: SubscriptionPlan, { type, data }: EventRow): boolean {
  const fits = types.some((one) => one === type || (one === "sim.*" && /^sim\.[^.]+$/.test(type)));
  return fits && (filter === undefined || data.n % 3 !== 0);
}

function checkSubscription(
  evidence: ServiceEvidence,
  subscription: SubscriptionPlan,
  id: string,
  events: readonly EventRow[],
): void {
  const { verdict, engines, people } = evidence;
  const wanted = events.filter((event) => isWanted(subscription, event));
  const prefix = `event/${id}/`;
  const groups = engines.executions
    .filter(({ request }) => request.key?.key.startsWith(prefix))
    .map((execution): Group => {
      const rest = (execution.request.key?.key ?? "").slice(prefix.length).split("/");
      const positions = execution.request.items.map(({ json }) => (json as { position: number }).position);
      return { run: rest.length > 1 ? (rest[0] as string) : "", positions, execution };
    });
  const name = `${subscription.name} (${subscription.flow.flow})`;
  const allowed = new Set(wanted.map(({ position }) => position));
  for (const [run, own] of Map.groupBy(groups, (group) => group.run)) {
    const given = new Set<number>();
    for (const position of own.flatMap(({ positions }) => positions)) {
      if (given.has(position))
        verdict.duplicated("given-twice", `${name} got event ${position} twice${run && " in a replay"}`);
      given.add(position);
      if (!allowed.has(position))
        verdict.illegal("not-wanted", `${name} got event ${position}, which it does not want`);
    }
  }
  const about = { evidence, subscription, name };
  checkFlow(
    about,
    wanted,
    groups.filter(({ run }) => run === ""),
    new Set(groups.filter(({ run }) => run !== "").flatMap(({ positions }) => positions)),
  );
  for (const replay of people.replays.filter(({ subscriptionId }) => subscriptionId === id)) {
    const inRange = wanted.filter(({ position }) => position >= replay.from && position <= replay.to);
    const own = groups.filter(({ run }) => run === replay.id);
    // It gives what is still kept when its turn comes.
    const kept = inRange.filter(({ sweptMs }) => sweptMs === null);
    const isWhole = ["each", "ordered", "throttle", "batch"].includes(subscription.flow.flow);
    if (isWhole) checkAllGiven(about, kept, own, " in its replay");
    // By the times of the past, and apart from what comes.
    if (subscription.flow.flow === "rateLimit" && kept.length === inRange.length)
      checkRates(about, inRange, own, subscription.flow, " in its replay");
  }
  for (const pause of people.pausedSubscriptions.get(id) ?? [])
    for (const { execution, positions } of groups)
      if (execution.startMs > pause.fromMs + 8_000 && execution.startMs < pause.toMs)
        verdict.illegal("given-in-pause", `${name} got event ${positions[0]} while it was paused`);
}

type About = { evidence: ServiceEvidence; subscription: SubscriptionPlan; name: string };

function checkAllGiven(
  { evidence, name }: About,
  wanted: readonly EventRow[],
  groups: readonly Group[],
  where = "",
): void {
  const given = new Set(groups.flatMap(({ positions }) => positions));
  for (const { position } of wanted)
    if (!given.has(position))
      evidence.verdict.lost("not-given", `${name} never got event ${position}${where}`);
}

function checkFlow(
  about: About,
  wanted: readonly EventRow[],
  groups: readonly Group[],
  replayed: ReadonlySet<number>,
): void {
  const { evidence, subscription, name } = about;
  const { verdict, isQuiet } = evidence;
  const { flow } = subscription;
  const groupOf = byPosition(groups);
  if (isQuiet && ["each", "ordered", "throttle", "batch"].includes(flow.flow))
    checkAllGiven(about, wanted, groups);
  if (flow.flow !== "batch")
    for (const { positions } of groups)
      if (positions.length !== 1) verdict.illegal("group", `${name} got ${positions.length} events at once`);
  for (const [key, events] of byKey(subscription, wanted)) {
    const own = [...new Set(events.flatMap(({ position }) => groupOf.get(position) ?? []))];
    const byStart = [...own].sort((a, b) => a.execution.startMs - b.execution.startMs);
    const where = `${name}, key "${key}"`;
    switch (flow.flow) {
      case "ordered":
      case "singleton":
        checkOneAfterTheOther(about, where, byStart);
        // What a replay gives is open as well, and a later event is dropped behind it.
        if (flow.flow === "singleton" && !events.some(({ position }) => replayed.has(position)))
          checkDropped(about, where, events, groupOf);
        break;
      case "debounce":
        checkDebounce(about, where, events, groupOf, flow);
        break;
      case "throttle":
        checkOrder(about, where, byStart);
        checkThrottle(about, where, byStart, flow);
        break;
      case "rateLimit":
        checkRateLimit(about, where, events, groupOf, flow);
        break;
      case "batch":
        checkBatch(about, where, events, byStart, flow);
        break;
      default:
        break;
    }
  }
}

function byPosition(groups: readonly Group[]): ReadonlyMap<number, Group> {
  return new Map(groups.flatMap((group) => group.positions.map((position) => [position, group] as const)));
}

function byKey({ key }: SubscriptionPlan, events: readonly EventRow[]): ReadonlyMap<string, EventRow[]> {
  return Map.groupBy(events, ({ data }) => (key === undefined ? "" : data.key));
}

function checkOrder({ evidence }: About, where: string, byStart: readonly Group[]): void {
  let last = 0;
  for (const { positions } of byStart)
    for (const position of positions) {
      if (position < last)
        evidence.verdict.illegal("out-of-order", `${where}: event ${position} came after ${last}`);
      last = position;
    }
}

function checkOneAfterTheOther(about: About, where: string, byStart: readonly Group[]): void {
  checkOrder(about, where, byStart);
  let before: Group | undefined;
  for (const group of byStart) {
    if (before && (before.execution.endMs ?? Number.POSITIVE_INFINITY) > group.execution.startMs)
      about.evidence.verdict.illegal(
        "two-open",
        `${where}: ${group.positions} started while ${before.positions} was open`,
      );
    before = group;
  }
}

/** Dropped only behind one that was open. */
function checkDropped(
  { evidence }: About,
  where: string,
  events: readonly EventRow[],
  groupOf: ReadonlyMap<number, Group>,
): void {
  let last: { event: EventRow; group: Group } | undefined;
  for (const event of events) {
    const group = groupOf.get(event.position);
    if (group) {
      last = { event, group };
      continue;
    }
    if (!evidence.isQuiet) continue;
    if (last === undefined)
      evidence.verdict.lost(
        "dropped-first",
        `${where}: event ${event.position} was dropped, and nothing was open`,
      );
    else if (
      evidence.plan.isCalm &&
      (last.group.execution.endWallMs ?? Number.POSITIVE_INFINITY) < event.receivedMs - CALM_MS
    )
      evidence.verdict.lost(
        "dropped-for-nothing",
        `${where}: event ${event.position} was dropped long after ${last.event.position} had ended`,
      );
  }
}

function checkDebounce(
  { evidence }: About,
  where: string,
  events: readonly EventRow[],
  groupOf: ReadonlyMap<number, Group>,
  flow: { quietSeconds: number; maxWaitSeconds?: number },
): void {
  const { verdict, isQuiet, plan } = evidence;
  const last = events.at(-1);
  if (isQuiet && last && !groupOf.has(last.position))
    verdict.lost("last-lost", `${where}: the last event, ${last.position}, was never given`);
  const isSteady = !hasClockSetBack(evidence) && !hasStalls(evidence);
  let firstMs = Number.POSITIVE_INFINITY;
  for (const [at, event] of events.entries()) {
    firstMs = Math.min(firstMs, event.receivedMs);
    const group = groupOf.get(event.position);
    if (group === undefined) continue;
    const readyMs = Math.min(
      event.receivedMs + flow.quietSeconds * 1_000,
      flow.maxWaitSeconds === undefined ? Number.POSITIVE_INFINITY : firstMs + flow.maxWaitSeconds * 1_000,
    );
    if (isSteady && group.execution.askedWallMs < readyMs - 1)
      verdict.illegal(
        "not-quiet",
        `${where}: event ${event.position} was given ${Math.round(readyMs - group.execution.askedWallMs)} ms too early`,
      );
    const next = events[at + 1];
    if (plan.isCalm && next && next.receivedMs < readyMs - CALM_MS)
      verdict.illegal(
        "not-debounced",
        `${where}: event ${event.position} was given although ${next.position} followed`,
      );
    firstMs = Number.POSITIVE_INFINITY;
  }
}

/** In any stretch of time: what is allowed at once, and one more for each interval. */
function checkThrottle(
  { evidence }: About,
  where: string,
  byStart: readonly Group[],
  flow: { limit: number; perSeconds: number; burst?: number },
): void {
  if (hasClockSetBack(evidence) || hasStalls(evidence)) return;
  const times = byStart.map(({ execution }) => execution.askedWallMs);
  const interval = (flow.perSeconds * 1_000) / flow.limit;
  const wrong = tooMany(times, flow.burst ?? 1, interval);
  if (wrong !== undefined) evidence.verdict.illegal("throttle", `${where}: ${wrong}`);
}

function checkRates(
  about: About,
  wanted: readonly EventRow[],
  groups: readonly Group[],
  flow: { limit: number; perSeconds: number },
  what: string,
): void {
  for (const [key, events] of byKey(about.subscription, wanted))
    checkRateLimit(about, `${about.name}, key "${key}"${what}`, events, byPosition(groups), flow);
}

function checkRateLimit(
  { evidence }: About,
  where: string,
  events: readonly EventRow[],
  groupOf: ReadonlyMap<number, Group>,
  flow: { limit: number; perSeconds: number },
): void {
  const { verdict, isQuiet } = evidence;
  const interval = (flow.perSeconds * 1_000) / flow.limit;
  const given = events.filter(({ position }) => groupOf.has(position));
  const wrong = hasClockSetBack(evidence)
    ? undefined
    : tooMany(
        given.map(({ receivedMs }) => receivedMs),
        flow.limit,
        interval,
      );
  if (wrong !== undefined) verdict.illegal("rate", `${where}: ${wrong}`);
  if (!isQuiet) return;
  for (const event of events) {
    if (groupOf.has(event.position)) continue;
    const isSetBack = hasClockSetBack(evidence);
    // Over a clock that was set back it counts what it knew for as long again, and no longer.
    const since = event.receivedMs - flow.perSeconds * 1_000 * (isSetBack ? 2 : 1);
    const before = given.filter(
      ({ position, receivedMs }) => position < event.position && receivedMs > since,
    ).length;
    if (before < (isSetBack ? 1 : flow.limit))
      verdict.lost(
        "dropped-below-rate",
        `${where}: event ${event.position} was dropped after ${before} in ${flow.perSeconds} s, and ${flow.limit} may be`,
      );
  }
}

/** `burst` at once, then one for each interval: what is wrong with these moments, if anything. */
function tooMany(times: readonly number[], burst: number, interval: number): string | undefined {
  for (let from = 0; from < times.length; from++)
    for (let to = from + burst; to < times.length; to++) {
      const spent = (times[to] as number) - (times[from] as number);
      const count = to - from + 1;
      if (count > burst + spent / interval + 1e-3)
        return `${count} in ${Math.round(spent)} ms (${burst} at once, one every ${interval} ms)`;
    }
  return undefined;
}

function checkBatch(
  about: About,
  where: string,
  events: readonly EventRow[],
  byStart: readonly Group[],
  flow: { size: number; waitSeconds: number },
): void {
  const { evidence } = about;
  checkOrder(about, where, byStart);
  const receivedMs = new Map(events.map((event) => [event.position, event.receivedMs]));
  const isSteady = !hasClockSetBack(evidence) && !hasStalls(evidence);
  for (const { positions, execution } of byStart) {
    if (positions.length > flow.size)
      evidence.verdict.illegal("batch-size", `${where}: ${positions.length} events at once`);
    const readyMs = (receivedMs.get(positions[0] as number) ?? 0) + flow.waitSeconds * 1_000;
    if (positions.length < flow.size && isSteady && execution.askedWallMs < readyMs - 1)
      evidence.verdict.illegal(
        "batch-early",
        `${where}: ${positions.length} events were given before their time`,
      );
  }
}

/** The first event that was received after the wait began; none is missed. */
function checkWaits(evidence: ServiceEvidence, events: readonly EventRow[]): void {
  const { verdict, engines, isQuiet } = evidence;
  for (const execution of engines.executions) {
    if (!execution.request.cause?.startsWith("wait/")) continue;
    const { wants } = (execution.request.items[0] as { json: { wants: number } }).json;
    const fitting = events.filter(({ type, data }) => type === "sim.told" && data.n === wants);
    const [answer] = execution.answers;
    if (answer === undefined) {
      const missed = fitting.find(({ receivedMs }) => receivedMs > execution.waitWallMs);
      if (missed && isQuiet && !hasClockSetBack(evidence))
        verdict.lost("wait-missed", `the wait ${wants} was never given event ${missed.position}`);
      continue;
    }
    const given = (answer.payload as { position: number }).position;
    if (!fitting.some(({ position }) => position === given))
      verdict.illegal("wrong-answer", `the wait ${wants} was answered with event ${given}`);
    if (hasClockSetBack(evidence)) continue;
    const first = fitting.find(({ receivedMs }) => receivedMs >= execution.startWallMs);
    if (first && first.position !== given)
      verdict.illegal(
        "not-the-first",
        `the wait ${wants} was answered with event ${given}, and ${first.position} was the first`,
      );
  }
}
