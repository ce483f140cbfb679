// The gate: one book of places for executions that somebody starts and for runs of tasks, in the process that leads.
//
//   engine.start -> take: places at once | wait: its row in the inbox is durable, `go` when its places are taken
//   runner of tasks -> its seat (tasks/runner.ts): what is chosen for it is handed over, and written down by it
//   end of an execution -> release -> whoever comes next
//
// Nothing is stored here. Who holds follows from executions and runs that are open, who waits from the inbox and the
// table of runs: `open` reads what holds before a new leader starts anything. Executions that nobody started from outside
// (sub-workflows, error workflows, repeats from a node) are not asked: their origin was, and waiting for a place that it
// holds would never end. A rate knows the starts of executions that were accepted within a day of their start.
import type { StartGate, StartRequest } from "../engine/engine.types.ts";
import { firstIdAt, startedMsOf } from "../executions/executionTime.ts";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { oneAtATime } from "../platform/reading.ts";
import { systemTimers, type Timers } from "../platform/timers.ts";
import {
  type Admission,
  type AdmissionItem,
  createAdmission,
  type PoolStanding,
  poolKey,
} from "./admission.ts";
import * as store from "./gateStore.ts";
import { createNeeds, type Needs, type Places } from "./needs.ts";

export type PoolGate = StartGate & {
  /** Somebody may have changed pools or limits of workflows; the runner of tasks asks every second. */
  refresh(): Promise<void>;
  /** Undefined: it does not lead under this epoch (yet). */
  seatOf(epoch: number, onHanded: () => void): TaskSeat | undefined;
  /** Undefined unless it waits for places here. */
  waiting(executionId: string): WaitingStart | undefined;
  /** Executions that wait for a pool, in order, and those that hold places of it; nobody where another leads. */
  of(orgId: string, name: string): PoolUse;
};

export type WaitingStart = {
  executionId: string;
  workflowId: string;
  workflowName: string;
  places: Places;
  fairKey: string;
  priority: number;
  sinceMs: number;
  /** Waiting ones of the same pools that come first. */
  before: number;
  standings: ReadonlyMap<string, PoolStanding>;
};

/** `startsInWindow`: of tasks as well; undefined = it is not known here. */
export type PoolUse = {
  waiting: WaitingStart[];
  holders: HoldingStart[];
  startsInWindow: number | undefined;
};

export type HoldingStart = {
  executionId: string;
  workflowId: string;
  workflowName: string;
  places: Places;
  sinceMs: number;
};

/** What the runner of tasks sees of the book. */
export type TaskSeat = Pick<
  Admission,
  "add" | "remove" | "hold" | "release" | "isHeld" | "nextChangeMs" | "waitingCount"
> & {
  next(nowMs: number): AdmissionItem | undefined;
  /** After everything was read: what holds places and is none of these holds them no more. */
  keep(runIds: ReadonlySet<string>): void;
};

export type GateParts = {
  pool: Pool;
  nowMs: () => number;
  log: Log;
  definitionOf(versionId: string): Promise<{ definition: unknown } | undefined>;
  /** The value of an expression over the input of a start. */
  keyOf(text: string, items: StartRequest["items"]): string;
  /** Runs of tasks in all that may be under way at once. */
  runsMax?: number;
  timers?: Timers;
  /** Somebody came to the book of this organization, or left it. */
  onChange?: (orgId: string) => void;
};

type About = Pick<StartRequest, "orgId" | "workflowId" | "workflowName" | "versionId">;
type Entry = { about: About; item: AdmissionItem; go?: () => void; startedMs?: number };
type Book = {
  epoch: number;
  admission: Admission;
  needs: Needs;
  entries: Map<string, Entry>;
  handed: AdmissionItem[];
  onHanded: () => void;
  read: string;
  /** Ends that came while open executions were being read: they are not taken for open. */
  endedMeanwhile: Set<string>;
  readsUnderWay: number;
  /** Looks that are still due after a change: what was just beginning is seen by the next one. */
  looksDue: number;
};

const RUNS_MAX = 1_000;
const RETRY_MS = 1_000;
const ESTIMATED_MS = 1_000;
const DAY_MS = 86_400_000;
const TEXTS_MAX = 500;
const LOOKS_AFTER_CHANGE = 5;

export function createPoolGate(parts: GateParts): PoolGate {
  const { nowMs, log, timers = systemTimers } = parts;
  let book: Book | undefined;
  let disarm = (): void => {};
  const texts = new Map<string, string>();
  const refresh = oneAtATime(readAgain);
  return {
    ...{ open, close, isAsked, take, wait, release, refresh, seatOf, waiting, of },
  };

  function close(): void {
    disarm();
    book = undefined;
  }

  async function open(epoch: number): Promise<void> {
    const limits = await readLimits();
    const made: Book = {
      ...{ epoch, admission: createAdmission({ placesMax: parts.runsMax ?? RUNS_MAX }), entries: new Map() },
      ...{ needs: limits.needs, handed: [], onHanded: () => {}, read: limits.text },
      ...{ endedMeanwhile: new Set(), readsUnderWay: 0, looksDue: 0 },
    };
    for (const row of limits.pools) made.admission.setPool(row.orgId, row.name, limitsOf(row));
    for (const { orgId, weight } of limits.weights) made.admission.setWeight(orgId, weight);
    for (const row of await store.loadTaskHolders(parts.pool)) {
      const { id, orgId, fairKey, priority, resources, estimatedMs, admittedMs } = row;
      const places = JSON.parse(resources) as Places;
      const item = { id, orgId, fairKey, priority, places, sinceMs: admittedMs };
      made.admission.hold({ ...item, estimatedMs: estimatedMs ?? ESTIMATED_MS }, admittedMs);
    }
    for (const { orgId, name, atMs } of await store.loadTaskStarts(parts.pool))
      made.admission.countStart(orgId, name, atMs);
    await holdOpen(made);
    await countEnded(made, limits.pools);
    book = made;
  }

  /** Everything open that needs places holds them, however full that makes a pool. */
  async function holdOpen(mine: Book): Promise<void> {
    if (mine.needs.orgIds.length === 0) return;
    mine.readsUnderWay += 1;
    try {
      for (const row of await store.loadHolders(parts.pool, mine.needs.orgIds)) {
        const places = await placesOf(mine, row);
        if (places === undefined || mine.entries.has(row.id) || mine.endedMeanwhile.has(row.id)) continue;
        const item = itemOf(mine, row.id, row, places, "");
        mine.entries.set(row.id, { about: row, item, startedMs: row.startedMs });
        mine.admission.hold(item, row.startedMs);
      }
    } finally {
      mine.readsUnderWay -= 1;
      if (mine.readsUnderWay === 0) mine.endedMeanwhile.clear();
    }
  }

  async function lookAgain(mine: Book): Promise<void> {
    if (mine.looksDue === 0) return;
    mine.looksDue -= 1;
    await holdOpen(mine);
  }

  async function countEnded(mine: Book, pools: readonly store.PoolLimitRow[]): Promise<void> {
    const seconds = Math.max(0, ...pools.map(({ rateSeconds }) => rateSeconds ?? 0));
    if (seconds === 0 || mine.needs.orgIds.length === 0) return;
    const sinceMs = nowMs() - seconds * 1000;
    const about = { orgIds: mine.needs.orgIds, sinceMs, firstId: firstIdAt(sinceMs - DAY_MS) };
    for (const row of await store.loadRecentStarts(parts.pool, about))
      for (const name of Object.keys((await placesOf(mine, row)) ?? {}))
        mine.admission.countStart(row.orgId, name, row.startedMs);
  }

  function isAsked(request: StartRequest): boolean {
    if (book === undefined || !book.needs.orgIds.includes(request.orgId)) return false;
    if (request.mode !== "production") return false;
    return request.actor !== "task" && request.actor?.startsWith("execution:") !== true;
  }

  async function take(request: StartRequest, executionId: string): Promise<"free" | "taken" | "wait"> {
    const mine = book;
    if (mine === undefined || !isAsked(request)) return "free";
    const places = await placesOf(mine, request);
    if (places === undefined) return "free";
    const item = itemOf(mine, executionId, request, places, keyOf(mine, request));
    enter(mine, executionId, { about: aboutOf(request), item });
    pump(mine);
    if (mine.admission.isHeld(executionId)) return "taken";
    leave(mine, executionId);
    return "wait";
  }

  function wait(request: StartRequest, executionId: string, go: () => void): void {
    const mine = book;
    if (mine === undefined || !isAsked(request)) return go();
    placesOf(mine, request).then(
      (places) => {
        if (places === undefined) return go();
        const item = itemOf(mine, executionId, request, places, keyOf(mine, request));
        enter(mine, executionId, { about: aboutOf(request), item, go });
        pump(mine);
      },
      (error: unknown) => {
        log("warn", "what a start needs could not be read; it is tried again", { executionId, error });
        timers.after(RETRY_MS, () => book === mine && wait(request, executionId, go));
      },
    );
  }

  function release(executionId: string): void {
    const mine = book;
    if (mine !== undefined && mine.readsUnderWay > 0) mine.endedMeanwhile.add(executionId);
    if (!mine?.entries.has(executionId)) return;
    leave(mine, executionId);
    pump(mine);
  }

  function enter(mine: Book, executionId: string, entry: Entry): void {
    mine.entries.set(executionId, entry);
    mine.admission.add(entry.item);
    parts.onChange?.(entry.about.orgId);
  }

  function leave(mine: Book, executionId: string): void {
    const entry = mine.entries.get(executionId);
    if (entry) parts.onChange?.(entry.about.orgId);
    mine.entries.delete(executionId);
    mine.admission.remove(executionId);
    mine.admission.release(executionId, nowMs());
  }

  /** Everything that may start does: executions here, runs of tasks by whoever sits at the seat. */
  function pump(mine: Book): void {
    const now = nowMs();
    const before = mine.handed.length;
    for (let item = mine.admission.next(now); item; item = mine.admission.next(now))
      admitted(mine, item, now);
    if (mine.handed.length > before) mine.onHanded();
    disarm();
    const next = mine.admission.waitingCount() > 0 ? mine.admission.nextChangeMs(now) : undefined;
    if (next === undefined) return;
    disarm = timers.after(Math.max(1, next - now), () => book === mine && pump(mine));
  }

  function admitted(mine: Book, item: AdmissionItem, now: number): void {
    const entry = mine.entries.get(item.id);
    if (entry === undefined) return void mine.handed.push(item);
    entry.startedMs = now;
    entry.go?.();
  }

  function seatOf(epoch: number, onHanded: () => void): TaskSeat | undefined {
    const mine = book;
    if (mine?.epoch !== epoch) return undefined;
    const { admission } = mine;
    const isTask = ({ id }: AdmissionItem) => !mine.entries.has(id);
    // Whoever sat here before has gone: what waited for it is read again.
    for (const { id } of admission.listWaiting(isTask)) admission.remove(id);
    mine.handed = [];
    mine.onHanded = onHanded;
    return {
      ...{ add: admission.add, remove: admission.remove, hold: admission.hold, isHeld: admission.isHeld },
      nextChangeMs: admission.nextChangeMs,
      waitingCount: admission.waitingCount,
      // Nobody is chosen yet: others may be about to come, and be first. Whoever sits here asks for the next one then.
      release: (id, now) => {
        mine.handed = mine.handed.filter((one) => one.id !== id);
        admission.release(id, now);
      },
      next(now) {
        const first = mine.handed.shift();
        if (first) return first;
        for (let item = admission.next(now); item; item = admission.next(now)) {
          if (isTask(item)) return item;
          admitted(mine, item, now);
        }
        return undefined;
      },
      keep(runIds) {
        const gone = admission.listHeld((item) => isTask(item) && !runIds.has(item.id));
        for (const { item } of gone) admission.release(item.id, nowMs());
        pump(mine);
      },
    };
  }

  async function readAgain(): Promise<void> {
    const mine = book;
    if (mine === undefined) return;
    const limits = await readLimits();
    if (book !== mine) return;
    if (limits.text === mine.read) return lookAgain(mine);
    mine.read = limits.text;
    mine.needs = limits.needs;
    const gone = new Set(mine.admission.poolNames());
    for (const row of limits.pools) {
      gone.delete(poolKey(row.orgId, row.name));
      mine.admission.setPool(row.orgId, row.name, limitsOf(row));
    }
    for (const key of gone) mine.admission.removePool(...(key.split("\n") as [string, string]));
    for (const { orgId, weight } of limits.weights) mine.admission.setWeight(orgId, weight);
    await place(mine);
    await holdOpen(mine);
    mine.looksDue = LOOKS_AFTER_CHANGE;
    if (book === mine) pump(mine);
  }

  /** Other pools may be asked for than when they came. */
  async function place(mine: Book): Promise<void> {
    for (const [id, entry] of [...mine.entries]) {
      const { about, item, go, startedMs } = entry;
      const places = await placesOf(mine, about);
      if (mine.entries.get(id) !== entry) continue;
      const own = mine.needs.workflow(about.workflowId);
      const isSame = JSON.stringify(places) === JSON.stringify(item.places);
      if (isSame && (startedMs !== undefined || (own?.priority ?? 0) === item.priority)) continue;
      leave(mine, id);
      if (places === undefined) {
        if (startedMs === undefined) go?.();
        continue;
      }
      const moved = itemOf(mine, id, about, places, item.fairKey);
      if (startedMs === undefined) enter(mine, id, { about, item: moved, ...(go ? { go } : {}) });
      else {
        mine.entries.set(id, { about, item: moved, startedMs });
        mine.admission.hold(moved, startedMs);
      }
    }
  }

  async function readLimits() {
    const pools = await store.loadPools(parts.pool);
    const workflows = await store.loadWorkflowNeeds(parts.pool);
    const weights = (await store.loadWeights(parts.pool)).filter(({ weight }) => weight > 0);
    const needs = createNeeds(pools, workflows);
    return { pools, weights, needs, text: JSON.stringify([pools, workflows, weights]) };
  }

  async function placesOf(mine: Book, about: About): Promise<Places | undefined> {
    if (!mine.needs.wantsDefinition(about.orgId)) return mine.needs.of(about, undefined);
    const known = texts.get(about.versionId);
    const text = known ?? JSON.stringify((await parts.definitionOf(about.versionId))?.definition ?? null);
    if (known === undefined && texts.size >= TEXTS_MAX) texts.clear();
    texts.set(about.versionId, text);
    return mine.needs.of(about, text);
  }

  function itemOf(mine: Book, id: string, about: About, places: Places, fairKey: string): AdmissionItem {
    const priority = mine.needs.workflow(about.workflowId)?.priority ?? 0;
    const item = { id, orgId: about.orgId, fairKey, priority, places, isUncounted: true };
    return { ...item, sinceMs: startedMsOf(id), estimatedMs: ESTIMATED_MS };
  }

  function keyOf(mine: Book, request: StartRequest): string {
    const text = mine.needs.workflow(request.workflowId)?.fairKey;
    if (text === null || text === undefined) return "";
    try {
      return parts.keyOf(text, request.items);
    } catch (error) {
      // It shares with those that have no key.
      log("warn", "a fair key cannot be made", { workflow: request.workflowId, error });
      return "";
    }
  }

  function waiting(executionId: string): WaitingStart | undefined {
    const entry = book?.entries.get(executionId);
    return book && entry && entry.startedMs === undefined ? waitingView(book, executionId, entry) : undefined;
  }

  function waitingView(mine: Book, executionId: string, { about, item }: Entry): WaitingStart {
    const standings = new Map<string, PoolStanding>();
    for (const name of Object.keys(item.places)) {
      const standing = mine.admission.standing(item.orgId, name, nowMs());
      if (standing) standings.set(name, standing);
    }
    const { workflowId, workflowName } = about;
    const { places, fairKey, priority, sinceMs } = item;
    const before = mine.admission.countBefore(executionId);
    return { executionId, workflowId, workflowName, places, fairKey, priority, sinceMs, before, standings };
  }

  function of(orgId: string, name: string): PoolUse {
    const mine = book;
    if (mine === undefined) return { waiting: [], holders: [], startsInWindow: undefined };
    const isOf = (item: AdmissionItem) =>
      item.orgId === orgId && item.places[name] !== undefined && mine.entries.has(item.id);
    const entryOf = (id: string) => mine.entries.get(id) as Entry;
    return {
      startsInWindow: mine.admission.standing(orgId, name, nowMs())?.starts,
      waiting: mine.admission.listWaiting(isOf).map(({ id }) => waitingView(mine, id, entryOf(id))),
      holders: mine.admission.listHeld(isOf).map(({ item, sinceMs }) => {
        const { workflowId, workflowName } = entryOf(item.id).about;
        return { executionId: item.id, workflowId, workflowName, places: item.places, sinceMs };
      }),
    };
  }
}

function aboutOf({ orgId, workflowId, workflowName, versionId }: StartRequest): About {
  return { orgId, workflowId, workflowName, versionId };
}

function limitsOf(row: store.PoolLimitRow) {
  const { slots, rateCount, rateSeconds, weights, paused } = row;
  return {
    slots,
    rate: rateCount === null || rateSeconds === null ? null : { count: rateCount, ms: rateSeconds * 1000 },
    weights: JSON.parse(weights) as Record<string, number>,
    isPaused: paused,
  };
}
