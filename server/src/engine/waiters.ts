// Those who wait for an execution: for its reply, else for its end. They are kept by id, not in the execution, so
// that waiting keeps nothing in memory.
// Answers of executions that have just ended are kept for a moment: a caller that starts and then waits nearly always
// comes after the end of a short one.
import type { Clock, Settled } from "./engine.types.ts";
import { weigh } from "./payload.ts";

const RECENT_MAX = 10_000;
/** A bigger answer is read from the storage again. */
const RECENT_BYTES_MAX = 4_096;

type Waiter = { resolve: (settled: Settled) => void; reject: (error: Error) => void; end: () => void };

export type Waiters = {
  wait(id: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<Settled>;
  /** Is anybody waiting, or is the answer known? */
  recent(id: string): Settled | undefined;
  settle(id: string, settled: Settled): void;
  fail(id: string, error: Error): void;
  failAll(error: Error): void;
};

export function createWaiters(clock: Clock): Waiters {
  const waiting = new Map<string, Set<Waiter>>();
  const recent = new Map<string, Settled>();

  const answer = (id: string, settled: Settled): void => {
    const waiters = waiting.get(id);
    waiting.delete(id);
    for (const waiter of waiters ?? []) {
      waiter.end();
      waiter.resolve(settled);
    }
  };
  const remember = (id: string, settled: Settled): void => {
    if (weigh(settled, RECENT_BYTES_MAX) < 0) return;
    recent.set(id, settled);
    if (recent.size <= RECENT_MAX) return;
    for (const oldest of recent.keys()) {
      recent.delete(oldest);
      break;
    }
  };
  const reject = (waiters: Iterable<Waiter>, error: Error): void => {
    for (const waiter of waiters) {
      waiter.end();
      waiter.reject(error);
    }
  };

  return {
    wait: (id, timeoutMs, signal) =>
      new Promise((resolve, rejectWaiter) => {
        const leave = (): void => {
          const waiters = waiting.get(id);
          waiter.end();
          if (waiters?.delete(waiter) && waiters.size === 0) waiting.delete(id);
          resolve({ kind: "open" });
        };
        const cancelTimer = clock.setTimer(timeoutMs, leave);
        const end = (): void => {
          cancelTimer();
          signal?.removeEventListener("abort", leave);
        };
        const waiter: Waiter = { resolve, reject: rejectWaiter, end };
        const waiters = waiting.get(id);
        if (waiters === undefined) waiting.set(id, new Set([waiter]));
        else waiters.add(waiter);
        if (signal?.aborted) leave();
        else signal?.addEventListener("abort", leave);
      }),
    recent: (id) => recent.get(id),
    settle: (id, settled) => {
      remember(id, settled);
      answer(id, settled);
    },
    fail: (id, error) => {
      const waiters = waiting.get(id);
      waiting.delete(id);
      reject(waiters ?? [], error);
    },
    failAll: (error) => {
      for (const waiters of waiting.values()) reject(waiters, error);
      waiting.clear();
    },
  };
}
