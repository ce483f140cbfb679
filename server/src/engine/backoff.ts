// Waiting between attempts of the engine itself (storage, blob store, version lookups).
import type { Clock } from "./engine.types.ts";

const BACKOFF_MS = [20, 50, 100, 250, 500, 1_000, 2_000, 5_000];

export function pause(clock: Clock, attempt: number): Promise<void> {
  const delayMs = BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)] ?? 5_000;
  return new Promise((resolve) => {
    clock.setTimer(delayMs, resolve);
  });
}
