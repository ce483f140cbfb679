// Executions that wait for an event. The wait is a signal whose name says which events: `event:{"types":…,"match":…}`;
// it stands in the table of waits, and the bus answers it with the first event that fits.
import { isObject, type JsonObject } from "@auraos/kernel";
import type { CommittedTurn } from "../engine/engine.types.ts";
import { pause, systemTimers } from "../platform/timers.ts";
import type { StoredEvent } from "./bus.types.ts";
import { type EventWait, readEvents, readRouted } from "./busStore.ts";
import { matchesFields, typeMatcher } from "./match.ts";
import { type BusReign, track } from "./reign.ts";

const PREFIX = "event:";
type Wanted = { isType(type: string): boolean; match: JsonObject };
const compiled = new Map<string, Wanted>();
const COMPILED_MAX = 10_000;
/** How far back in the stream waits are offered what they may have missed: some seconds of the fastest stream. */
const MISSED_MAX = 10_000;
const MISSED_PAGE = 500;
const RETRY_MS_MAX = 30_000;

export function noteWaits(reign: BusReign, turn: CommittedTurn): void {
  for (const fact of turn.facts) {
    if (fact.t === "WaitOpened" && fact.signal?.startsWith(PREFIX) === true) {
      const { orgId, executionId } = turn;
      const wait = { orgId, executionId, wait: fact.wait, signal: fact.signal };
      addWait(reign, wait);
      // An event that was routed between the commit of the wait and this moment has not seen it.
      const missed = (reign.recent.get(orgId) ?? []).find(
        (event) => event.receivedMs >= turn.atMs && fits(wait, event),
      );
      if (missed) void track(reign, answerLate(reign, wait, missed));
    } else if (fact.t === "WaitClosed") drop(reign, turn.orgId, turn.executionId, fact.wait);
    else if (fact.t === "ExecutionFinished") reign.waits.get(turn.orgId)?.delete(turn.executionId);
  }
}

export function addWait(reign: BusReign, wait: EventWait): void {
  const waits = reign.waits.get(wait.orgId) ?? new Map<string, Map<string, EventWait>>();
  const own = waits.get(wait.executionId) ?? new Map<string, EventWait>();
  own.set(wait.wait, wait);
  waits.set(wait.executionId, own);
  reign.waits.set(wait.orgId, waits);
}

/** Each wait gets the first event that fits; it is taken in when this resolves. */
export async function offerToWaits(
  reign: BusReign,
  orgId: string,
  events: readonly StoredEvent[],
): Promise<void> {
  const waits = reign.waits.get(orgId);
  if (waits === undefined || waits.size === 0) return;
  const answers: Promise<void>[] = [];
  for (const own of waits.values())
    for (const wait of own.values()) {
      const event = events.find((one) => fits(wait, one));
      if (event) answers.push(answer(reign, wait, event));
    }
  await Promise.all(answers);
}

/**
 * Of waits that were opened about when the process before died: perhaps it had not noted them when it routed events that
 * they wait for, and nobody comes back to those. Each gets the first that fits of the last ones.
 */
export async function offerMissed(
  reign: BusReign,
  waits: readonly (EventWait & { openedMs: number | null })[],
): Promise<void> {
  const late = waits.filter(({ openedMs }) => openedMs !== null);
  for (const [orgId, own] of Map.groupBy(late, (wait) => wait.orgId)) {
    const open = new Set(own);
    const to = await readRouted(reign.parts.pool, orgId);
    for (let after = Math.max(0, to - MISSED_MAX); after < to && open.size > 0 && !reign.isOver; ) {
      const events = await readEvents(reign.parts.pool, { orgId, after, to, limit: MISSED_PAGE });
      for (const wait of open) {
        const event = events.find((one) => one.receivedMs >= (wait.openedMs ?? 0) && fits(wait, one));
        if (event === undefined) continue;
        await answer(reign, wait, event);
        open.delete(wait);
      }
      after = events.length < MISSED_PAGE ? to : (events.at(-1)?.position ?? to);
    }
  }
}

/** Nothing else comes back to this event, so trouble is waited out. */
async function answerLate(reign: BusReign, wait: EventWait, event: StoredEvent): Promise<void> {
  const { timers = systemTimers, log } = reign.parts;
  for (let waitMs = 200; !reign.isOver && isOpen(reign, wait); waitMs = Math.min(2 * waitMs, RETRY_MS_MAX))
    try {
      await answer(reign, wait, event);
    } catch (error) {
      log("warn", "an event is given to who waits for it in a moment", { error });
      await pause(timers, waitMs);
    }
}

function isOpen(reign: BusReign, { orgId, executionId, wait }: EventWait): boolean {
  return reign.waits.get(orgId)?.get(executionId)?.has(wait) === true;
}

async function answer(reign: BusReign, wait: EventWait, event: StoredEvent): Promise<void> {
  const { executionId, signal: name } = wait;
  await reign.parts.engine.deliver(executionId, {
    type: "SignalReceived",
    name,
    id: `event/${event.position}/${wait.wait}`,
    payload: event.json,
  });
  drop(reign, wait.orgId, executionId, wait.wait);
}

function drop(reign: BusReign, orgId: string, executionId: string, wait: string): void {
  const own = reign.waits.get(orgId)?.get(executionId);
  own?.delete(wait);
  if (own?.size === 0) reign.waits.get(orgId)?.delete(executionId);
}

function fits(wait: EventWait, event: StoredEvent): boolean {
  const { isType, match } = wantedBy(wait.signal);
  return isType(event.type) && matchesFields(event.json, match);
}

function wantedBy(signal: string): Wanted {
  const known = compiled.get(signal);
  if (known) return known;
  const wanted = read(signal);
  if (compiled.size >= COMPILED_MAX) compiled.clear();
  compiled.set(signal, wanted);
  return wanted;
}

/** A name that cannot be read, which nobody's node made, fits nothing. */
function read(signal: string): Wanted {
  try {
    const { types, match } = JSON.parse(signal.slice(PREFIX.length)) as { types: string[]; match?: unknown };
    return { isType: typeMatcher(types), match: isObject(match) ? (match as JsonObject) : {} };
  } catch {
    return { isType: () => false, match: {} };
  }
}
