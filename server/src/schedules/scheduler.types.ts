// What the scheduler is made of.
import type { Engine, StartRequest, StartResult } from "../engine/engine.types.ts";
import type { Batches } from "../platform/batches.ts";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import type { Timers } from "../platform/timers.ts";
import type { PublishedWorkflows } from "../workflows/publishedWorkflows.ts";
import type { Early } from "./early.ts";
import type { Entry } from "./entry.ts";
import type { Advance, Ending, FireRecord } from "./schedulerStore.ts";
import type { CompiledSpec } from "./spec.ts";

export type SchedulerParts = {
  /** The engine's role. */
  pool: Pool;
  engine: Pick<Engine, "start" | "deliver" | "subscribe" | "status">;
  published: PublishedWorkflows;
  nowMs: () => number;
  newId: () => string;
  log: Log;
  timers?: Timers;
  /** What became of a fire of the clock, and how late it was. */
  onFire?: (outcome: FireRecord["outcome"], lateMs: number) => void;
  /** A fire or an end was written down. */
  onChange?: (orgId: string) => void;
};

/** Everything known while this process leads; another epoch begins with nothing. */
export type SchedulerReign = {
  parts: SchedulerParts;
  epoch: number;
  isOver: boolean;
  entries: Map<string, Entry>;
  openBy: Map<string, Entry>;
  /** Executions that ended before their start was written down. */
  early: Early;
  start(request: StartRequest): Promise<StartResult>;
  writes: Batches<{ fires: FireRecord[]; advance: Advance | undefined }, Set<string>>;
  endings: Batches<Ending, void>;
};

export type Rule = { spec: CompiledSpec; dueMs: number; fireMs: number; now: number };
