// Puts the parts of a reign together.
import { createAdmission } from "./admission.ts";
import { createBulkLoad } from "./bulkLoad.ts";
import { onCommitted } from "./committed.ts";
import { pumpActivities, sendHeld } from "./dispatch.ts";
import type { CommittedTurn, EngineDeps, EngineLimits } from "./engine.types.ts";
import type { Activity, LiveExecution } from "./execution.ts";
import { inTurns } from "./fairShare.ts";
import { createFifo } from "./fifo.ts";
import { createInbox } from "./inbox.ts";
import type { Kernel } from "./kernel.ts";
import { createLane } from "./lane.ts";
import { holdLease } from "./lease.ts";
import { createLoader } from "./load.ts";
import { parkOffender, skipItem } from "./park.ts";
import { createPrograms } from "./programs.ts";
import { enqueue, type Reign } from "./reign.ts";
import { startQueued } from "./start.ts";
import type { Suspects } from "./suspects.ts";
import { takeTurn } from "./turn.ts";
import { createWaiters } from "./waiters.ts";
import { createWakes } from "./wake.ts";
import { createWheel } from "./wheel.ts";

/** One tick takes turns for at most this long, so that renewing the lease and answering callers stay on time. */
const TICK_MS = 20;
const LOOK_EVERY = 64;

type Needs = {
  deps: EngineDeps;
  kernel: Kernel;
  limits: EngineLimits;
  granted: { epoch: number; askedAtMs: number };
  listeners: Set<(turn: CommittedTurn) => void>;
  suspects: Suspects | null;
  onDeposed: () => void;
};

export function newReign(needs: Needs): Reign {
  const { deps, kernel, limits } = needs;
  const current = (): Reign => reign;
  const depose = (): void => {
    if (!reign.isOver) needs.onDeposed();
  };
  const lease = holdLease({ deps, limits }, needs.granted, {
    onRenewed: () => sendHeld(reign),
    onDeposed: depose,
  });
  const lane = createLane(
    { deps, limits, lease: () => lease },
    {
      onCommitted: (items) => {
        if (!reign.isOver) onCommitted(reign, items);
      },
      onSkipped: skipItem,
      onOffender: (items, error) => parkOffender(reign, items, error),
      onDeposed: depose,
      onTrouble: (reason) => {
        reign.trouble = reason;
      },
    },
  );
  const reign: Reign = {
    deps,
    kernel,
    limits,
    lease,
    lane,
    isOver: false,
    isAccepting: false,
    isStopping: false,
    trouble: null,
    live: new Map<string, LiveExecution>(),
    loader: createLoader(current),
    suspects: needs.suspects,
    bulkLoad: createBulkLoad(deps.store, deps.clock),
    programs: createPrograms(deps, kernel),
    queue: [],
    isTickAsked: false,
    isBehind: false,
    wakes: createWakes(current),
    wheel: createWheel(deps.clock),
    idle: createFifo<LiveExecution>(),
    waitingActivities: createFifo<Activity>(),
    activitiesRunning: 0,
    heldSends: [],
    waiters: createWaiters(deps.clock),
    startKeys: new Map(),
    openCounts: new Map(),
    orgLimits: new WeakMap(),
    rates: new Map(),
    admission: createAdmission(),
    inbox: createInbox(),
    listeners: needs.listeners,
    offset: 0,
    turns: 0,
    tick: () => tick(reign),
    startQueued: (queued) => startQueued(reign, queued),
  };
  return reign;
}

/** All events of a tick in one turn per execution, all turns of a tick in one flush. */
function tick(reign: Reign): void {
  reign.isTickAsked = false;
  if (reign.isOver) return;
  const queue = reign.isBehind ? inTurns(reign.queue, orgOf) : reign.queue;
  reign.queue = [];
  reign.isBehind = false;
  const untilMs = reign.deps.clock.monotonic() + TICK_MS;
  for (let index = 0; index < queue.length; index++) {
    const exec = queue[index];
    if (exec === undefined) continue;
    if (index % LOOK_EVERY === LOOK_EVERY - 1 && reign.deps.clock.monotonic() > untilMs) {
      reign.isBehind = true;
      for (const later of queue.slice(index)) {
        later.isQueued = false;
        enqueue(reign, later);
      }
      break;
    }
    exec.isQueued = false;
    if (!exec.isDropped && !exec.isPoisoned) takeTurn(reign, exec);
  }
  pumpActivities(reign);
  reign.lane.kick();
}

function orgOf({ about }: LiveExecution): string {
  return about.orgId;
}

/** Everything of it becomes garbage; what still calls back sees `isOver`. */
export function endReign(reign: Reign, error: Error): void {
  reign.isOver = true;
  reign.isAccepting = false;
  reign.deps.gate?.close();
  reign.lease.stop();
  reign.lane.close(error);
  reign.inbox.close();
  reign.wheel.close();
  reign.wakes.close();
  reign.waiters.failAll(error);
  for (const exec of reign.live.values()) {
    for (const ack of exec.acks.splice(0)) ack.reject(error);
    for (const activity of exec.activities.values()) activity.controller?.abort();
    exec.isDropped = true;
  }
}
