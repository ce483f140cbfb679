// Words of the worker pool: a worker is a process that runs activities, a task is one activity given to the pool.
import type { FromWorker, ToWorker, WorkerHello } from "@auraos/contract";
import type { Json, RunActivity } from "@auraos/kernel";
import type { ActivityContext } from "@auraos/nodes";
import type { About } from "../activities/activityContext.ts";
import type { ActivityOutcome, RecordStep } from "../engine/engine.types.ts";
import type { Log } from "../platform/log.ts";
import type { HostCalls } from "./hostCalls.ts";

/** How the pool speaks to one worker; pipe and WebSocket look the same from here. */
export type Channel = {
  send(message: ToWorker): void;
  /** Ends the process, or at least the connection, without asking. */
  kill(): void;
};

export type PoolWorker = {
  id: string;
  kind: "local" | "remote";
  about: WorkerHello;
  labels: ReadonlySet<string>;
  nodeTypes: ReadonlySet<string>;
  /** The organization whose activities it may run; null = all (a process of this server). */
  orgId: string | null;
  channel: Channel;
  state: "ready" | "draining" | "gone";
  running: Map<string, Task>;
  completed: number;
  failed: number;
  memoryBytes: number | null;
  cpuPercent: number | null;
  joinedMs: number;
  heardMs: number;
};

export type Task = {
  id: string;
  activity: RunActivity;
  about: About;
  signal: AbortSignal;
  /** Recorded by earlier attempts and by workers that were lost. */
  steps: readonly Json[] | undefined;
  record: RecordStep | undefined;
  /** Over = its outcome is known or nobody wants it any more. */
  state: "waiting" | "running" | "over";
  worker: PoolWorker | null;
  calls: HostCalls | null;
  sinceMs: number;
  /** Workers that were lost while they ran it. */
  losses: number;
  timer: NodeJS.Timeout | undefined;
  settle(outcome: ActivityOutcome): void;
};

export type WorkerPool = {
  /** Is there, or will there be, a worker for it? Otherwise it runs in this process. */
  takes(activity: RunActivity, computes: boolean): boolean;
  run(
    activity: RunActivity,
    about: About,
    signal: AbortSignal,
    record?: RecordStep,
  ): Promise<ActivityOutcome>;
  join(channel: Channel, about: WorkerHello, options: Joining): PoolWorker;
  /** What a worker says; anything may come from a remote one, in any order. */
  hear(worker: PoolWorker, message: FromWorker): void;
  /** It ended or does not answer any more. */
  leave(worker: PoolWorker): void;
  drain(worker: PoolWorker): void;
  find(id: string): PoolWorker | undefined;
  list(): PoolWorker[];
  waiting(): number;
  lost(): number;
  /** Called when work waits that a further local worker could take. */
  onDemand(start: () => void): void;
  /** How many local workers there are to be: decides whether computing activities go to workers at all. */
  expectLocal(count: number): void;
  close(): void;
};

export type Joining = { kind: "local" | "remote"; orgId: string | null };

export type PoolNeeds = {
  context(
    activity: RunActivity,
    about: About,
    signal: AbortSignal,
    record: RecordStep | undefined,
  ): ActivityContext;
  /** Node types that every worker of this release has. */
  isLibrary(type: string): boolean;
  newId(): string;
  nowMs(): number;
  log: Log;
  /** Something that the page of workers shows is different. */
  onChange?(): void;
  lostAfterMs?: number;
  /** How long a task may go on after it was cancelled, before its worker is ended. */
  graceMs?: number;
};
