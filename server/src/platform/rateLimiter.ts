// How much one client may ask for: so many requests a minute, of which a minute's worth may come at once. One number per
// client (generic cell rate algorithm), in memory, so that a request pays a map look-up and a sum; a restart forgives.
import { type Refusal, refuse } from "./errors.ts";

export type RateLimiter = {
  /** Counts one request; throws 429 with when to come back. */
  take(client: string): void;
  /** Whether the next one would be refused; counts nothing. */
  isOver(client: string): boolean;
};

/** Of so many clients the least recent half is forgotten: they begin anew, nobody else does. */
const CLIENTS_MAX = 20_000;
const MINUTE_MS = 60_000;

/** `perMinute` 0 = no limit. `what` says in the answer whose limit it was. */
export function createRateLimiter(options: {
  perMinute: number;
  what: string;
  nowMs: () => number;
}): RateLimiter {
  const { perMinute, what, nowMs } = options;
  if (perMinute === 0) return { take() {}, isOver: () => false };
  const costMs = MINUTE_MS / perMinute;
  /** Client -> when everything it has asked for so far would have been paid, one by one. */
  const paidAtMs = new Map<string, number>();
  return {
    take(client) {
      const now = nowMs();
      const paidAt = Math.max(paidAtMs.get(client) ?? 0, now) + costMs;
      const waitMs = paidAt - now - MINUTE_MS;
      // The sum of a minute's parts may be a hair more than the minute.
      if (waitMs > 0.001) throw tooMany(what, waitMs);
      paidAtMs.delete(client);
      paidAtMs.set(client, paidAt);
      if (paidAtMs.size > CLIENTS_MAX) forgetHalf();
    },
    isOver: (client) => (paidAtMs.get(client) ?? 0) + costMs - nowMs() - MINUTE_MS > 0.001,
  };

  function forgetHalf(): void {
    let left = CLIENTS_MAX / 2;
    for (const client of paidAtMs.keys()) {
      if (left === 0) return;
      paidAtMs.delete(client);
      left -= 1;
    }
  }
}

export function tooMany(what: string, waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return refuse(
    429,
    "TOO_MANY_REQUESTS",
    `There were too many requests ${what}.`,
    `Wait ${seconds} seconds.`,
    {
      headers: { "retry-after": String(seconds) },
    },
  );
}
