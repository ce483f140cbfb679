// What the bus knows while this process leads; another epoch begins with nothing.
import { createHeap, type Heap } from "../engine/heap.ts";
import type { BusParts, StoredEvent } from "./bus.types.ts";
import type { EventWait } from "./busStore.ts";
import type { Subscription } from "./subscription.ts";

export type Lane = {
  id: string;
  subscriptionId: string;
  lane: string;
  isBusy: boolean;
  isAskedAgain: boolean;
  /** That something is held there is known, as it was written or read; else nobody has looked yet. */
  isHeld: boolean;
  /** Of trouble with the database, ms; not of starts that were refused. */
  retryMs: number;
  /** The execution it waits for. */
  open: string | undefined;
};

export type BusReign = {
  parts: BusParts;
  epoch: number;
  isOver: boolean;
  /** Reading of subscriptions, lanes and waits is done. */
  isReady: boolean;
  subscriptions: Map<string, Subscription>;
  /** Subscriptions that changed, and whose lanes were not looked at since. */
  changed: Set<string>;
  /** Until then lanes are looked for that were written perhaps: the answer never came. On the clock of the timers. */
  unsureUntilMs: number;
  byOrg: Map<string, Subscription[]>;
  lanes: Map<string, Lane>;
  /** Lanes that wait for an execution to end. */
  openBy: Map<string, Lane>;
  wakes: Heap<Lane>;
  /** Open waits for events, by organization, then by execution and wait. */
  waits: Map<string, Map<string, Map<string, EventWait>>>;
  /** What was routed in the last moments, for waits that are told late. */
  recent: Map<string, StoredEvent[]>;
  /** Executions that events started, and over how many others: a ring of workflows ends somewhere. */
  hops: Map<string, number>;
  /** Organizations that are being routed. */
  routing: Map<string, { isAskedAgain: boolean; retryMs: number }>;
  running: Set<Promise<unknown>>;
};

export function newReign(parts: BusParts, epoch: number): BusReign {
  return {
    parts,
    epoch,
    isOver: false,
    isReady: false,
    subscriptions: new Map(),
    changed: new Set(),
    unsureUntilMs: Number.NEGATIVE_INFINITY,
    byOrg: new Map(),
    lanes: new Map(),
    openBy: new Map(),
    wakes: createHeap(),
    waits: new Map(),
    recent: new Map(),
    hops: new Map(),
    routing: new Map(),
    running: new Set(),
  };
}

/** Work that the end waits for. */
export function track<T>(reign: BusReign, work: Promise<T>): Promise<T> {
  const tracked = work.finally(() => reign.running.delete(tracked));
  reign.running.add(tracked);
  return tracked;
}
