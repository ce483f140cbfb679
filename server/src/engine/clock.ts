// The real clock. Everything in the engine that has to do with time goes through one of these, so that the
// simulation can drive it.
import type { Clock } from "./engine.types.ts";

/** Longest delay that setTimeout understands. */
const LONGEST_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer: (delayMs, fn) => {
    // A timer that is too long fires early; every user of timers looks at the clock again.
    const timer = setTimeout(fn, Math.min(Math.max(delayMs, 0), LONGEST_MS));
    return () => clearTimeout(timer);
  },
  soon: (fn) => {
    setImmediate(fn);
  },
};
