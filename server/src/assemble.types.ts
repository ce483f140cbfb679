// What starting takes and what is there afterwards.
import type { NodeModule } from "@auraos/nodes";
import type { Deps } from "./deps.ts";
import type { EngineLimits } from "./engine/engine.types.ts";
import type { FreeSpace } from "./health/diskWatch.ts";
import type { Log } from "./platform/log.ts";

export type Running = {
  deps: Deps;
  url: string;
  /** Made by this very start; shown once. */
  newKey: string | undefined;
  orgId: string;
  envId: string;
  stop(): Promise<void>;
};

export type AssembleOptions = {
  log: Log;
  /** Tests hold every answer against the contract. */
  checkReplies?: boolean;
  limits?: Partial<EngineLimits>;
  /** Tests fill the disk with it. */
  freeSpace?: FreeSpace;
  /** Node types beside those of the library; benchmarks have some of their own. */
  nodeModules?: readonly NodeModule[];
};
