// Bounds of the engine, with the reason for each default.
import type { EngineLimits } from "./engine.types.ts";

export const DEFAULT_LIMITS: EngineLimits = {
  leaseMs: 5_000,
  renewMs: 1_000,
  leaseGuardMs: 2_000,
  // One statement of 2,000 rows takes about as long as its fsync; more only delays the first of them.
  turnsPerFlushMax: 2_000,
  bytesPerFlushMax: 16 * 1024 * 1024,
  inlineBytesMax: 256 * 1024,
  snapshotFacts: 500,
  snapshotBytes: 256 * 1024,
  activitiesMax: 1_000,
  openExecutionsMax: 1_000_000,
  // Whoever shares a server with others sets them.
  turnsPerSecondMax: Number.POSITIVE_INFINITY,
  bytesPerSecondMax: Number.POSITIVE_INFINITY,
  executionsInMemoryMax: 20_000,
  subworkflowDepthMax: 20,
};

/** After a deadline, the clocks of two machines may still differ by this much. */
export const SKEW_MS = 1_000;
/** An execution that has been quiet for this long leaves memory. */
export const IDLE_MS = 1_000;
/** A timer nearer than this is waited for in memory, without a word in the executions row. */
export const NEAR_MS = 1_000;
/** Executions loaded in one read. */
export const LOAD_PAGE = 500;
/** Turns waiting for the storage before starts are refused, as a multiple of a full flush. */
export const BACKLOG_FLUSHES = 20;
/** Between two looks into the inbox. */
export const INBOX_POLL_MS = 1_000;
