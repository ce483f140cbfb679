// Lanes: what is held starts from here, one lane at a time, in order. The table is the truth; memory knows only which
// lanes there are and when to look at them again.
//
//   retry/POSITION   one event whose start was refused, or that came while the subscription was paused
//   key/KEY          events of one key: ordered and singleton wait for the execution before, throttle for its gate,
//                    debounce and batch for their time, join for the other workflows
//   replay/RUN/KEY   the same of a replay, for flows that gather events
import type { StoredEvent } from "./bus.types.ts";
import { findEvents } from "./busStore.ts";
import {
  bury,
  type HeldRow,
  isOpen,
  type LaneHead,
  markRunning,
  putOff,
  readLane,
  seal,
  settle,
} from "./heldStore.ts";
import { nextGate, openThrottle } from "./rate.ts";
import { type BusReign, type Lane, track } from "./reign.ts";
import { type Started, startForEvents } from "./startForEvents.ts";
import type { Subscription } from "./subscription.ts";

const JOIN_ROWS_MAX = 500;
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 300_000;
/** Refusals that will not go away by themselves: given up after this many. */
const NEVER_MAX = 5;

export function laneId(subscriptionId: string, lane: string): string {
  return `${subscriptionId} ${lane}`;
}

/** `isHeld`: something is held there for certain. */
export function laneOf(reign: BusReign, subscriptionId: string, lane: string, isHeld: boolean): Lane {
  const id = laneId(subscriptionId, lane);
  let known = reign.lanes.get(id);
  if (!known) {
    known = {
      ...{ id, subscriptionId, lane },
      ...{ isBusy: false, isAskedAgain: false, isHeld: false, retryMs: 0, open: undefined },
    };
    reign.lanes.set(id, known);
  }
  known.isHeld ||= isHeld;
  return known;
}

export function pokeLane(reign: BusReign, lane: Lane): void {
  if (reign.isOver) return;
  if (lane.isBusy) {
    lane.isAskedAgain = true;
    return;
  }
  lane.isBusy = true;
  void track(reign, work(reign, lane));
}

async function work(reign: BusReign, lane: Lane): Promise<void> {
  try {
    do {
      lane.isAskedAgain = false;
      while (!reign.isOver && (await step(reign, lane)));
    } while (lane.isAskedAgain && !reign.isOver);
    lane.retryMs = 0;
    const subscription = reign.subscriptions.get(lane.subscriptionId);
    if (subscription) reign.parts.onChange?.(subscription.row.orgId);
  } catch (error) {
    if (!reign.isOver) {
      lane.retryMs = Math.min(Math.max(2 * lane.retryMs, reign.parts.retryMs ?? RETRY_MS), RETRY_MS_MAX);
      reign.parts.log("warn", "events wait for another try", { subscription: lane.subscriptionId, error });
      wakeAt(reign, lane, reign.parts.nowMs() + lane.retryMs);
    }
  } finally {
    lane.isBusy = false;
    if (lane.isAskedAgain) pokeLane(reign, lane);
  }
}

function wakeAt(reign: BusReign, lane: Lane, atMs: number): void {
  reign.wakes.push(atMs, lane);
}

/** True = look again at once. */
async function step(reign: BusReign, lane: Lane): Promise<boolean> {
  const subscription = reign.subscriptions.get(lane.subscriptionId);
  if (!subscription || subscription.row.paused) return false;
  const head = await readLane(reign.parts.pool, lane, limitOf(subscription, lane));
  const [first] = head.rows;
  if (first === undefined) {
    if (!lane.isAskedAgain) reign.lanes.delete(lane.id);
    return false;
  }
  lane.isHeld = true;
  if (first.executionId !== null) return waitForEnd(reign, lane, first, first.executionId);
  const ready = readyOf(subscription, lane, head, reign.parts.nowMs());
  if ("atMs" in ready) {
    if (Number.isFinite(ready.atMs)) wakeAt(reign, lane, ready.atMs);
    return false;
  }
  if ("gone" in ready) {
    await settle(reign.parts.pool, groupOf(subscription, ready.gone));
    return true;
  }
  return release(reign, lane, subscription, ready.rows, head.gateMs);
}

function limitOf({ spec }: Subscription, { lane }: Lane): number {
  if (lane.startsWith("retry/")) return 1;
  if (spec.flow === "batch") return spec.size;
  return spec.flow === "join" ? JOIN_ROWS_MAX : 1;
}

type Ready = { atMs: number } | { rows: HeldRow[] } | { gone: HeldRow[] };

/** Who starts now, or when to look again. */
export function readyOf(
  { spec }: Pick<Subscription, "spec">,
  lane: Pick<Lane, "lane">,
  { rows, gateMs }: LaneHead,
  nowMs: number,
): Ready {
  const first = rows[0] as HeldRow;
  if (first.dueMs !== null && first.dueMs > nowMs) return { atMs: first.dueMs };
  if (first.release !== null) return { rows: rows.filter(({ release }) => release === first.release) };
  if (lane.lane.startsWith("retry/")) return { rows: [first] };
  const after = (atMs: number, group: HeldRow[]): Ready => (atMs > nowMs ? { atMs } : { rows: group });
  switch (spec.flow) {
    case "throttle":
      return after(openThrottle(spec, gateMs, nowMs), [first]);
    case "debounce": {
      const quiet = first.receivedMs + spec.quietSeconds * 1000;
      const longest = spec.maxWaitSeconds === undefined ? quiet : first.firstMs + spec.maxWaitSeconds * 1000;
      return after(Math.min(quiet, longest), [first]);
    }
    case "batch":
      return rows.length >= spec.size ? { rows } : after(first.receivedMs + spec.waitSeconds * 1000, rows);
    default:
      return { rows: [first] };
  }
}

async function release(
  reign: BusReign,
  lane: Lane,
  subscription: Subscription,
  rows: HeldRow[],
  gateMs: number | null,
): Promise<boolean> {
  const { pool, nowMs } = reign.parts;
  const { spec, row } = subscription;
  let group = rows;
  let events: Map<number, StoredEvent> | undefined;
  if (spec.flow === "join" && rows[0]?.release === null) {
    const joined = await joinedOf(reign, subscription, spec, lane);
    if ("atMs" in joined) {
      if (Number.isFinite(joined.atMs)) wakeAt(reign, lane, joined.atMs);
      return false;
    }
    if ("gone" in joined) {
      await settle(pool, groupOf(subscription, joined.gone));
      return true;
    }
    group = joined.rows;
    events = joined.events;
  }
  const last = group.at(-1) as HeldRow;
  const isGroup = spec.flow === "batch" || spec.flow === "debounce" || spec.flow === "join";
  if (isGroup && group[0]?.release === null && !lane.lane.startsWith("retry/")) {
    // A later one took the place of it meanwhile, or another who leads, or led, sealed some of them.
    if (!(await seal(pool, groupOf(subscription, group), last.position))) return true;
  }
  events ??= await findEvents(
    pool,
    row.orgId,
    group.map(({ position }) => position),
  );
  const started = await startForEvents(
    reign,
    subscription,
    group.flatMap(({ position }) => events.get(position) ?? []),
    { run: last.run, release: last.release ?? last.position },
  );
  if (started.kind === "started" || started.kind === "skipped") {
    if (started.kind === "started" && waitsForEnd(subscription, lane)) {
      await markRunning(pool, groupOf(subscription, group), started.executionId);
      return true;
    }
    const isThrottled = spec.flow === "throttle" && !lane.lane.startsWith("retry/");
    const gate = isThrottled ? { lane: lane.lane, atMs: nextGate(spec, gateMs, nowMs()) } : undefined;
    await settle(pool, groupOf(subscription, group), gate);
    return true;
  }
  return notNow(reign, lane, subscription, group, started);
}

async function notNow(
  reign: BusReign,
  lane: Lane,
  subscription: Subscription,
  group: HeldRow[],
  started: Extract<Started, { kind: "later" | "never" }>,
): Promise<boolean> {
  const { pool, nowMs, newId } = reign.parts;
  const attempts = Math.max(...group.map((one) => one.attempts)) + 1;
  const { code, reason } = started;
  if (started.kind === "never" && (attempts >= NEVER_MAX || /^EVENT_/.test(code))) {
    await bury(pool, groupOf(subscription, group), { code, reason, newId });
    return true;
  }
  const base = reign.parts.retryMs ?? RETRY_MS;
  const dueMs = nowMs() + Math.min(base * 2 ** Math.min(attempts - 1, 20), RETRY_MS_MAX);
  await putOff(pool, groupOf(subscription, group), dueMs, { code, reason });
  wakeAt(reign, lane, dueMs);
  return false;
}

function waitsForEnd({ spec }: Subscription, { lane }: Lane): boolean {
  return !lane.startsWith("retry/") && (spec.flow === "ordered" || spec.flow === "singleton");
}

function groupOf({ row }: Subscription, rows: readonly HeldRow[]) {
  return { subscriptionId: row.id, orgId: row.orgId, rows };
}

/** Noted first, asked then: an end in between is told by the turn that ends it. */
async function waitForEnd(reign: BusReign, lane: Lane, head: HeldRow, executionId: string): Promise<boolean> {
  const subscription = reign.subscriptions.get(lane.subscriptionId);
  if (!subscription) return false;
  lane.open = executionId;
  reign.openBy.set(executionId, lane);
  if (await isOpen(reign.parts.pool, executionId)) return false;
  reign.openBy.delete(executionId);
  lane.open = undefined;
  await settle(reign.parts.pool, groupOf(subscription, [head]));
  return true;
}

type Joined = { atMs: number } | { gone: HeldRow[] } | { rows: HeldRow[]; events: Map<number, StoredEvent> };

/** All of them within the window, the newest of each; what is older than the window can no longer meet the others. */
async function joinedOf(
  reign: BusReign,
  subscription: Subscription,
  spec: { upstream: string[]; windowSeconds: number },
  lane: Lane,
): Promise<Joined> {
  const { pool, nowMs } = reign.parts;
  const { rows } = await readLane(pool, lane, JOIN_ROWS_MAX);
  const windowMs = spec.windowSeconds * 1000;
  const newest = Math.max(...rows.map(({ receivedMs }) => receivedMs));
  const end = Math.max(newest, nowMs());
  const old = rows.filter(({ receivedMs }) => receivedMs < newest - windowMs);
  if (old.length > 0) return { gone: old };
  const events = await findEvents(
    pool,
    subscription.row.orgId,
    rows.map(({ position }) => position),
  );
  const latest = new Map<string, HeldRow>();
  for (const row of rows) {
    const data = events.get(row.position)?.json.data as Record<string, unknown> | undefined;
    const name = spec.upstream.find((one) => one === data?.workflowId || one === data?.workflowName);
    if (name !== undefined) latest.set(name, row);
  }
  if (spec.upstream.every((name) => latest.has(name))) {
    // Those before the newest of the same workflow go with it: it speaks for them.
    return { rows: rows.filter((row) => [...latest.values()].includes(row)), events };
  }
  const superseded = rows.filter((row) => ![...latest.values()].includes(row));
  if (superseded.length > 0) return { gone: superseded };
  const oldest = Math.min(...rows.map(({ receivedMs }) => receivedMs));
  if (oldest + windowMs < end) return { gone: rows.filter(({ receivedMs }) => receivedMs + windowMs < end) };
  return { atMs: oldest + windowMs + 1 };
}
