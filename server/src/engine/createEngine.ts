// The engine: makes executions durable and carries out what the kernel decides.
//
//   start, deliver, timers, activities, children
//     -> mailbox of the execution -> one turn of the kernel per tick (turn.ts)
//     -> one ordered lane of flushes (lane.ts) -> after the commit: answers, commands, live stream (committed.ts)
//
// This file holds the life of the engine: taking the lease, leading, losing it, stopping. What it knows while it
// leads is a Reign; losing the lease drops the whole of it.
import type { Event } from "@auraos/kernel";
import { stillLeading } from "./acks.ts";
import { pause } from "./backoff.ts";
import { endOf } from "./endOf.ts";
import type {
  CommittedTurn,
  DeliverResult,
  Engine,
  EngineDeps,
  EngineStatus,
  Settled,
} from "./engine.types.ts";
import { deposed, EngineError, messageOf, notLeading, parked } from "./errors.ts";
import { forkExecution } from "./fork.ts";
import { type Kernel, realKernel } from "./kernel.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { endReign, newReign } from "./newReign.ts";
import { recover } from "./recover.ts";
import type { Reign } from "./reign.ts";
import { deliverToQueued, startExecution } from "./start.ts";
import { createSuspects, type Suspects } from "./suspects.ts";
import { pushEvent } from "./turn.ts";

/** A standby looks this often whether the lease is free. */
const STANDBY_POLL_MS = 1_000;
const STOP_POLL_MS = 10;

export function createEngine(deps: EngineDeps, kernel: Kernel = realKernel): Engine {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const listeners = new Set<(turn: CommittedTurn) => void>();
  let reign: Reign | null = null;
  let state: EngineStatus["state"] = "stopped";
  let isStandby = false;
  /** Number of the last call of `standBy`. */
  let vigil = 0;
  let hasLed = false;
  let suspects: Suspects | null = null;

  async function lead(insteadOf: string | undefined): Promise<boolean> {
    const askedAtMs = deps.clock.monotonic();
    const lease = await deps.store.acquire(deps.holder, { leaseMs: limits.leaseMs, insteadOf });
    if (lease === null) return false;
    if (lease.timelineChanged === true) {
      deps.log(
        "error",
        "the database has changed its timeline: turns that were acknowledged may be missing",
        {},
      );
    }
    const granted = { epoch: lease.epoch, askedAtMs };
    const mine = newReign({
      deps,
      kernel,
      limits,
      granted,
      listeners,
      suspects: lookBack(),
      onDeposed: () => onDeposed(mine),
    });
    reign = mine;
    state = "recovering";
    await recover(mine);
    if (mine.isOver) return false;
    mine.isAccepting = true;
    state = "leading";
    return true;
  }

  /** The first reign of this process looks at how the last process ended. */
  function lookBack(): Suspects | null {
    const { crashMarker } = deps;
    if (crashMarker === undefined || hasLed) return null;
    hasLed = true;
    const last = crashMarker.open();
    if (last !== null) suspects = createSuspects(deps, crashMarker, last);
    return suspects;
  }

  function onDeposed(lost: Reign): void {
    deps.log("error", "leadership was lost: everything in memory is dropped", { epoch: lost.lease.epoch() });
    endReign(lost, deposed());
    if (reign === lost) reign = null;
    if (state === "stopping" || state === "stopped") return;
    state = isStandby ? "standby" : "stopped";
    if (isStandby) void standBy();
  }

  /** One at a time: two would take the lease from each other for ever, as both ask for the same holder. */
  async function standBy(insteadOf?: string): Promise<void> {
    const mine = ++vigil;
    const isOn = (): boolean => mine === vigil && (state === "standby" || state === "starting");
    for (let attempt = 0; isOn(); attempt++) {
      try {
        if (await lead(insteadOf)) return;
        // Deposed again while recovering: `onDeposed` has begun to stand by anew.
        if (!isOn()) return;
        state = "standby";
        await sleep(STANDBY_POLL_MS);
      } catch (error) {
        deps.log("warn", "the lease could not be asked for", { error: messageOf(error) });
        await pause(deps.clock, attempt);
      }
    }
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      deps.clock.setTimer(ms, resolve);
    });
  }

  /** The reign, if it takes work from outside. */
  function leading(): Reign {
    if (reign === null || !reign.isAccepting) throw notLeading(state);
    return reign;
  }

  return {
    begin: async (options = {}) => {
      state = "starting";
      isStandby = options.standby !== undefined && options.standby !== false;
      if (options.standby === true) return standBy(options.insteadOf);
      if (await lead(options.insteadOf)) return;
      state = "stopped";
      const other = await deps.store.holder();
      throw notLeading(
        other === null ? "deposed while starting" : `not the leader (${other.host}, pid ${other.pid} is)`,
      );
    },
    start: async (request) => startExecution(leading(), request),
    deliver: async (executionId, event) => deliver(leading(), executionId, event),
    fork: async (request) => forkExecution(leading(), request),
    waitFor: async (executionId, timeoutMs, signal) => waitFor(leading(), executionId, timeoutMs, signal),
    queued: (executionId) => reign?.admission.queued.get(executionId)?.request,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    status: () => statusOf(reign, state),
    stop: async ({ drainMs }) => {
      const last = reign;
      state = "stopping";
      if (last !== null) await wind(last, drainMs, sleep);
      if (last !== null && !last.isOver) {
        endReign(last, notLeading("stopping"));
        await deps.store.release(last.lease.epoch()).catch((error) => {
          deps.log("warn", "the lease was not given back; it runs out by itself", {
            error: messageOf(error),
          });
        });
      }
      reign = null;
      state = "stopped";
      suspects?.close();
      if (hasLed) deps.crashMarker?.remove();
    },
  };
}

async function deliver(reign: Reign, executionId: string, event: Event): Promise<DeliverResult> {
  const found = await reign.loader.get(executionId);
  if (reign.isOver) throw deposed();
  const queued = reign.admission.queued.get(executionId);
  if (found.kind === "missing" && queued !== undefined) {
    const answer = await deliverToQueued(reign, queued, event);
    if (answer !== null) return answer;
    await pause(reign.deps.clock, 0);
    return deliver(reign, executionId, event);
  }
  if (found.kind === "missing") {
    // Looked up by one who may have been deposed since: another leader may have started it.
    await stillLeading(reign);
    // Its start may have been found meanwhile; or it has begun, and has left memory again.
    const isKnown = reign.live.has(executionId) || reign.admission.queued.has(executionId);
    if (isKnown || (await reign.loader.get(executionId)).kind !== "missing")
      return deliver(reign, executionId, event);
    if (reign.isOver) throw deposed();
    return { kind: "refused", code: "UNKNOWN_EXECUTION" };
  }
  if (found.kind === "closed") return { kind: "refused", code: "CLOSED" };
  if (found.kind === "broken") throw parked(executionId, found.message);
  return new Promise((resolve, reject) => pushEvent(reign, found.exec, event, { resolve, reject }));
}

async function waitFor(reign: Reign, id: string, timeoutMs: number, signal?: AbortSignal): Promise<Settled> {
  const recent = reign.waiters.recent(id);
  if (recent !== undefined) return recent;
  // Registered before looking, so that an end in between is not missed.
  const waiting = reign.waiters.wait(id, timeoutMs, signal);
  if (reign.live.has(id) && !mayHaveReplied(reign, id)) return waiting;
  waiting.catch(() => {});
  let stored = await reign.bulkLoad(id);
  const isThere = (): boolean => reign.live.has(id) || reign.admission.queued.has(id);
  // One that waited for its place may have begun, and ended, while it was looked for.
  if (stored === undefined && !isThere()) stored = await reign.bulkLoad(id);
  if (stored === undefined && !isThere()) {
    const error = new EngineError(
      "UNKNOWN_EXECUTION",
      `There is no execution ${id}.`,
      "Look for it in the list.",
    );
    reign.waiters.fail(id, error);
    throw error;
  }
  if (stored?.status === "parked") {
    const error = parked(id, "it waits for a person");
    reign.waiters.fail(id, error);
    throw error;
  }
  const end = stored === undefined ? {} : await endOf(reign.deps, stored);
  const settled = end.replied ?? end.finished;
  if (settled !== undefined) reign.waiters.settle(id, settled);
  return waiting;
}

/** A reply that is recorded in its state: given earlier, perhaps before it was last loaded. */
function mayHaveReplied(reign: Reign, id: string): boolean {
  return reign.live.get(id)?.state.reply !== undefined;
}

function statusOf(reign: Reign | null, state: EngineStatus["state"]): EngineStatus {
  const isFailing = state === "leading" && reign !== null && reign.trouble !== null;
  return {
    state: isFailing ? "failing" : state,
    epoch: reign?.lease.epoch() ?? null,
    ...(reign?.trouble ? { reason: reign.trouble } : {}),
    executionsInMemory: reign?.live.size ?? 0,
    activitiesRunning: reign?.activitiesRunning ?? 0,
    flushes: reign?.lane.flushes() ?? 0,
    turns: reign?.turns ?? 0,
    offset: reign?.offset ?? 0,
  };
}

/** Takes nothing new, lets what runs end, and writes down what it said. */
async function wind(reign: Reign, drainMs: number, sleep: (ms: number) => Promise<void>): Promise<void> {
  reign.isAccepting = false;
  reign.isStopping = true;
  const { clock } = reign.deps;
  const untilMs = clock.monotonic() + drainMs;
  const isBusy = (): boolean =>
    reign.activitiesRunning > 0 || reign.queue.length > 0 || reign.lane.size() > 0;
  while (!reign.isOver && isBusy() && clock.monotonic() < untilMs) await sleep(STOP_POLL_MS);
}
