// The event bus of this process. Publishing works everywhere; routing happens in the process whose engine leads.
//
//   publish -> one statement, durable -> router (router.ts) -> starts, lanes (lanes.ts), waits (waits.ts)
//   turns of the engine -> happenings (happenings.ts) -> publish
//
// The tables are the truth. Who leads is asked of the engine several times a second, and answered once more at every
// start; what was routed is written under the cursor it was read at, so that nobody routes a page twice.
import type { CommittedTurn } from "../engine/engine.types.ts";
import { type Batches, createBatches } from "../platform/batches.ts";
import { oneAtATime } from "../platform/reading.ts";
import { pause, systemTimers } from "../platform/timers.ts";
import type { BusParts, NewEvent, Placed, SubscriptionRow } from "./bus.types.ts";
import { listBehind, listEventWaits, listReplays, listSubscriptionRows } from "./busStore.ts";
import { executionEnded, happeningsOf, listEndedSince, OVERLAP_MS, setMark, tells } from "./happenings.ts";
import { listLanes } from "./heldStore.ts";
import { laneId, laneOf, pokeLane } from "./lanes.ts";
import { insertEvents, type Publishing } from "./publishStore.ts";
import { type BusReign, newReign, track } from "./reign.ts";
import { routeReplay, routeStream } from "./router.ts";
import { compileSubscription } from "./subscription.ts";
import { deleteIdleGates, deleteOldEvents } from "./sweepStore.ts";
import { addWait, noteWaits, offerMissed } from "./waits.ts";

export type EventBus = {
  /** Durable when it resolves. `cause` is the execution that publishes. */
  publish(orgId: string, events: readonly NewEvent[], cause?: { executionId: string }): Promise<Placed[]>;
  /** Follows what was changed in the tables. What cannot be read now is read soon: a change that is stored stays one. */
  sync(): Promise<void>;
  stop(): Promise<void>;
};

/** For what other processes published; what this one publishes is looked at at once. */
const LOOK_MS = 250;
const SYNC_MS = 5_000;
const SYNC_AGAIN_MS = 1_000;
const MARK_MS = 5_000;
const SWEEP_MS = 60_000;
const EVENTS_KEPT_MS = 7 * 86_400_000;
const STOP_MS = 3_000;
const RETRY_MS_MAX = 30_000;
const TELL_TRIES = 20;
const TELL_RETRY_MS = 200;
const TELL_RETRY_MS_MAX = 2_000;
const RECOVERED_MAX = 10_000;

export function createEventBus(parts: BusParts): EventBus {
  const { engine, pool, log, nowMs, timers = systemTimers } = parts;
  let reign: BusReign | undefined;
  let disarm = (): void => {};
  let isStopped = false;
  let isLooking = false;
  let isAskedAgain = false;
  let [syncedAt, markedAt, sweptAt] = [Number.NEGATIVE_INFINITY, timers.monotonic(), timers.monotonic()];
  /** Happenings on their way: the mark stays behind the oldest. */
  const telling = new Set<{ atMs: number }>();
  const publishing: Batches<Publishing, Map<Publishing, Placed[]>> = createBatches(
    async (given) => {
      const placed = await insertEvents(pool, given);
      return new Map(given.map((one, at) => [one, placed[at] ?? []]));
    },
    { max: 100 },
  );
  const sync = oneAtATime(readTables);
  const unsubscribe = engine.subscribe(onTurn);
  void look();
  return {
    publish,
    sync: () => sync().catch((error: unknown) => log("warn", "subscriptions could not be read", { error })),
    async stop() {
      isStopped = true;
      disarm();
      unsubscribe();
      const left = reign;
      if (!left) return;
      left.isOver = true;
      await Promise.race([Promise.allSettled([...left.running]), pause(timers, STOP_MS)]);
    },
  };

  async function publish(
    orgId: string,
    events: readonly NewEvent[],
    cause?: { executionId: string },
  ): Promise<Placed[]> {
    const hops = cause === undefined ? undefined : reign?.hops.get(cause.executionId);
    const given = hops === undefined ? events : events.map((event) => ({ ...event, auraoshops: hops }));
    const one = { orgId, events: given };
    const placed = (await publishing.put(one)).get(one) ?? [];
    soon();
    parts.onChange?.(orgId);
    return placed;
  }

  /** At once after what is already queued; several in one moment make one look. */
  function soon(): void {
    isAskedAgain = true;
    if (isStopped || isLooking) return;
    disarm();
    disarm = timers.after(0, () => void look());
  }

  async function look(): Promise<void> {
    if (isStopped || isLooking) return;
    isLooking = true;
    isAskedAgain = false;
    try {
      follow();
      if (reign?.isReady) await lookAt(reign);
    } catch (error) {
      log("warn", "the event bus looks again in a moment", { error });
    } finally {
      isLooking = false;
      disarm();
      if (!isStopped) disarm = timers.after(isAskedAgain ? 0 : waitMs(), () => void look());
    }
  }

  function waitMs(): number {
    const next = reign?.wakes.peek();
    return next === undefined ? LOOK_MS : Math.min(LOOK_MS, Math.max(1, next.at - nowMs()));
  }

  async function lookAt(mine: BusReign): Promise<void> {
    for (let first = mine.wakes.peek(); first && first.at <= nowMs(); first = mine.wakes.peek()) {
      mine.wakes.pop();
      pokeLane(mine, first.value);
    }
    for (const stream of await listBehind(pool)) {
      if (mine.isOver) return;
      single(mine, stream.orgId, async () => {
        await routeStream(mine, stream);
        parts.onChange?.(stream.orgId);
      });
    }
    const now = timers.monotonic();
    if (now - syncedAt > SYNC_MS) await sync();
    if (now - markedAt > MARK_MS) await mark(now);
    if (now - sweptAt > SWEEP_MS) {
      sweptAt = now;
      await deleteOldEvents(pool, nowMs() - EVENTS_KEPT_MS);
      await deleteIdleGates(pool, nowMs());
    }
  }

  /** One at a time of each name; what fails is tried again with the next look, later and later. */
  function single(mine: BusReign, name: string, run: () => Promise<void>): void {
    const known = mine.routing.get(name);
    if (known) return;
    const state = { isAskedAgain: false, retryMs: 0 };
    mine.routing.set(name, state);
    void track(
      mine,
      run()
        .then(
          () => mine.routing.delete(name),
          (error: unknown) => {
            if (mine.isOver) return;
            log("warn", "events wait for another try", { error });
            timers.after(
              Math.min(parts.retryMs ?? 1_000, RETRY_MS_MAX),
              () => void mine.routing.delete(name),
            );
          },
        )
        .then(() => soon()),
    );
  }

  function follow(): void {
    const { state, epoch } = engine.status();
    const isOurs = (state === "leading" || state === "failing") && epoch !== null;
    if (reign && (!isOurs || reign.epoch !== epoch)) {
      reign.isOver = true;
      reign = undefined;
    }
    if (reign || !isOurs || state !== "leading") return;
    const mine = newReign(parts, epoch);
    reign = mine;
    void track(mine, begin(mine));
  }

  /** Turns of this reign are noted from its first moment; what was before is read. */
  async function begin(mine: BusReign): Promise<void> {
    for (let waitingMs = 200; !mine.isOver && !isStopped; waitingMs = Math.min(2 * waitingMs, RETRY_MS_MAX)) {
      try {
        await sync();
        const waits = await listEventWaits(pool, OVERLAP_MS);
        for (const wait of waits) addWait(mine, wait);
        await offerMissed(mine, waits);
        for (const { subscriptionId, lane } of await listLanes(pool))
          pokeLane(mine, laneOf(mine, subscriptionId, lane, true));
        await tellAgain(mine);
        mine.isReady = true;
        soon();
        return;
      } catch (error) {
        log("warn", "the event bus begins again in a moment", { error });
        await pause(timers, waitingMs);
      }
    }
  }

  async function readTables(): Promise<void> {
    const mine = reign;
    if (!mine) return;
    const now = timers.monotonic();
    // As if it had been read a while ago, until it is: then a look tries it again soon.
    syncedAt = now - SYNC_MS + SYNC_AGAIN_MS;
    await readInto(mine);
    syncedAt = now;
  }

  async function readInto(mine: BusReign): Promise<void> {
    const rows = await listSubscriptionRows(pool);
    const known = new Map(rows.map((row) => [row.id, row]));
    for (const [id] of mine.subscriptions) if (!known.has(id)) mine.subscriptions.delete(id);
    for (const row of rows) if (take(mine, row)) mine.changed.add(row.id);
    mine.byOrg = Map.groupBy(mine.subscriptions.values(), ({ row }) => row.orgId);
    await lookForLanes(mine);
    for (const replay of await listReplays(pool))
      single(mine, `replay ${replay.id}`, () => routeReplay(mine, replay));
  }

  /** Those of what changed, which stays noted until they were read, and those that nobody knows whether they were written. */
  async function lookForLanes(mine: BusReign): Promise<void> {
    const isUnsure = timers.monotonic() < mine.unsureUntilMs;
    if (mine.changed.size === 0 && !isUnsure) return;
    for (const { subscriptionId, lane } of await listLanes(pool))
      if (mine.changed.has(subscriptionId) || !mine.lanes.has(laneId(subscriptionId, lane)))
        pokeLane(mine, laneOf(mine, subscriptionId, lane, true));
    mine.changed.clear();
  }

  function take(mine: BusReign, row: SubscriptionRow): boolean {
    if (mine.subscriptions.get(row.id)?.row.mark === row.mark) return false;
    mine.subscriptions.set(row.id, compileSubscription(row, parts.evaluator));
    return true;
  }

  function onTurn(turn: CommittedTurn): void {
    const mine = reign;
    if (!mine || mine.isOver) return;
    noteWaits(mine, turn);
    if (turn.facts.some(tells)) tell(mine, turn);
    if (turn.facts.at(-1)?.t !== "ExecutionFinished") return;
    const lane = mine.openBy.get(turn.executionId);
    if (lane) pokeLane(mine, lane);
  }

  function tell(mine: BusReign, turn: CommittedTurn): void {
    const { orgId, workflowId, executionId } = turn;
    const wants = (type: string) => isWanted(mine, orgId, workflowId, type);
    // Without anybody who listens, ends in good order cost nothing.
    if (happeningsOf(turn, "", wants).length === 0) {
      mine.hops.delete(executionId);
      return;
    }
    const one = { atMs: turn.atMs };
    telling.add(one);
    const work = async () => {
      const target = await parts.published.find(orgId, workflowId);
      await publish(orgId, happeningsOf(turn, target?.workflowName ?? "", wants), { executionId });
      telling.delete(one);
      if (turn.facts.at(-1)?.t === "ExecutionFinished") mine.hops.delete(executionId);
    };
    void track(mine, tellSoon(mine, work));
  }

  /** What is not told by then stays before the mark, and is told by the next reign. */
  async function tellSoon(mine: BusReign, work: () => Promise<void>): Promise<void> {
    for (let tries = 0; tries < TELL_TRIES && !mine.isOver && !isStopped; tries++)
      try {
        return await work();
      } catch (error) {
        log("warn", "a happening is told later", { error });
        await pause(timers, Math.min((parts.retryMs ?? TELL_RETRY_MS) * 2 ** tries, TELL_RETRY_MS_MAX));
      }
  }

  async function mark(now: number): Promise<void> {
    markedAt = now;
    await setMark(pool, Math.min(nowMs() - 1, ...[...telling].map(({ atMs }) => atMs)));
  }

  async function tellAgain(mine: BusReign): Promise<void> {
    const rows = (await listEndedSince(pool, nowMs(), RECOVERED_MAX)).filter(
      ({ orgId, workflowId, status }) =>
        status !== "succeeded" || isWanted(mine, orgId, workflowId, "auraos.execution.succeeded"),
    );
    for (const [orgId, ended] of Map.groupBy(rows, (row) => row.orgId))
      await publish(
        orgId,
        ended.map(({ workflowId, workflowName, executionId, status, completedMs, ...row }) =>
          executionEnded({ workflowId, workflowName, executionId }, status, completedMs, {
            ...(row.errorCode === null
              ? {}
              : { error: { code: row.errorCode, message: row.errorMessage ?? "" } }),
          }),
        ),
      );
    await setMark(pool, nowMs());
  }
}

/** By a workflow other than the one whose execution it is about. */
function isWanted(reign: BusReign, orgId: string, workflowId: string, type: string): boolean {
  return (reign.byOrg.get(orgId) ?? []).some((one) => one.row.workflowId !== workflowId && one.isType(type));
}
