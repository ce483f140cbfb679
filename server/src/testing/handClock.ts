// A clock that a test moves by hand: timers fire in the order of their moments, each at its own.
import type { Clock } from "../engine/engine.types.ts";

export function handClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  let timers: { at: number; fn: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    setTimer: (delayMs, fn) => {
      const timer = { at: now + delayMs, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    soon: (fn) => fn(),
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        timers = timers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.fn();
      }
      now = end;
    },
  };
}
