// Bounds how often a password may be tried where a session is there already: a stolen cookie is no reason to guess on.
// Held in memory; a restart forgives.
import { refuse } from "../platform/errors.ts";

const WINDOW_MS = 60_000;
const TRIES_MAX = 10;
const ENTRIES_MAX = 10_000;
const tries = new Map<string, { count: number; sinceMs: number }>();

/** Counts one try; throws 429 when there were too many within a minute. */
export function countTry(key: string, nowMs: number): void {
  const found = tries.get(key);
  if (found === undefined || nowMs - found.sinceMs > WINDOW_MS) {
    if (tries.size >= ENTRIES_MAX) tries.clear();
    tries.set(key, { count: 1, sinceMs: nowMs });
    return;
  }
  found.count += 1;
  if (found.count <= TRIES_MAX) return;
  const seconds = Math.ceil((found.sinceMs + WINDOW_MS - nowMs) / 1000);
  throw refuse(429, "TOO_MANY_TRIES", "There were too many tries.", `Wait ${seconds} seconds.`, {
    headers: { "retry-after": String(seconds) },
  });
}
