// The workers of a server, put together: the pool, its own processes, and those that connect. What wireParts.ts uses.
import { findNodeType } from "@auraos/nodes";
import { activityContext, type ContextNeeds } from "../activities/activityContext.ts";
import { createLocalWorkers, type LocalWorkers } from "./localWorkers.ts";
import { createWorkerPool } from "./pool.ts";
import type { WorkerPool } from "./pool.types.ts";

export type Workers = { pool: WorkerPool; local: LocalWorkers; close(): Promise<void> };

export function createWorkers(
  needs: ContextNeeds & {
    newId(): string;
    nowMs(): number;
    version: string;
    onChange(): void;
    settings: { workers: number; activityMb: number };
  },
): Workers {
  const { newId, nowMs, log, version, settings, onChange } = needs;
  const pool = createWorkerPool({
    context: (activity, about, signal, record) => activityContext(needs, activity, about, signal, record),
    isLibrary: (type) => findNodeType(type)?.run !== undefined,
    newId,
    nowMs,
    log,
    onChange,
  });
  const local = createLocalWorkers({
    pool,
    count: settings.workers,
    version,
    memoryMb: settings.activityMb,
    scratch: needs.scratch,
    log,
  });
  return {
    pool,
    local,
    async close() {
      pool.close();
      await local.close();
    },
  };
}
