// Executions that wait for an event. The wait is a signal whose name says which events: `event:{"types":…,"match":…}`;
// it stands in the table of waits, and the bus answers it with the first event that fits.
import { isObject, type JsonObject } from "@auraos/kernel";
import type { CommittedTurn } from "../engine/engine.types.ts";
import type { StoredEvent } from "./bus.types.ts";
import type { EventWait } from "./busStore.ts";
import { matchesFields, typeMatcher } from "./match.ts";
import { type BusReign, track } from "./reign.ts";

const PREFIX = "event:";
type Wanted = { isType(type: string): boolean; match: JsonObject };
const compiled = new Map<string, Wanted>();
const COMPILED_MAX = 10_000;

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
      if (missed)
        void track(
          reign,
          answer(reign, wait, missed).catch(() => {}),
        );
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
