// Who starts next, and whether it may: places and starts of pools, shared fairly. Pure state; time is given.
//
//   organizations share the server, fair keys share within an organization, both by weighted virtual time in
//   place-seconds: charged with the estimate at the start, set right by what it really took at the end
//   within a key: priority, and waiting raises it (AGING_MS of waiting is worth one step), so nothing starves
//
// Invariants, held by admission.test.ts and by the simulation:
//   1. The places held of a pool never exceed its slots by a start; lowering a limit starts nothing and takes nothing.
//   2. In no stretch of rate.ms do more than rate.count starts lie.
//   3. What needs many places is not passed for ever by what needs few: once it has waited long, its pools are kept.
import { createHeap } from "../engine/heap.ts";

export type PoolLimits = {
  slots: number | null;
  rate: { count: number; ms: number } | null;
  weights: Readonly<Record<string, number>>;
  isPaused: boolean;
};

export type AdmissionItem = {
  id: string;
  orgId: string;
  fairKey: string;
  priority: number;
  sinceMs: number;
  estimatedMs: number;
  /** Places by pool. */
  places: Readonly<Record<string, number>>;
  /** Held to its pools alone, not to the number of all that may be under way. */
  isUncounted?: boolean;
};

/** A pool as it stands, for whoever asks why something waits. */
export type PoolStanding = { limits: PoolLimits; used: number; starts: number; freeAtMs: number };

export const AGING_MS = 60_000;
/** What waited this long and does not fit has its pools kept for it. */
export const KEEP_AFTER_MS = 30_000;

/** Of a pool, for its rate; a rate is at most 100,000 starts. */
const STARTS_MAX = 250_000;

type Held = { item: AdmissionItem; sinceMs: number; chargedMs: number };
type Lane = { key: string; virtual: number; heap: Heap; size: number };
type Group = { places: [pool: string, count: number][]; lanes: Map<string, Lane> };
type Organization = {
  id: string;
  virtual: number;
  weight: number;
  keyVirtual: Map<string, number>;
  clock: number;
  groups: Map<string, Group>;
  waiting: number;
};
type Heap = ReturnType<typeof createHeap<AdmissionItem>>;
type PoolState = { limits: PoolLimits; used: number; starts: number[]; first: number };

export type Admission = ReturnType<typeof createAdmission>;

export function createAdmission(options: { placesMax: number }) {
  const pools = new Map<string, PoolState>();
  const organizations = new Map<string, Organization>();
  const waiting = new Map<string, AdmissionItem>();
  const held = new Map<string, Held>();
  let counted = 0;
  let clock = 0;

  return {
    setPool(orgId: string, name: string, limits: PoolLimits): void {
      const state = pools.get(poolKey(orgId, name));
      // A longer stretch looks back further.
      if (state) Object.assign(state, { limits, first: 0 });
      else pools.set(poolKey(orgId, name), { limits, used: usedNow(orgId, name), starts: [], first: 0 });
    },
    removePool(orgId: string, name: string): void {
      pools.delete(poolKey(orgId, name));
    },
    poolNames: (): string[] => [...pools.keys()],
    setWeight(orgId: string, weight: number): void {
      organization(orgId).weight = weight;
    },
    add(item: AdmissionItem): void {
      if (waiting.has(item.id) || held.has(item.id)) return;
      waiting.set(item.id, item);
      const org = organization(item.orgId);
      if (org.waiting === 0) org.virtual = Math.max(org.virtual, clock);
      org.waiting += 1;
      const lane = laneOf(org, item);
      if (lane.size === 0) {
        const known = org.keyVirtual.get(item.fairKey) ?? 0;
        org.keyVirtual.set(item.fairKey, Math.max(known, org.clock));
      }
      lane.size += 1;
      lane.heap.push(scoreOf(item), item);
    },
    /** It does not want to start any more. */
    remove(id: string): void {
      const item = waiting.get(id);
      if (item) leave(item);
    },
    /** It runs already, as the table says after a new beginning; `startMs` counts for the rate. */
    hold(item: AdmissionItem, startMs: number): void {
      remove(item.id);
      take(item, startMs);
    },
    /** A start of before that has ended: it counts for the rate alone. */
    countStart(orgId: string, name: string, startMs: number): void {
      const pool = pools.get(poolKey(orgId, name));
      if (!pool) return;
      pool.starts.push(startMs);
      pool.starts.sort((a, b) => a - b);
    },
    release(id: string, nowMs: number): void {
      const one = held.get(id);
      if (!one) return;
      held.delete(id);
      const { item } = one;
      if (!item.isUncounted) counted -= 1;
      for (const [name, count] of Object.entries(item.places)) {
        const pool = pools.get(poolKey(item.orgId, name));
        if (pool) pool.used = Math.max(0, pool.used - count);
      }
      charge(item, Math.max(0, nowMs - one.sinceMs) - one.chargedMs);
    },
    next(nowMs: number): AdmissionItem | undefined {
      const kept = new Set<string>();
      for (const org of inTurn()) {
        const item = choose(org, nowMs, kept);
        if (!item) continue;
        leave(item);
        clock = Math.max(clock, org.virtual);
        org.clock = Math.max(org.clock, org.keyVirtual.get(item.fairKey) ?? 0);
        take(item, nowMs);
        return item;
      }
      return undefined;
    },
    /** When a rate lets something start again; undefined = only when a place is given back. */
    nextChangeMs(nowMs: number): number | undefined {
      let soonest: number | undefined;
      for (const pool of pools.values()) {
        const at = rateFreeAt(pool, nowMs);
        if (at > nowMs && (soonest === undefined || at < soonest)) soonest = at;
      }
      return soonest;
    },
    waitingCount: () => waiting.size,
    heldCount: () => held.size,
    isHeld: (id: string) => held.has(id),
    used: (orgId: string, name: string) => pools.get(poolKey(orgId, name))?.used ?? 0,
    standing(orgId: string, name: string, nowMs: number): PoolStanding | undefined {
      const pool = pools.get(poolKey(orgId, name));
      if (!pool) return undefined;
      const freeAtMs = rateFreeAt(pool, nowMs);
      const starts = pool.limits.rate ? pool.starts.length - pool.first : 0;
      return { limits: pool.limits, used: pool.used, starts, freeAtMs };
    },
    /** Those that wait, or hold, by the order in which one key starts them. */
    listWaiting: (wants: (item: AdmissionItem) => boolean): AdmissionItem[] =>
      [...waiting.values()].filter(wants).sort((a, b) => scoreOf(a) - scoreOf(b)),
    listHeld: (wants: (item: AdmissionItem) => boolean): { item: AdmissionItem; sinceMs: number }[] =>
      [...held.values()].filter(({ item }) => wants(item)).sort((a, b) => a.sinceMs - b.sinceMs),
    /** Waiting ones of the same pools that come first. */
    countBefore(id: string): number {
      const item = waiting.get(id);
      if (!item) return 0;
      const group = groupName(item.places);
      let before = 0;
      for (const other of waiting.values())
        if (other !== item && other.orgId === item.orgId && scoreOf(other) < scoreOf(item))
          if (groupName(other.places) === group) before += 1;
      return before;
    },
  };

  function remove(id: string): void {
    const item = waiting.get(id);
    if (item) leave(item);
  }

  function organization(id: string): Organization {
    const known = organizations.get(id);
    if (known) return known;
    const made = {
      id,
      virtual: clock,
      weight: 1,
      keyVirtual: new Map(),
      clock: 0,
      groups: new Map(),
      waiting: 0,
    };
    organizations.set(id, made);
    return made;
  }

  function laneOf(org: Organization, item: AdmissionItem): Lane {
    const places = placesOf(item.places);
    const name = JSON.stringify(places);
    const group = org.groups.get(name) ?? { places, lanes: new Map<string, Lane>() };
    org.groups.set(name, group);
    const lane = group.lanes.get(item.fairKey) ?? {
      ...{ key: item.fairKey, virtual: 0, heap: createHeap<AdmissionItem>(), size: 0 },
    };
    group.lanes.set(item.fairKey, lane);
    return lane;
  }

  /** Gone from the counts at once; its entry in the heap is void and dropped when it comes up. */
  function leave(item: AdmissionItem): void {
    waiting.delete(item.id);
    const org = organization(item.orgId);
    org.waiting -= 1;
    laneOf(org, item).size -= 1;
  }

  function* inTurn(): Generator<Organization> {
    const active = [...organizations.values()].filter((org) => org.waiting > 0);
    if (active.length > 1) active.sort((a, b) => a.virtual - b.virtual);
    yield* active;
  }

  function choose(org: Organization, nowMs: number, kept: Set<string>): AdmissionItem | undefined {
    const heads: { item: AdmissionItem; virtual: number; group: Group }[] = [];
    for (const [name, group] of org.groups) {
      const head = headOf(org, group);
      if (head) heads.push({ ...head, group });
      else org.groups.delete(name);
    }
    heads.sort((a, b) => a.virtual - b.virtual || scoreOf(a.item) - scoreOf(b.item));
    for (const { item, group } of heads) {
      const keys = group.places.map(([name]) => poolKey(org.id, name));
      if (counted >= options.placesMax && !item.isUncounted) continue;
      const isKept = keys.some((key) => kept.has(key));
      if (!isKept && fits(org.id, group, nowMs)) return item;
      if (nowMs - item.sinceMs >= KEEP_AFTER_MS && couldEver(org.id, group))
        for (const key of keys) kept.add(key);
    }
    return undefined;
  }

  function headOf(org: Organization, group: Group): { item: AdmissionItem; virtual: number } | undefined {
    let best: { item: AdmissionItem; virtual: number } | undefined;
    for (const [key, lane] of group.lanes) {
      let head = lane.heap.peek();
      while (head && waiting.get(head.value.id) !== head.value) {
        lane.heap.pop();
        head = lane.heap.peek();
      }
      if (!head) {
        group.lanes.delete(key);
        continue;
      }
      const virtual = org.keyVirtual.get(key) ?? 0;
      const isBetter =
        !best || virtual < best.virtual || (virtual === best.virtual && head.at < scoreOf(best.item));
      if (isBetter) best = { item: head.value, virtual };
    }
    return best;
  }

  function fits(orgId: string, group: Group, nowMs: number): boolean {
    return group.places.every(([name, count]) => {
      const pool = pools.get(poolKey(orgId, name));
      if (!pool || pool.limits.isPaused) return false;
      const { slots } = pool.limits;
      return (slots === null || pool.used + count <= slots) && rateFreeAt(pool, nowMs) <= nowMs;
    });
  }

  function couldEver(orgId: string, group: Group): boolean {
    return group.places.every(([name, count]) => {
      const limits = pools.get(poolKey(orgId, name))?.limits;
      return limits !== undefined && !limits.isPaused && (limits.slots === null || count <= limits.slots);
    });
  }

  function take(item: AdmissionItem, nowMs: number): void {
    for (const [name, count] of Object.entries(item.places)) {
      const pool = pools.get(poolKey(item.orgId, name));
      if (!pool) continue;
      pool.used += count;
      // Also without a rate: one may be given to it at any time.
      const isInOrder = (pool.starts.at(-1) ?? 0) <= nowMs;
      pool.starts.push(nowMs);
      if (!isInOrder) pool.starts.sort((a, b) => a - b);
      if (pool.starts.length > STARTS_MAX) {
        pool.starts.splice(0, STARTS_MAX / 2);
        pool.first = 0;
      }
    }
    held.set(item.id, { item, sinceMs: nowMs, chargedMs: item.estimatedMs });
    if (!item.isUncounted) counted += 1;
    charge(item, item.estimatedMs);
  }

  function charge(item: AdmissionItem, ms: number): void {
    const org = organization(item.orgId);
    const counts = Object.values(item.places);
    const cost = (ms / 1000) * Math.max(1, ...counts);
    org.virtual += cost / org.weight;
    const known = org.keyVirtual.get(item.fairKey) ?? 0;
    org.keyVirtual.set(item.fairKey, known + cost / weightOf(item));
  }

  function weightOf(item: AdmissionItem): number {
    for (const name of Object.keys(item.places)) {
      const weight = pools.get(poolKey(item.orgId, name))?.limits.weights[item.fairKey];
      if (weight !== undefined) return weight;
    }
    return 1;
  }

  function usedNow(orgId: string, name: string): number {
    let used = 0;
    for (const { item } of held.values()) if (item.orgId === orgId) used += item.places[name] ?? 0;
    return used;
  }
}

/** The moment from which the rate lets one more start; in the past = now. */
function rateFreeAt(pool: PoolState, nowMs: number): number {
  const { rate } = pool.limits;
  if (!rate) return Number.NEGATIVE_INFINITY;
  pool.first = Math.min(pool.first, pool.starts.length);
  while (pool.first < pool.starts.length && (pool.starts[pool.first] ?? 0) <= nowMs - rate.ms)
    pool.first += 1;
  const inside = pool.starts.length - pool.first;
  if (inside < rate.count) return Number.NEGATIVE_INFINITY;
  return (pool.starts[pool.starts.length - rate.count] ?? 0) + rate.ms;
}

/** Smaller starts first. It does not depend on the present, so the order of a queue never has to be made anew. */
function scoreOf(item: AdmissionItem): number {
  return item.sinceMs - item.priority * AGING_MS;
}

function placesOf(places: AdmissionItem["places"]): [pool: string, count: number][] {
  return Object.entries(places).sort(([a], [b]) => (a < b ? -1 : 1));
}

function groupName(places: AdmissionItem["places"]): string {
  return JSON.stringify(placesOf(places));
}

export function poolKey(orgId: string, name: string): string {
  return `${orgId}\n${name}`;
}
