// A machine on which one engine runs. It may stop for ever (crash) or for a while (stall); nothing that was under way
// on a crashed one comes back, and what arrives at a stalled one waits for it.
import type { Clock } from "@auraos/server/engine/engine.types.ts";
import type { Timeline } from "./timeline.ts";

/** The wall clock at the beginning of every story. */
export const EPOCH_MS = 1_800_000_000_000;

export type Host = {
  id: string;
  isAlive: boolean;
  clock: Clock;
  /** How far its wall clock is off. */
  wallOffsetMs: number;
  /** Something arrives at it. */
  arrive(delayMs: number, act: () => void): () => void;
  crash(): void;
  stall(forMs: number): void;
  isStalled(): boolean;
};

export function createHost(timeline: Timeline, id: string, wallOffsetMs: number): Host {
  const bootedMs = timeline.now();
  let stalledUntilMs = 0;

  const run = (act: () => void): void => {
    if (!host.isAlive) return;
    if (timeline.now() < stalledUntilMs) timeline.after(stalledUntilMs - timeline.now(), () => run(act));
    else act();
  };
  const arrive = (delayMs: number, act: () => void): (() => void) => timeline.after(delayMs, () => run(act));
  const host: Host = {
    id,
    isAlive: true,
    wallOffsetMs,
    arrive,
    crash: () => {
      host.isAlive = false;
    },
    stall: (forMs) => {
      stalledUntilMs = Math.max(stalledUntilMs, timeline.now() + forMs);
    },
    isStalled: () => timeline.now() < stalledUntilMs,
    clock: {
      now: () => EPOCH_MS + timeline.now() + host.wallOffsetMs,
      monotonic: () => timeline.now() - bootedMs,
      setTimer: (delayMs, act) => cancellable(delayMs, act),
      soon: (act) => {
        arrive(0, act);
      },
    },
  };

  /** Cancelled also while it waits for a stalled host. */
  function cancellable(delayMs: number, act: () => void): () => void {
    let isCancelled = false;
    const cancel = arrive(delayMs, () => {
      if (!isCancelled) act();
    });
    return () => {
      isCancelled = true;
      cancel();
    };
  }
  return host;
}
