// What the runner of tasks is made of.
import type { Engine } from "../engine/engine.types.ts";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import type { Timers } from "../platform/timers.ts";
import type { PoolGate, TaskSeat } from "../pools/gate.ts";
import type { PublishedWorkflows } from "../workflows/publishedWorkflows.ts";
import type { Plan } from "./planFlow.ts";
import type { Progress } from "./progress.ts";
import type { OpenRun, OutcomeRow, RunChange } from "./runnerStore.ts";

export type RunnerParts = {
  /** The engine's role. */
  pool: Pool;
  engine: Pick<Engine, "start" | "deliver" | "subscribe" | "status" | "waitFor">;
  published: PublishedWorkflows;
  /** The book of places that executions use as well; without one the runner keeps its own. */
  gate?: PoolGate;
  /** Ids of the nodes of a version that stand on their own, with their names. */
  nodesOf(versionId: string): Promise<ReadonlyMap<string, string>>;
  nowMs: () => number;
  newId: () => string;
  log: Log;
  timers?: Timers;
  /** Something happened to a run that somebody may be watching. */
  onChange(run: { orgId: string; taskId: string; runId: string }): void;
};

export type BoardRun = OpenRun & {
  parsed: Plan;
  places: Record<string, number>;
  progressOf: Progress | undefined;
  isStarting: boolean;
};

/** Everything known while this process leads; another epoch begins with nothing. */
export type RunnerReign = {
  parts: RunnerParts;
  epoch: number;
  isOver: boolean;
  runs: Map<string, BoardRun>;
  byExecution: Map<string, string>;
  /** To be looked at. */
  attention: Set<string>;
  alarms: {
    push(at: number, id: string): void;
    peek(): { at: number; value: string } | undefined;
    pop(): unknown;
  };
  admission: TaskSeat;
  /** task -> open runs that need an outcome of it. */
  needers: Map<string, Set<string>>;
  /** flow -> how many of its runs are open. */
  flowRuns: Map<string, number>;
  /** flow -> task -> outcome; of flows with open runs that need some. */
  flows: Map<string, Map<string, OutcomeRow>>;
  /** task -> its last outcome. */
  last: Map<string, OutcomeRow>;
  changes: RunChange[];
  ended: Map<string, { executionId: string | null; status: string; output?: unknown; failure?: RunFailure }>;
  mark: string;
};

export type RunFailure = {
  code: string;
  class?: string;
  message: string;
  retryable?: boolean;
  retryAfterMs?: number;
};
