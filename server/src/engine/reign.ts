// Everything one engine knows while it leads, from taking the lease until losing it. A new leadership starts with a
// new reign: what belongs to the old one sees `isOver` and does nothing, so nothing of it has to be undone.

import type { Admission, QueuedStart } from "./admission.ts";
import type { BulkLoad } from "./bulkLoad.ts";
import type { CommittedTurn, EngineDeps, EngineLimits, OrgLimits, StartResult } from "./engine.types.ts";
import type { Activity, LiveExecution } from "./execution.ts";
import type { Fifo } from "./fifo.ts";
import type { Inbox } from "./inbox.ts";
import type { Kernel } from "./kernel.ts";
import type { Lane } from "./lane.ts";
import type { Lease } from "./lease.ts";
import type { Loader } from "./load.ts";
import type { OpenCount } from "./openCounts.ts";
import type { OrgRates } from "./orgRates.ts";
import type { Programs } from "./programs.ts";
import type { Suspects } from "./suspects.ts";
import type { Waiters } from "./waiters.ts";
import type { Wakes } from "./wake.ts";
import type { Wheel } from "./wheel.ts";

export type Reign = {
  deps: EngineDeps;
  kernel: Kernel;
  limits: EngineLimits;
  lease: Lease;
  lane: Lane;
  isOver: boolean;
  /** Events and starts from outside are taken. */
  isAccepting: boolean;
  /** No activity starts any more: the next leader issues them again. */
  isStopping: boolean;
  /** Why the storage takes nothing at the moment. */
  trouble: string | null;

  live: Map<string, LiveExecution>;
  loader: Loader;
  /** Only after an unclean end of the process before this one. */
  suspects: Suspects | null;
  bulkLoad: BulkLoad;
  programs: Programs;
  /** Executions with something in the mailbox. */
  queue: LiveExecution[];
  isTickAsked: boolean;
  /** The last tick could not take all turns: organizations take theirs by turns. */
  isBehind: boolean;
  wakes: Wakes;
  wheel: Wheel;
  /** Quiet executions in the order they fell quiet. */
  idle: Fifo<LiveExecution>;

  /** Activities waiting for a place or for the lease. */
  waitingActivities: Fifo<Activity>;
  activitiesRunning: number;
  /** `once` activities whose intent is durable, waiting for the lease to be renewed. */
  heldSends: Activity[];

  waiters: Waiters;
  /** Start keys whose turn is not committed yet. */
  startKeys: Map<string, { executionId: string; requestHash: string; result: Promise<StartResult> }>;
  /** Open executions per organization. */
  openCounts: Map<string, OpenCount | Promise<OpenCount>>;
  /** Together with those of the server, by what an organization has of its own: asked for at every turn. */
  orgLimits: WeakMap<Partial<OrgLimits>, OrgLimits>;
  rates: OrgRates;
  admission: Admission;
  inbox: Inbox;

  listeners: Set<(turn: CommittedTurn) => void>;
  offset: number;
  turns: number;
  tick: () => void;
  /** Set by start.ts: begins a start that waited for a place. */
  startQueued: (queued: QueuedStart) => void;
};

/** Of one organization. */
export function limitsOf({ deps, limits, orgLimits }: Reign, orgId: string): OrgLimits {
  const own = deps.orgLimits?.(orgId);
  if (own === undefined) return limits;
  const known = orgLimits.get(own);
  if (known !== undefined) return known;
  const { openExecutionsMax, turnsPerSecondMax, bytesPerSecondMax } = limits;
  const together = { openExecutionsMax, turnsPerSecondMax, bytesPerSecondMax, ...own };
  orgLimits.set(own, together);
  return together;
}

/** Asks for a turn of everything queued, soon: what arrives until then goes into the same flush. */
export function askTick(reign: Reign): void {
  if (reign.isTickAsked || reign.isOver) return;
  reign.isTickAsked = true;
  reign.deps.clock.soon(reign.tick);
}

export function enqueue(reign: Reign, exec: LiveExecution): void {
  if (exec.isQueued || exec.isDropped) return;
  exec.isQueued = true;
  reign.queue.push(exec);
  askTick(reign);
}
