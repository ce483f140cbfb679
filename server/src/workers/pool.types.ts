// Words of the worker pool: a worker is a process that runs activities, a task is one activity given to the pool.
import type { ToWorker, WorkerHello } from "@auraos/contract";
import type { Json, RunActivity } from "@auraos/kernel";
import type { About } from "../activities/activityContext.ts";
import type { ActivityOutcome, RecordStep } from "../engine/engine.types.ts";
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
