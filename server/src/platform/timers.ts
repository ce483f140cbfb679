// The time of services that look again and again. One place, so that the simulation can play it; none of them keeps the
// process alive.
export type Timers = {
  /** Milliseconds; never goes back, whatever is done to the wall clock. */
  monotonic(): number;
  /** Gives what takes it back. */
  after(delayMs: number, act: () => void): () => void;
};

export const systemTimers: Timers = {
  monotonic: () => performance.now(),
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

export function pause(timers: Timers, delayMs: number): Promise<void> {
  return new Promise((resolve) => void timers.after(delayMs, resolve));
}
